package dev.apm4j.usage;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a process is configured with in the way of Scavenger's agents: by a file
 * {@code scavenger.conf}, by {@code scavenger.options}, environment variables
 * {@code SCAVENGER_*} and system properties {@code scavenger.*}, the latter the stronger
 * ones; as properties {@code apm.scavenger.*}.
 *
 * @param properties what is set, without what has a problem
 * @param file the file that was read, {@code null} if there is none
 * @param problems what has to be corrected, all of it; without secrets
 * @param notes what has no effect; without secrets
 */
public record ScavengerConfiguration(Map<String, String> properties, @Nullable Path file, List<String> problems,
		List<String> notes) {

	private static final int MAX_DEPTH = 10;

	private static final int MAX_VARIABLES = 1000;

	private static final int MAX_LENGTH = 64 * 1024;

	/**
	 * Looks at this process.
	 * @return its configuration, which may be empty
	 */
	public static ScavengerConfiguration load() {
		return load(ProcessSurroundings.current());
	}

	static ScavengerConfiguration load(ProcessSurroundings surroundings) {
		return new Loading(surroundings).load();
	}

	/** Without the values: there is a secret among them. */
	@Override
	public String toString() {
		return "ScavengerConfiguration" + this.properties.keySet();
	}

	/** The work. */
	private static final class Loading {

		private final ProcessSurroundings surroundings;

		private final Map<String, String> properties = new LinkedHashMap<>();

		private final List<String> problems = new ArrayList<>();

		private final List<String> notes = new ArrayList<>();

		private Map<String, String> inFile = Map.of();

		private Map<String, String> options = Map.of();

		private int variables;

		Loading(ProcessSurroundings surroundings) {
			this.surroundings = surroundings;
		}

		ScavengerConfiguration load() {
			Path file = find();
			if (file != null) {
				try {
					this.inFile = ScavengerConfigurationFile.read(file);
				}
				catch (IOException ex) {
					this.problems.add(file + " cannot be read: " + ex.getMessage());
				}
			}
			String options = this.surroundings.property("scavenger.options");
			for (String variable : new String[] { "SCAVENGER_OPTIONS", "scavenger.options" }) {
				options = (options != null) ? options : this.surroundings.variable(variable);
			}
			this.options = ScavengerConfigurationFile.options((options != null) ? options : "");
			for (ScavengerKey key : ScavengerKey.values()) {
				if (key.hasEffect()) {
					read(key, file);
				}
			}
			note(this.options, "scavenger.options");
			note(this.inFile, String.valueOf(file));
			return new ScavengerConfiguration(Map.copyOf(this.properties), file, List.copyOf(this.problems),
					List.copyOf(this.notes));
		}

		private @Nullable Path find() {
			try {
				return ScavengerConfigurationFile.find(this.surroundings);
			}
			catch (InvalidPathException ex) {
				this.problems.add("The path of Scavenger's configuration is none: " + ex.getReason());
				return null;
			}
		}

		/** From the strongest place that has it. */
		private void read(ScavengerKey key, @Nullable Path file) {
			for (String name : key.names()) {
				String property = "scavenger." + name;
				if (take(key, this.surroundings.property(property), "System property " + property)) {
					return;
				}
			}
			for (String name : key.names()) {
				String variable = ScavengerKey.variable(name);
				if (take(key, this.surroundings.variable(variable), "Environment variable " + variable)) {
					return;
				}
			}
			for (Map<String, String> values : List.of(this.options, this.inFile)) {
				for (String name : key.names()) {
					for (Map.Entry<String, String> entry : values.entrySet()) {
						String place = (values == this.inFile) ? entry.getKey() + " in " + file
								: entry.getKey() + " in scavenger.options";
						if (ScavengerKey.canonical(entry.getKey()).equals(ScavengerKey.canonical(name))
								&& take(key, entry.getValue(), place)) {
							return;
						}
					}
				}
			}
		}

		private boolean take(ScavengerKey key, @Nullable String raw, String place) {
			if (raw == null || raw.isBlank()) {
				return false;
			}
			try {
				this.variables = 0;
				String value = expand(raw, 0);
				String converted = value.isBlank() ? null : ScavengerValue.convert(key.type(), value);
				if (converted != null) {
					this.properties.put(key.property(), converted);
				}
			}
			catch (IllegalArgumentException ex) {
				this.problems.add(place + " " + ex.getMessage());
			}
			return true;
		}

		private String expand(String text, int depth) {
			int begin = text.indexOf("${");
			int end = text.indexOf('}', Math.max(0, begin));
			if (begin < 0 || end < 0) {
				return text;
			}
			if (depth >= MAX_DEPTH) {
				throw new IllegalArgumentException("refers to variables that refer to each other");
			}
			StringBuilder expanded = new StringBuilder();
			int last = 0;
			while (begin >= 0 && end >= 0) {
				String name = text.substring(begin + 2, end);
				String value = lookUp(name);
				if (value == null) {
					throw new IllegalArgumentException("refers to ${" + name + "}, which is set nowhere");
				}
				expanded.append(text, last, begin).append(expand(value, depth + 1));
				if (expanded.length() > MAX_LENGTH || ++this.variables > MAX_VARIABLES) {
					throw new IllegalArgumentException("is too long with its variables");
				}
				last = end + 1;
				begin = text.indexOf("${", last);
				end = text.indexOf('}', Math.max(0, begin));
			}
			return expanded.append(text, last, text.length()).toString();
		}

		private @Nullable String lookUp(String name) {
			String value = this.surroundings.property(name);
			value = (value != null) ? value : this.surroundings.variable(name);
			return (value != null) ? value : this.inFile.get(name);
		}

		private void note(Map<String, String> values, String place) {
			for (String name : values.keySet()) {
				ScavengerKey key = ScavengerKey.of(name);
				if (key == null && values.values().stream().noneMatch((value) -> value.contains("${" + name + "}"))) {
					this.notes.add(name + " in " + place + " is not known");
				}
				else if (key != null && !key.hasEffect()) {
					this.notes.add(name + " in " + place + " has no effect in apm4j");
				}
			}
		}

	}

}
