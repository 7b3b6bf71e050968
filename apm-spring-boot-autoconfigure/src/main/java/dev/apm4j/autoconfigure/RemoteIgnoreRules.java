package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.AntPathMatcher;

/**
 * What a server says while the application runs about requests that are left out, in
 * place of {@code apm.web.ignore-paths} and of all ignored extensions. Thread-safe.
 */
final class RemoteIgnoreRules {

	private static final int MAX_RULES = 100;

	private static final int MAX_LENGTH = 200;

	private static final Pattern EXTENSION = Pattern.compile("\\.?([A-Za-z0-9_-]{1,50})");

	private static final Pattern WITH_METHOD = Pattern.compile("([A-Z]{1,20}):(.*)");

	private final AntPathMatcher matcher = new AntPathMatcher();

	private volatile @Nullable Set<String> extensions;

	private volatile @Nullable List<Rule> paths;

	/**
	 * Changes the extensions.
	 * @param list extensions with or without their dot, separated by commas; {@code null}
	 * for what the application has set
	 * @throws IllegalArgumentException if one of them is none
	 */
	void extensions(@Nullable String list) {
		if (list == null) {
			this.extensions = null;
			return;
		}
		Set<String> parsed = new HashSet<>();
		for (String text : split(list)) {
			Matcher matcher = EXTENSION.matcher(text);
			if (!matcher.matches()) {
				throw new IllegalArgumentException("extensions are needed, such as .jpg,.css");
			}
			parsed.add(matcher.group(1).toLowerCase(Locale.ROOT));
		}
		this.extensions = parsed;
	}

	/**
	 * Changes the paths.
	 * @param list Ant patterns of paths, perhaps behind a method as in
	 * {@code GET:/internal/**}, separated by commas; {@code null} for what the
	 * application has set
	 * @throws IllegalArgumentException if one of them is none
	 */
	void paths(@Nullable String list) {
		if (list == null) {
			this.paths = null;
			return;
		}
		List<Rule> parsed = new ArrayList<>();
		for (String text : split(list)) {
			Matcher matcher = WITH_METHOD.matcher(text);
			boolean method = matcher.matches();
			String pattern = method ? matcher.group(2) : text;
			// Braces are regular expressions of any cost.
			if (pattern.isEmpty() || pattern.indexOf('{') >= 0 || pattern.indexOf('}') >= 0) {
				throw new IllegalArgumentException("patterns are needed, such as /internal/**,GET:/static/*");
			}
			parsed.add(new Rule(method ? matcher.group(1) : null, pattern.startsWith("/") ? pattern : "/" + pattern));
		}
		this.paths = parsed;
	}

	private static List<String> split(String list) {
		List<String> texts = Pattern.compile(",")
			.splitAsStream(list)
			.map(String::strip)
			.filter((text) -> !text.isEmpty())
			.toList();
		if (texts.size() > MAX_RULES || texts.stream().anyMatch((text) -> text.length() > MAX_LENGTH)) {
			throw new IllegalArgumentException(
					"at most " + MAX_RULES + " rules of " + MAX_LENGTH + " characters are possible");
		}
		return texts;
	}

	/**
	 * The extensions in force.
	 * @return extensions in lower case, {@code null} for what the application has set
	 */
	@Nullable Set<String> extensions() {
		return this.extensions;
	}

	/** Whether the application's own paths are out of force. */
	boolean hasPaths() {
		return this.paths != null;
	}

	/**
	 * Whether one of the paths covers a request.
	 * @param method its method
	 * @param path its decoded path below the context path
	 */
	boolean matches(String method, String path) {
		List<Rule> rules = this.paths;
		if (rules != null) {
			for (Rule rule : rules) {
				if (rule.matches(this.matcher, method, path)) {
					return true;
				}
			}
		}
		return false;
	}

	private record Rule(@Nullable String method, String pattern) {

		boolean matches(AntPathMatcher matcher, String requestMethod, String path) {
			return (this.method == null || this.method.equals(requestMethod)) && matcher.match(this.pattern, path);
		}

	}

}
