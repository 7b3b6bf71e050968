package dev.apm4j.usage;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.apm4j.usage.ScavengerKey.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns a value of {@code scavenger.conf} into one of {@code apm.scavenger.*}.
 */
final class ScavengerValue {

	private static final int MAX_SECONDS = 86_400;

	private static final Pattern SIZE = Pattern.compile("[0-9]{1,9} ?([KMGT]?B)?", Pattern.CASE_INSENSITIVE);

	/**
	 * A colon is none after the letter of a Windows drive.
	 */
	private static final Pattern PATH_SEPARATOR = Pattern.compile("[;,]|(?<!(?:^|[;,:\\s])[A-Za-z]):|:(?![/\\\\])");

	private static final List<String> TRUE = List.of("true", "yes", "on", "1");

	private static final List<String> FALSE = List.of("false", "no", "off", "0");

	private ScavengerValue() {
	}

	/**
	 * Turns a value.
	 * @param type what it is
	 * @param value the value, not blank
	 * @return the property's value, {@code null} if it is as if it were not set
	 * @throws IllegalArgumentException if it is no such value; the message says what is
	 */
	static @Nullable String convert(Type type, String value) {
		String text = value.strip();
		return switch (type) {
			case TEXT -> text;
			case BOOLEAN -> bool(text);
			case URL -> url(text);
			case PATHS -> join(PATH_SEPARATOR.splitAsStream(text));
			case NAMES -> join(Arrays.stream(text.split("[:;,]")).map((name) -> name.strip().replaceAll("\\.+$", "")));
			case PATTERNS -> patterns(text);
			case VISIBILITY -> visibility(text);
			case COUNT -> Long.toString(number(text, 1, Integer.MAX_VALUE));
			case SECONDS -> number(text, 1, MAX_SECONDS) + "s";
			case SECONDS_OR_OFF -> {
				long seconds = number(text, 0, MAX_SECONDS);
				yield (seconds > 0) ? seconds + "s" : null;
			}
			case SIZE -> size(text);
		};
	}

	private static String bool(String text) {
		String lower = text.toLowerCase(Locale.ROOT);
		if (TRUE.contains(lower) || FALSE.contains(lower)) {
			return Boolean.toString(TRUE.contains(lower));
		}
		throw new IllegalArgumentException("must be true or false");
	}

	private static String url(String text) {
		try {
			CollectorAddress.of(URI.create(text));
			return text;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"must be a URL such as http://collector:8080, without user, query and fragment", ex);
		}
	}

	private static @Nullable String join(Stream<String> parts) {
		String joined = parts.map(String::strip)
			.filter((part) -> !part.isEmpty())
			.distinct()
			.sorted()
			.collect(Collectors.joining(","));
		return joined.isEmpty() ? null : joined;
	}

	/** In their order: a pattern has no comma, but everything else. */
	private static @Nullable String patterns(String text) {
		List<String> patterns = Arrays.stream(text.split(","))
			.map(String::strip)
			.filter((part) -> !part.isEmpty())
			.toList();
		for (String pattern : patterns) {
			try {
				Pattern.compile(pattern);
			}
			catch (PatternSyntaxException ex) {
				throw new IllegalArgumentException(
						"must be regular expressions, separated by commas, none with a comma in it", ex);
			}
		}
		return patterns.isEmpty() ? null : String.join(",", patterns);
	}

	private static String visibility(String text) {
		String canonical = ScavengerKey.canonical(text);
		for (Visibility visibility : Visibility.values()) {
			if (ScavengerKey.canonical(visibility.text()).equals(canonical)) {
				return visibility.text();
			}
		}
		throw new IllegalArgumentException("must be public, protected, package-private or private");
	}

	private static long number(String text, long min, long max) {
		try {
			long number = Long.parseLong(text);
			if (number >= min && number <= max) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// As if it were out of range.
		}
		throw new IllegalArgumentException("must be a whole number from " + min + " to " + max);
	}

	private static String size(String text) {
		if (!SIZE.matcher(text).matches()) {
			throw new IllegalArgumentException("must be a size such as 10MB");
		}
		return text.replace(" ", "").toUpperCase(Locale.ROOT);
	}

}
