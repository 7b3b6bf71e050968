package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * Patterns of paths. Nearly all in use are a plain path or a prefix with {@code /**} at
 * its end and are compared as text; a parsed path is made only for the others.
 */
final class IgnoredPaths implements Predicate<String> {

	/** Paths are given decoded, so nothing may be decoded once more. */
	private static final PathContainer.Options OPTIONS = PathContainer.Options.create('/', false);

	private final Set<String> exact = new HashSet<>();

	private final List<String> prefixes = new ArrayList<>();

	private final List<PathPattern> patterns = new ArrayList<>();

	/**
	 * Parses the patterns.
	 * @param patterns in the syntax of Spring's {@link PathPattern}
	 * @throws PatternParseException if a pattern is wrong
	 */
	IgnoredPaths(Iterable<String> patterns) {
		PathPatternParser parser = new PathPatternParser();
		parser.setPathOptions(OPTIONS);
		for (String pattern : patterns) {
			add(pattern, parser);
		}
	}

	private void add(String text, PathPatternParser parser) {
		PathPattern pattern = parser.parse(text.startsWith("/") ? text : "/" + text);
		String path = pattern.getPatternString();
		String parent = path.endsWith("/**") ? path.substring(0, path.length() - 2) : null;
		if (isPlain(path)) {
			this.exact.add(path);
		}
		else if (parent != null && isPlain(parent)) {
			this.prefixes.add(parent);
			this.exact.add(parent.substring(0, parent.length() - 1));
		}
		else {
			this.patterns.add(pattern);
		}
	}

	private static boolean isPlain(String path) {
		return path.chars().noneMatch((c) -> c == '*' || c == '?' || c == '{' || c == '\\');
	}

	/**
	 * Whether a path is covered.
	 * @param path the decoded path below the context path
	 */
	@Override
	public boolean test(String path) {
		if (this.exact.contains(path)) {
			return true;
		}
		for (String prefix : this.prefixes) {
			if (path.startsWith(prefix)) {
				return true;
			}
		}
		if (!this.patterns.isEmpty()) {
			PathContainer parsed = PathContainer.parsePath(path, OPTIONS);
			for (PathPattern pattern : this.patterns) {
				if (pattern.matches(parsed)) {
					return true;
				}
			}
		}
		return false;
	}

}
