package dev.apm4j.metrics;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JarNamesTests {

	@Test
	void jarsInAnExecutableJarAreFound() throws MalformedURLException {
		URL[] urls = { url("file:/srv/app.jar!/BOOT-INF/lib/orders-1.0.jar!/"), url("file:/srv/lib/a%20b+c.jar"),
				url("file:/srv/app.jar!/BOOT-INF/classes/!/") };
		URLClassLoader classLoader = new URLClassLoader(urls, null);
		assertThat(JarNames.of(classLoader, "")).containsExactly("a b+c.jar", "orders-1.0.jar");
	}

	@Test
	void manyJarsAreBounded() {
		String classPath = IntStream.range(0, 5000)
			.mapToObj((i) -> "/lib/library-" + i + ".jar")
			.collect(Collectors.joining(File.pathSeparator));
		List<String> names = JarNames.of(null, classPath);
		assertThat(String.join(",", names).length()).isLessThan(JarNames.MAX_CHARS + 100);
		assertThat(names.get(names.size() - 1)).isEqualTo("and " + (5000 - names.size() + 1) + " more");
	}

	private static URL url(String text) throws MalformedURLException {
		return URI.create(text.startsWith("file:/srv/app.jar!") ? "jar:" + text : text).toURL();
	}

}
