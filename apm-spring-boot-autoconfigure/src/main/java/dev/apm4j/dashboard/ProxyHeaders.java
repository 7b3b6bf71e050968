package dev.apm4j.dashboard;

import java.util.Locale;
import java.util.Set;

/**
 * Headers by which a request tells that a proxy has passed it on.
 */
final class ProxyHeaders {

	/** What proxies add, beside {@code X-Forwarded-*}. */
	private static final Set<String> NAMES = Set.of("forwarded", "via", "x-real-ip", "x-client-ip",
			"x-cluster-client-ip", "x-original-forwarded-for", "x-envoy-external-address", "true-client-ip",
			"cf-connecting-ip");

	private ProxyHeaders() {
	}

	static boolean contain(Iterable<String> names) {
		for (String name : names) {
			String lower = name.toLowerCase(Locale.ROOT);
			if (lower.startsWith("x-forwarded") || NAMES.contains(lower)) {
				return true;
			}
		}
		return false;
	}

}
