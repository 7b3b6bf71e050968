package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether {@code docs/configuration.md} lists every property there is, with the default
 * it has, and none that there is not.
 */
class ConfigurationDocumentationTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

	/** A row of a table: the property, and its default in the second column. */
	private static final Pattern ROW = Pattern.compile("\\| `(apm\\.[a-z0-9.-]+)` \\| ([^|]+?) \\|.*");

	private final Map<String, String> defaults = new TreeMap<>();

	private final Map<String, String> documented = new TreeMap<>();

	ConfigurationDocumentationTests() throws IOException {
		readMetadata();
		readDocument();
	}

	@Test
	void everyPropertyIsListed() {
		assertThat(this.documented.keySet()).as("properties in %s", DOCUMENT).containsAll(this.defaults.keySet());
	}

	@Test
	void everyListedPropertyExists() {
		assertThat(this.defaults.keySet()).as("properties of the agent").containsAll(this.documented.keySet());
	}

	@Test
	void defaultsAreListedAsTheyAre() {
		List<String> wrong = new ArrayList<>();
		this.defaults.forEach((name, value) -> {
			String listed = this.documented.get(name);
			if (listed != null && !value.isEmpty() && !listed.equals("`" + value + "`")) {
				wrong.add(name + " has the default " + value + ", but listed is " + listed);
			}
		});
		assertThat(wrong).isEmpty();
	}

	@Test
	void everyInstrumentationHasASwitch() throws IOException {
		List<String> switches = new ArrayList<>();
		SimpleMetadataReaderFactory readers = new SimpleMetadataReaderFactory();
		for (String candidate : ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader())) {
			if (candidate.startsWith(getClass().getPackageName())) {
				Map<String, @Nullable Object> attributes = readers.getMetadataReader(candidate)
					.getAnnotationMetadata()
					.getAnnotationAttributes(ConditionalOnInstrumentation.class.getName());
				if (attributes != null) {
					switches.add("apm.instrumentation." + attributes.get("value") + ".enabled");
				}
			}
		}
		assertThat(switches).isNotEmpty();
		assertThat(this.defaults.keySet()).as("properties with metadata").containsAll(switches);
	}

	private void readMetadata() throws IOException {
		for (URL location : Collections
			.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = location.openStream()) {
				readMetadata(new String(in.readAllBytes(), StandardCharsets.UTF_8));
			}
		}
		assertThat(this.defaults).isNotEmpty();
	}

	private void readMetadata(String json) {
		List<?> properties = (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
		for (Object property : properties) {
			Map<?, ?> attributes = (Map<?, ?>) property;
			String name = String.valueOf(attributes.get("name"));
			if (name.startsWith("apm.")) {
				this.defaults.put(name, text(attributes.get("defaultValue")));
			}
		}
	}

	/** As one would write it in a properties file; empty for none. */
	private static String text(@Nullable Object value) {
		String text = (value != null) ? value.toString() : "";
		return (text.startsWith("[") && text.endsWith("]")) ? text.substring(1, text.length() - 1) : text;
	}

	private void readDocument() throws IOException {
		for (String line : Files.readAllLines(DOCUMENT)) {
			Matcher row = ROW.matcher(line);
			if (row.matches()) {
				this.documented.put(row.group(1), row.group(2));
			}
		}
	}

}
