package dev.apm4j.usage;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a process is configured by from outside.
 *
 * @param properties system properties
 * @param variables environment variables
 * @param directory the working directory
 * @param etc the directory of a machine's configuration
 */
record ProcessSurroundings(Map<String, String> properties, Map<String, String> variables, Path directory, Path etc) {

	static ProcessSurroundings current() {
		Map<String, String> properties = new HashMap<>();
		for (String name : System.getProperties().stringPropertyNames()) {
			String value = System.getProperty(name);
			if (value != null) {
				properties.put(name, value);
			}
		}
		return new ProcessSurroundings(properties, System.getenv(), Path.of(""), Path.of("/etc"));
	}

	@Nullable String property(String name) {
		return this.properties.get(name);
	}

	@Nullable String variable(String name) {
		return this.variables.get(name);
	}

	/** Nothing of it: there can be secrets among the values. */
	@Override
	public String toString() {
		return "ProcessSurroundings";
	}

}
