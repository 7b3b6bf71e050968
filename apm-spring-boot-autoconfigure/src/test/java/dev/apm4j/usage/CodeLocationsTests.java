package dev.apm4j.usage;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.apm4j.usage.sample.Shop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link CodeLocations}.
 */
class CodeLocationsTests {

	@TempDir
	private Path temporary;

	private Path directory;

	@BeforeEach
	void realDirectory() throws IOException {
		this.directory = this.temporary.toRealPath();
	}

	@ParameterizedTest
	@CsvSource({ "file:/opt/app.jar, /opt/app.jar", "file:/opt/classes/, /opt/classes",
			"jar:file:/opt/app.jar!/, /opt/app.jar", "jar:file:/opt/app.jar!/BOOT-INF/classes!/, /opt/app.jar",
			"jar:nested:/opt/app.jar/!BOOT-INF/classes/!/, /opt/app.jar",
			"jar:nested:/opt/my%20app.jar/!BOOT-INF/lib/a.jar!/, /opt/my app.jar",
			"war:file:/opt/app.war*/WEB-INF/classes/, /opt/app.war",
			"jar:war:file:/opt/app.war*/WEB-INF/lib/a.jar!/, /opt/app.war",
			"war:file:/opt/app.war^/WEB-INF/classes/, /opt/app.war", "file:/opt/my app.jar, /opt/my app.jar",
			"file:/opt/a+b.jar, /opt/a+b.jar" })
	void fileOfAUrl(String url, String path) {
		assertThat(CodeLocations.path(url)).isEqualTo(Path.of(path));
	}

	@ParameterizedTest
	@CsvSource({ "https://example.org/app.jar", "jar:https://example.org/app.jar!/", "jrt:/java.base", "vfs:/app.war",
			"''" })
	void whatIsInNoFileHasNoPath(String url) {
		assertThat(CodeLocations.path(url)).isNull();
	}

	@Test
	void classPathInItsOrderWithoutWhatDoesNotExist() throws IOException {
		Path jar = new TestArchive().sample("", "Point").write(this.directory.resolve("b.jar"));
		Path classes = Files.createDirectory(this.directory.resolve("a"));
		String classPath = String.join(File.pathSeparator, jar.toString(), "/nowhere", classes.toString(),
				jar.toString());

		assertThat(CodeLocations.find(null, List.of(), classPath)).containsExactly(jar, classes);
	}

	@Test
	void classPathsInManifestsOneAfterTheOther() throws IOException {
		Path lib = Files.createDirectory(this.directory.resolve("lib"));
		Path last = new TestArchive().manifest("Class-Path: ../first.jar").write(lib.resolve("last one.jar"));
		Path middle = new TestArchive().manifest("Class-Path: last%20one.jar missing.jar")
			.write(lib.resolve("middle.jar"));
		Path classes = Files.createDirectory(this.directory.resolve("classes"));
		Path first = new TestArchive().manifest("Class-Path: lib/middle.jar ", " file:" + classes + "/")
			.write(this.directory.resolve("first.jar"));

		assertThat(CodeLocations.find(null, List.of(), first.toString())).containsExactlyInAnyOrder(first, middle,
				classes, last);
	}

	@Test
	void urlsOfClassLoadersAndWhereClassesAreFrom() throws IOException {
		Path outer = new TestArchive().sample("", "Point").write(this.directory.resolve("outer.jar"));
		Path inner = new TestArchive().sample("", "Point").write(this.directory.resolve("inner.jar"));
		try (URLClassLoader parent = new URLClassLoader(new URL[] { outer.toUri().toURL() });
				URLClassLoader child = new URLClassLoader(new URL[] { inner.toUri().toURL() }, parent)) {
			assertThat(CodeLocations.find(child, List.of(Shop.class), "")).contains(inner, outer, Samples.directory());
		}
	}

	@Test
	void jdkHasNoLocation() {
		assertThat(CodeLocations.find(null, List.of(String.class), "/nowhere")).isEmpty();
	}

}
