package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.TreeSet;

import dev.apm4j.export.BackendSelector;
import dev.apm4j.export.SegmentExporter;

import org.springframework.core.env.Environment;

/**
 * The backends that {@code apm.backend} names.
 */
final class BackendChoice {

	static final String EMBEDDED = "embedded";

	/** Backends that come with the agent; their beans exist only when they are chosen. */
	private static final List<String> BUILT_IN = List.of(EMBEDDED);

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
			TreeSet<String> known = new TreeSet<>(BUILT_IN);
			available.forEach((exporter) -> known.add(exporter.name()));
			throw new ApmConfigurationException("apm.backend", String.join(", ", properties.backend()),
					"one or more of: " + String.join(", ", known));
		}
		if (exportEnabled(export)) {
			return chosen;
		}
		return chosen.stream().filter((exporter) -> EMBEDDED.equals(exporter.name())).toList();
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
