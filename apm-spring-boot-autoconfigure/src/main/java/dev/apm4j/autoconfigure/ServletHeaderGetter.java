package dev.apm4j.autoconfigure;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import dev.apm4j.propagation.MultiValueGetter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of a servlet request. Most headers that are asked for are not there,
 * and then nothing is allocated.
 */
final class ServletHeaderGetter implements MultiValueGetter<HttpServletRequest> {

	@Override
	public @Nullable String get(HttpServletRequest request, String key) {
		return request.getHeader(key);
	}

	@Override
	public Iterable<String> getAll(HttpServletRequest request, String key) {
		if (request.getHeader(key) == null) {
			return List.of();
		}
		Enumeration<String> values = request.getHeaders(key);
		return Collections.list(values);
	}

}
