package dev.apm4j.instrument;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Names of HTTP spans, method and path pattern, so that a name is not put together again
 * for each request. Thread-safe, and bounded: beyond 1,000 patterns a name is made each
 * time.
 */
public final class OperationNames {

	private static final int MAX_PATTERNS = 1000;

	private static final int MAX_METHODS = 10;

	/** By pattern: few have more than one method. */
	private final Map<String, Name> names = new ConcurrentHashMap<>();

	/**
	 * The name of a span.
	 * @param method the method, as it is to be in the name
	 * @param pattern the route, or the path of a URI template
	 * @return both with a space in between
	 */
	public String of(String method, String pattern) {
		Name first = this.names.get(pattern);
		int methods = 0;
		for (Name name = first; name != null; name = name.next) {
			if (name.method.equals(method)) {
				return name.text;
			}
			methods++;
		}
		String text = method + " " + pattern;
		if ((first != null) ? methods < MAX_METHODS : this.names.size() < MAX_PATTERNS) {
			this.names.put(pattern, new Name(method, text, first));
		}
		return text;
	}

	private record Name(String method, String text, @Nullable Name next) {
	}

}
