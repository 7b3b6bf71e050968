package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.apm4j.autoconfigure.WhaTapKey.Use;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code whatap.conf} means here. Nothing of it is secret.
 *
 * @param properties the properties that stand for its keys
 * @param unused its keys that nobody does anything with
 * @param wrong its keys whose values can't be used, and what is needed
 */
record WhaTapConfiguration(Map<String, String> properties, List<String> unused, Map<String, String> wrong) {

	static final WhaTapConfiguration EMPTY = new WhaTapConfiguration(Map.of(), List.of(), Map.of());

	private static final int MAX_NAMES = 20;

	private static final int MAX_NAME = 60;

	/**
	 * Finds out what a file means.
	 * @param entries its keys and values
	 * @param contextPath what the paths in it begin with and those of the properties
	 * don't, empty for none
	 * @param otherLicence whether there is another licence, which wins
	 */
	static WhaTapConfiguration of(Map<String, String> entries, String contextPath, boolean otherLicence) {
		Map<String, String> properties = new LinkedHashMap<>();
		List<String> unused = new ArrayList<>();
		Map<String, String> wrong = new LinkedHashMap<>();
		sampled(entries).forEach((name, value) -> {
			WhaTapKey key = WhaTapKeys.find(name);
			String property = (key != null) ? key.property() : null;
			if (key == null || key.use() == Use.UNSUPPORTED) {
				unused.add(printable(name));
			}
			else if (property != null && !value.isEmpty()) {
				try {
					String converted = key.conversion().convert(value);
					if (converted != null && !converted.isEmpty()) {
						properties.merge(property, converted, WhaTapConfiguration::both);
					}
				}
				catch (IllegalArgumentException ex) {
					wrong.put(name, String.valueOf(ex.getMessage()));
				}
			}
		});
		if (otherLicence) {
			properties.remove(WhaTapKeys.PROJECT_CODE);
		}
		if (!contextPath.isEmpty()) {
			properties.computeIfPresent(WhaTapKeys.IGNORE_PATHS, (property, paths) -> below(contextPath, paths));
		}
		return new WhaTapConfiguration(Map.copyOf(properties), List.copyOf(unused), Collections.unmodifiableMap(wrong));
	}

	/** Two keys say one thing here, and one of them alone says nothing. */
	private static Map<String, String> sampled(Map<String, String> entries) {
		Map<String, String> changed = new LinkedHashMap<>(entries);
		if ("true".equalsIgnoreCase(entries.get(WhaTapKeys.SAMPLING_SWITCH))) {
			changed.putIfAbsent(WhaTapKeys.SAMPLING_NUMBER, WhaTapKeys.DEFAULT_SAMPLING_NUMBER);
		}
		else {
			changed.remove(WhaTapKeys.SAMPLING_NUMBER);
		}
		return changed;
	}

	/** What two keys say of one property: lists are joined, and a switch is off. */
	private static String both(String one, String other) {
		if (one.equals("true") || one.equals("false")) {
			return one.equals("true") ? other : one;
		}
		return one + "," + other;
	}

	private static String below(String contextPath, String paths) {
		return Stream.of(paths.split(","))
			.map((path) -> path.startsWith(contextPath + "/") ? path.substring(contextPath.length()) : path)
			.collect(Collectors.joining(","));
	}

	/** Whoever may write the file may not write lines of the log. */
	private static String printable(String name) {
		StringBuilder text = new StringBuilder();
		name.chars().limit(MAX_NAME).forEach((c) -> text.append((c > 0x20 && c < 0x7f) ? (char) c : '?'));
		return text.toString();
	}

	/**
	 * The same where keys with wrong values leave everything as it was.
	 * @param before what the file meant before
	 * @return what is in force from now on
	 */
	WhaTapConfiguration after(WhaTapConfiguration before) {
		Map<String, String> inForce = new LinkedHashMap<>(this.properties);
		for (String name : this.wrong.keySet()) {
			WhaTapKey key = WhaTapKeys.find(name);
			String property = (key != null) ? key.property() : null;
			String value = (property != null) ? before.properties.get(property) : null;
			if (property != null && value != null) {
				inForce.put(property, value);
			}
		}
		return new WhaTapConfiguration(Map.copyOf(inForce), this.unused, this.wrong);
	}

	/**
	 * What a reader of the log should know.
	 * @return one line, {@code null} if everything is used
	 */
	@Nullable String remark() {
		String remark = Stream.of(list("not used here: ", this.unused, ", "), list("ignored for their values: ",
				this.wrong.entrySet().stream().map((key) -> key.getKey() + " (" + key.getValue() + ")").toList(), "; "))
			.filter((text) -> !text.isEmpty())
			.collect(Collectors.joining("; "));
		return remark.isEmpty() ? null : remark;
	}

	private static String list(String title, List<String> names, String separator) {
		if (names.isEmpty()) {
			return "";
		}
		int more = names.size() - MAX_NAMES;
		return names.stream().limit(MAX_NAMES).collect(Collectors.joining(separator, title, ""))
				+ ((more > 0) ? " and " + more + " more" : "");
	}

}
