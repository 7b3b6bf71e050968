package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import dev.apm4j.export.BackendSelector;
import dev.apm4j.export.SegmentExporter;

import org.springframework.core.env.Environment;

/**
 * The backends that {@code apm.backend} names.
 */
final class BackendChoice {

	static final String EMBEDDED = "embedded";

	static final String SKYWALKING = "skywalking";

	static final String WHATAP = "whatap";

	/**
	 * Backends that come with the agent, and the dependency that each needs beside it.
	 * Their beans exist only when they are chosen.
	 */
	private static final Map<String, String> BUILT_IN = Map.of(EMBEDDED, "", SKYWALKING,
			"dev.apm4j:apm-spring-boot-starter-skywalking", WHATAP, "");

	private final Environment environment;

	BackendChoice(Environment environment) {
		this.environment = environment;
	}

	List<SegmentExporter> choose(ApmProperties properties, ApmExportProperties export,
			List<SegmentExporter> available) {
		List<SegmentExporter> chosen;
		try {
			chosen = new BackendSelector(available).select(properties.backend());
		}
		catch (IllegalArgumentException ex) {
			TreeSet<String> known = new TreeSet<>();
			available.forEach((exporter) -> known.add(exporter.name()));
			for (String name : normalized(properties.backend())) {
				String dependency = BUILT_IN.getOrDefault(name, "");
				if (!known.contains(name) && !dependency.isEmpty()) {
					throw ApmConfigurationException.missingDependency("apm.backend", name, dependency);
				}
			}
			known.addAll(BUILT_IN.keySet());
			throw new ApmConfigurationException("apm.backend", String.join(", ", properties.backend()),
					"one or more of: " + String.join(", ", known));
		}
		if (exportEnabled(export)) {
			return chosen;
		}
		return chosen.stream().filter((exporter) -> EMBEDDED.equals(exporter.name())).toList();
	}

	/** Whether a backend is chosen, in whatever case. */
	static boolean names(ApmProperties properties, String backend) {
		return normalized(properties.backend()).contains(backend);
	}

	/** The properties without the backends that are left out on purpose. */
	static ApmProperties without(ApmProperties properties, List<BackendLeftOut> leftOut) {
		List<String> names = leftOut.stream().map(BackendLeftOut::name).toList();
		return properties
			.withBackend(normalized(properties.backend()).stream().filter((name) -> !names.contains(name)).toList());
	}

	private static List<String> normalized(List<String> names) {
		return names.stream().map((name) -> name.strip().toLowerCase(Locale.ROOT)).toList();
	}

	/** Boot's test support switches its own export off; ours is meant too. */
	private boolean exportEnabled(ApmExportProperties export) {
		Boolean own = export.enabled();
		if (own != null) {
			return own;
		}
		return this.environment.getProperty("management.tracing.export.enabled", Boolean.class, Boolean.TRUE)
				&& this.environment.getProperty("management.tracing.enabled", Boolean.class, Boolean.TRUE);
	}

}
