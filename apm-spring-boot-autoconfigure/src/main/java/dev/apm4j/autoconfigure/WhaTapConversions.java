package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.apm4j.autoconfigure.WhaTapKey.Conversion;
import dev.apm4j.export.whatap.ProjectCode;
import dev.apm4j.propagation.WhaTapHeaderNames;

/**
 * How values in {@code whatap.conf} become values of properties. What the file says is
 * written for another program: none of it may keep the application from its start.
 */
final class WhaTapConversions {

	static final Conversion FLAG = (value) -> {
		String text = value.toLowerCase(Locale.ROOT);
		if (!text.equals("true") && !text.equals("false")) {
			throw new IllegalArgumentException("'true' or 'false' is needed");
		}
		return text;
	};

	static final Conversion PORT = (value) -> number(value, 1, 0xffff);

	static final Conversion ID = (value) -> number(value, Integer.MIN_VALUE, Integer.MAX_VALUE);

	/** What the property allows: 10 seconds to 24 days. */
	static final Conversion LOST_TIME = (value) -> number(value, 10_000, 2_073_600_000) + "ms";

	static final Conversion HOST = (value) -> {
		if (!value.matches("[A-Za-z0-9._:%-]{1,255}")) {
			throw new IllegalArgumentException("the name or the address of a host is needed");
		}
		return value;
	};

	/** In three seconds, as the tracer counts. */
	static final Conversion PER_SECOND = (value) -> String
		.valueOf(3 * Long.parseLong(number(value, 1, Integer.MAX_VALUE / 3)));

	/** Without what Spring would put something else in place of, or evaluate. */
	static final Conversion NAME = (value) -> {
		if (value.length() > 200 || value.contains("${") || value.contains("#{")
				|| value.chars().anyMatch(Character::isISOControl)) {
			throw new IllegalArgumentException("a name of at most 200 characters, without ${ and #{, is needed");
		}
		return value;
	};

	static final Conversion HEADER = (value) -> {
		WhaTapHeaderNames.requireName(value);
		return value;
	};

	/** Only the number that is in it goes on from here: the rest is a key. */
	static final Conversion PROJECT = (value) -> String.valueOf(ProjectCode.of(value));

	/** URLs as they are. */
	static final Conversion PATHS = (value) -> paths(value, (path) -> path);

	/** URLs and whatever follows them, in the same part of the path and below. */
	static final Conversion PREFIXES = (value) -> paths(value,
			(path) -> path.endsWith("/") ? path + "**" : path + "*/**");

	static final Conversion EXTENSIONS = (value) -> list(value, Pattern.compile("\\.?[A-Za-z0-9_-]{1,50}"),
			"at most 50 extensions, such as js,css, are needed", (extension) -> extension);

	private static final Pattern PATH = Pattern.compile("[^\\s{}*?,]{1,195}");

	private WhaTapConversions() {
	}

	private static String number(String value, long from, long to) {
		try {
			long number = Long.parseLong(value);
			if (number >= from && number <= to) {
				return Long.toString(number);
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw new IllegalArgumentException("a whole number from " + from + " to " + to + " is needed");
	}

	private static String paths(String value, Function<String, String> pattern) {
		return list(value, PATH,
				"at most 50 paths without blanks, braces and stars, such as /health,/internal/ping, are needed",
				(path) -> pattern.apply(path.startsWith("/") ? path : "/" + path));
	}

	private static String list(String value, Pattern allowed, String needed, Function<String, String> entry) {
		List<String> texts = Pattern.compile(",")
			.splitAsStream(value)
			.map(String::strip)
			.filter((text) -> !text.isEmpty())
			.toList();
		if (texts.size() > 50 || !texts.stream().allMatch((text) -> allowed.matcher(text).matches())) {
			throw new IllegalArgumentException(needed);
		}
		return texts.stream().map(entry).collect(Collectors.joining(","));
	}

}
