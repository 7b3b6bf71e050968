package dev.apm4j.export.skywalking;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.apm4j.skywalking.proto.KeyStringValuePair;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceDescriptionTests {

	@Test
	void keysAreThoseOfTheJavaAgent() {
		List<KeyStringValuePair> properties = new InstanceDescription(
				ServiceIdentity.of("shop", null, "prod", "east", "shop-1", "GENERAL"), "1.2.3",
				List.of("-Xmx1g", "-Da=\"b\\"), Map.of("team", "blue", "language", "cobol", "ipv4", "6.6.6.6"),
				getClass().getClassLoader())
			.get();
		Map<String, String> values = properties.stream()
			.filter((property) -> !"ipv4".equals(property.getKey()))
			.collect(Collectors.toMap(KeyStringValuePair::getKey, KeyStringValuePair::getValue));
		assertThat(values)
			.containsOnlyKeys("language", "OS Name", "hostname", "Process No.", "Start Time", "JVM Arguments",
					"Jar Dependencies", "version", "namespace", "cluster", "team")
			.containsEntry("language", "java")
			.containsEntry("namespace", "prod")
			.containsEntry("cluster", "east")
			.containsEntry("version", "1.2.3")
			.containsEntry("Process No.", String.valueOf(ProcessHandle.current().pid()));
		assertThat(values.get("Start Time")).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
		assertThat(JsonParserFactory.getJsonParser().parseList(values.get("JVM Arguments")))
			.isEqualTo(List.of("-Da=\"b\\", "-Xmx1g"));
		assertThat(JsonParserFactory.getJsonParser().parseList(values.get("Jar Dependencies"))).asString()
			.contains("junit-jupiter-api");
		assertThat(properties).filteredOn((property) -> "ipv4".equals(property.getKey()))
			.extracting(KeyStringValuePair::getValue)
			.isEqualTo(HostAddresses.ipv4())
			.doesNotContain("127.0.0.1", "6.6.6.6");
	}

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
