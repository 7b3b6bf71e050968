package dev.apm4j.instrument;

import org.jspecify.annotations.Nullable;

/**
 * The path of a URI template, fit for a span's name.
 */
public final class UrlTemplate {

	private static final int MAX_LENGTH = 512;

	private static final int MAX_SEGMENT_LENGTH = 64;

	private static final int MAX_DIGITS = 2;

	private UrlTemplate() {
	}

	/**
	 * Takes scheme, host and query off a template.
	 * @param template what the application gave its client, perhaps a finished URL
	 * @return the path, or {@code null} if there is none of low cardinality
	 */
	public static @Nullable String path(@Nullable String template) {
		if (template == null || template.isEmpty()) {
			return null;
		}
		int start = pathStart(template);
		if (start < 0) {
			return "/";
		}
		int end = pathEnd(template, start);
		if (end == start) {
			return "/";
		}
		if (end - start > MAX_LENGTH || (template.indexOf('{', start) < 0 && holdsValue(template, start, end))) {
			return null;
		}
		return template.substring(start, end);
	}

	private static int pathStart(String template) {
		int slash = template.indexOf('/');
		boolean absolute = slash > 0 && template.charAt(slash - 1) == ':' && template.startsWith("//", slash);
		if (!absolute) {
			return 0;
		}
		int path = template.indexOf('/', slash + 2);
		int query = template.indexOf('?', slash + 2);
		return (query >= 0 && query < path) ? -1 : path;
	}

	/** A variable may hold a regular expression, whose question mark starts no query. */
	private static int pathEnd(String template, int start) {
		int depth = 0;
		for (int i = start; i < template.length(); i++) {
			char c = template.charAt(i);
			if (c == '{') {
				depth++;
			}
			else if (c == '}') {
				depth--;
			}
			else if (depth <= 0 && (c == '?' || c == '#')) {
				return i;
			}
		}
		return template.length();
	}

	/**
	 * A "template" without variables may be a URL that the application put together
	 * itself. A segment that looks like a value keeps it out of the names.
	 */
	private static boolean holdsValue(String path, int start, int end) {
		int segmentStart = start;
		int digits = 0;
		for (int i = start; i < end; i++) {
			char c = path.charAt(i);
			if (c == '/') {
				segmentStart = i + 1;
				digits = 0;
				continue;
			}
			boolean digit = c >= '0' && c <= '9';
			digits += digit ? 1 : 0;
			if (digits > MAX_DIGITS || (digit && i == segmentStart) || c == '%' || c == '@' || c == '=' || c == ';'
					|| i - segmentStart >= MAX_SEGMENT_LENGTH) {
				return true;
			}
		}
		return false;
	}

}
