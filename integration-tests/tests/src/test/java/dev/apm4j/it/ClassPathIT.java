package dev.apm4j.it;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.apm4j.it.app.BootLine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the starter brings into an application.
 */
class ClassPathIT {

	private static final Pattern LIBRARY = Pattern.compile("BOOT-INF/lib/(.+?)-(\\d[^/]*)\\.jar");

	@ParameterizedTest
	@EnumSource
	void everyModuleOfSpringBootIsOfTheLine(BootLine line) throws IOException {
		assertThat(libraries(line)).filteredOn((library) -> library.name().startsWith("spring-boot"))
			.hasSizeGreaterThan(4)
			.allSatisfy((library) -> assertThat(library.version()).startsWith(line.number() + "."));
	}

	@ParameterizedTest
	@EnumSource
	void everyLibraryIsThereOnce(BootLine line) throws IOException {
		assertThat(libraries(line)).extracting(Library::name)
			.filteredOn((name) -> !name.startsWith("netty-"))
			.doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@EnumSource
	void agentBringsNoOtherTracerAndNoJson(BootLine line) throws IOException {
		assertThat(libraries(line)).extracting(Library::name)
			.contains("apm-spring-boot-starter", "apm-spring-boot-autoconfigure", "micrometer-tracing", "jctools-core",
					"HdrHistogram")
			.noneMatch((name) -> name.startsWith("brave") || name.startsWith("opentelemetry")
					|| name.startsWith("micrometer-tracing-bridge"));
		// Jackson 2 and Jackson 3: only the one of the line.
		String jackson = (line == BootLine.BOOT_3_5) ? "2." : "3.";
		assertThat(libraries(line)).filteredOn((library) -> library.name().equals("jackson-databind"))
			.allSatisfy((library) -> assertThat(library.version()).startsWith(jackson));
	}

	private static List<Library> libraries(BootLine line) throws IOException {
		try (JarFile jar = new JarFile(line.jar().toFile())) {
			return jar.stream()
				.map((entry) -> LIBRARY.matcher(entry.getName()))
				.filter(Matcher::matches)
				.map((matcher) -> new Library(matcher.group(1), matcher.group(2)))
				.collect(Collectors.toList());
		}
	}

	private record Library(String name, String version) {
	}

}
