package dev.apm4j.usage;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Finds and reads {@code scavenger.conf} where Scavenger's Java agent does.
 */
final class ScavengerConfigurationFile {

	static final String NAME = "scavenger.conf";

	private static final int MAX_BYTES = 1024 * 1024;

	private ScavengerConfigurationFile() {
	}

	/**
	 * Where to look, in this order. What is named outright must be there.
	 * @param surroundings the process
	 * @return the file that is named, or else the first one that exists; {@code null} if
	 * there is none
	 */
	static @Nullable Path find(ProcessSurroundings surroundings) {
		String named = surroundings.property("scavenger.configuration");
		if (named == null) {
			named = surroundings.variable("SCAVENGER_CONFIG");
		}
		if (named != null) {
			return surroundings.directory().resolve(named.strip());
		}
		List<Path> places = new ArrayList<>();
		places.add(surroundings.directory());
		places.add(surroundings.directory().resolve("conf"));
		for (String tomcat : new String[] { "base", "home" }) {
			String directory = surroundings.property("catalina." + tomcat);
			if (directory != null) {
				places.add(Path.of(directory, "conf"));
			}
		}
		String home = surroundings.property("user.home");
		if (home != null) {
			places.add(Path.of(home, ".config"));
		}
		places.add(surroundings.etc().resolve("scavenger"));
		places.add(surroundings.etc());
		return places.stream()
			.map((place) -> place.resolve(NAME))
			.filter(Files::isRegularFile)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Reads a file: {@code key = value} as in Java's properties. Section headers and
	 * comments of a Python agent's file are passed over.
	 * @param file the file, UTF-8, of at most 1 MiB
	 * @return the values as they are there
	 * @throws IOException if it cannot be read; the message says why
	 */
	static Map<String, String> read(Path file) throws IOException {
		if (!Files.isRegularFile(file)) {
			throw new IOException("there is no such file");
		}
		if (Files.size(file) > MAX_BYTES) {
			throw new IOException("it is larger than 1 MiB");
		}
		Properties properties = new Properties();
		try {
			properties.load(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
		}
		catch (IllegalArgumentException ex) {
			throw new IOException("\\u is not followed by four hexadecimal digits; write \\\\ or / for a backslash",
					ex);
		}
		Map<String, String> values = new TreeMap<>();
		for (String name : properties.stringPropertyNames()) {
			if (!name.startsWith("[") && !name.startsWith(";")) {
				values.put(name, properties.getProperty(name));
			}
		}
		return values;
	}

	/**
	 * Reads the options that Scavenger's agent has on its command line.
	 * @param options such as {@code appName=shop;environment=test}
	 * @return the values as they are there
	 */
	static Map<String, String> options(String options) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String option : options.split(";")) {
			int equals = option.indexOf('=');
			if (equals > 0) {
				values.put(option.substring(0, equals).strip(), option.substring(equals + 1).strip());
			}
		}
		return values;
	}

}
