package dev.apm4j.metrics;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * File names of the libraries of the application: from the class path, or from the class
 * loader of an executable jar, which knows the jars in it.
 */
public final class JarNames {

	/** Characters of all names together, as servers keep them in one value. */
	public static final int MAX_CHARS = 20_000;

	private JarNames() {
	}

	/**
	 * The names, sorted, without their directories.
	 * @param classLoader the class loader of the application
	 * @param classPath the class path of the JVM
	 * @return the names; the last one says how many are missing, if any are
	 */
	public static List<String> of(@Nullable ClassLoader classLoader, String classPath) {
		SortedSet<String> names = new TreeSet<>();
		for (ClassLoader each = classLoader; each != null; each = each.getParent()) {
			if (each instanceof URLClassLoader urls) {
				for (URL url : urls.getURLs()) {
					add(names, URLDecoder.decode(url.getPath().replace("+", "%2B"), StandardCharsets.UTF_8));
				}
			}
		}
		if (names.isEmpty()) {
			for (String entry : classPath.split(Pattern.quote(File.pathSeparator))) {
				add(names, entry.replace(File.separatorChar, '/'));
			}
		}
		return bounded(names);
	}

	/**
	 * Adds the name of a jar: {@code /lib/a.jar} or
	 * {@code nested:/app.jar/!BOOT-INF/lib/a.jar!/}.
	 */
	private static void add(SortedSet<String> names, String path) {
		String stripped = path.replaceAll("[!/]+$", "");
		String name = stripped.substring(stripped.lastIndexOf('/') + 1);
		if (name.endsWith(".jar")) {
			names.add(name);
		}
	}

	private static List<String> bounded(SortedSet<String> names) {
		List<String> result = new ArrayList<>();
		int chars = 0;
		for (String name : names) {
			chars += name.length() + 3;
			if (chars > MAX_CHARS) {
				result.add("and " + (names.size() - result.size()) + " more");
				break;
			}
			result.add(name);
		}
		return result;
	}

}
