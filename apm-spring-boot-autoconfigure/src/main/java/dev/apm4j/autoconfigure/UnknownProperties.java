package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds properties below {@code apm} that nothing reads, because their names are
 * misspelt: binding leaves out silently what it does not know. What exists is known from
 * the configuration metadata that IDEs read, too; without it nothing is found.
 * <p>
 * A name in a group of the agent's own, such as {@code apm.sampling}, is always found;
 * any other only if it is much like a name of ours, as an application may have names
 * below {@code apm} for itself. Values are never shown.
 */
final class UnknownProperties {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("apm");

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final int MAX_FINDINGS = 20;

	/** How one of the variables of a service ends. */
	private static final String SERVICE_HOST = "servicehost";

	private final Environment environment;

	UnknownProperties(Environment environment) {
		this.environment = environment;
	}

	/**
	 * What is to be said to the owner of the application.
	 * @return one sentence for each name, at most 20, in the order of the names
	 */
	List<String> findings() {
		Map<String, Candidate> candidates = candidates();
		if (candidates.isEmpty()) {
			return List.of();
		}
		Known known = known();
		if (known.types().isEmpty()) {
			return List.of();
		}
		Map<String, String> findings = new TreeMap<>();
		candidates.forEach((name, candidate) -> {
			if (!known.covers(candidate)) {
				String likely = known.nearest(candidate);
				if (likely != null || known.isOurs(candidate)) {
					findings.put(name, candidate.sentence(likely));
				}
			}
		});
		return findings.values().stream().limit(MAX_FINDINGS).toList();
	}

	private Map<String, Candidate> candidates() {
		Map<String, Candidate> candidates = new LinkedHashMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
				iterable.stream()
					.filter(ROOT::isAncestorOf)
					.forEach((name) -> candidates.putIfAbsent(name.toString(),
							new Candidate(name, variables, iterable)));
			}
		}
		removeServices(candidates);
		return candidates;
	}

	/** Kubernetes sets variables for each service, whatever its name is. */
	private static void removeServices(Map<String, Candidate> candidates) {
		List<String> services = candidates.values()
			.stream()
			.filter(Candidate::variable)
			.map(Candidate::comparable)
			.filter((name) -> name.endsWith(SERVICE_HOST))
			.map((name) -> name.substring(0, name.length() - SERVICE_HOST.length()))
			.toList();
		candidates.values()
			.removeIf((candidate) -> candidate.variable() && services.stream().anyMatch(candidate::isOfService));
	}

	private static Known known() {
		Map<String, String> types = new TreeMap<>();
		URL metadata = metadata();
		if (metadata != null) {
			try (InputStream in = metadata.openStream()) {
				String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
				if (JsonParserFactory.getJsonParser().parseMap(json).get("properties") instanceof List<?> properties) {
					properties.forEach((property) -> {
						if (property instanceof Map<?, ?> map) {
							types.put(String.valueOf(map.get("name")), String.valueOf(map.get("type")));
						}
					});
				}
			}
			catch (IOException | RuntimeException ex) {
				return new Known(Map.of());
			}
		}
		types.keySet().removeIf((name) -> !name.startsWith("apm."));
		return new Known(types);
	}

	/** The metadata of the jar that this class is in, and not those of all others. */
	private static @Nullable URL metadata() {
		String file = UnknownProperties.class.getName().replace('.', '/') + ".class";
		URL location = UnknownProperties.class.getClassLoader().getResource(file);
		if (location == null) {
			return null;
		}
		try {
			return new URL(location, "../".repeat(file.split("/").length - 1) + METADATA);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * A name that is set somewhere.
	 */
	private record Candidate(ConfigurationPropertyName name, boolean variable, ConfigurationPropertySource source) {

		boolean isOfService(String service) {
			String own = comparable();
			return own.startsWith(service + "service") || own.startsWith(service + "port");
		}

		/** Without dashes and, as nobody can tell them from dashes there, dots. */
		String comparable() {
			String uniform = withoutIndexes();
			return this.variable ? uniform.replace(".", "") : uniform;
		}

		String withoutIndexes() {
			StringBuilder text = new StringBuilder();
			for (int i = 0; i < this.name.getNumberOfElements(); i++) {
				if (!this.name.isNumericIndex(i)) {
					text.append((i > 0) ? "." : "").append(this.name.getElement(i, Form.UNIFORM));
				}
			}
			return text.toString().toLowerCase(Locale.ROOT);
		}

		String sentence(@Nullable String likely) {
			return "'" + this.name + "'" + origin() + " is no property of apm4j and has no effect"
					+ ((likely != null) ? ". Did you mean '" + likely + "'?" : "");
		}

		private String origin() {
			try {
				ConfigurationProperty property = this.source.getConfigurationProperty(this.name);
				return (property != null && property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "";
			}
			catch (RuntimeException ex) {
				// The value, which a source may have to decrypt or to fetch, is not
				// needed.
				return "";
			}
		}

	}

	/**
	 * The properties that there are, with their types.
	 */
	private record Known(Map<String, String> types) {

		boolean covers(Candidate candidate) {
			String name = candidate.comparable();
			return this.types.entrySet().stream().anyMatch((known) -> {
				String own = comparable(known.getKey(), candidate.variable());
				boolean map = known.getValue().startsWith("java.util.Map");
				return name.equals(own) || (map && name.startsWith(candidate.variable() ? own : own + "."));
			});
		}

		/** Whether the name is in a group that has properties of the agent. */
		boolean isOurs(Candidate candidate) {
			if (candidate.name().getNumberOfElements() < 3) {
				return false;
			}
			String group = "apm." + candidate.name().getElement(1, Form.UNIFORM);
			Set<String> groups = new TreeSet<>();
			this.types.keySet()
				.stream()
				.filter((name) -> name.indexOf('.', "apm.".length()) > 0)
				.forEach(
						(name) -> groups.add(comparable(name.substring(0, name.indexOf('.', "apm.".length())), false)));
			return groups.contains(group);
		}

		@Nullable String nearest(Candidate candidate) {
			String name = candidate.comparable();
			String nearest = null;
			int least = Math.max(2, (name.length() - "apm.".length()) / 5) + 1;
			for (String known : this.types.keySet()) {
				int distance = distance(name, comparable(known, candidate.variable()));
				if (distance < least) {
					least = distance;
					nearest = known;
				}
			}
			return nearest;
		}

		private static String comparable(String known, boolean variable) {
			String uniform = known.replace("-", "").toLowerCase(Locale.ROOT);
			return variable ? uniform.replace(".", "") : uniform;
		}

		/** How many letters have to be put in, taken out or changed. */
		private static int distance(String one, String other) {
			int[] row = new int[other.length() + 1];
			for (int j = 0; j < row.length; j++) {
				row[j] = j;
			}
			for (int i = 1; i <= one.length(); i++) {
				int diagonal = row[0];
				row[0] = i;
				for (int j = 1; j < row.length; j++) {
					int changed = diagonal + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
					diagonal = row[j];
					row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
				}
			}
			return row[other.length()];
		}

	}

}
