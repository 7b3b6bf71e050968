package dev.apm4j.autoconfigure;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.apm4j.export.skywalking.RuntimeSetting;
import dev.apm4j.export.skywalking.SkyWalkingExporter;
import dev.apm4j.instrument.jdbc.JdbcTracing;
import dev.apm4j.trace.ApmTracer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of SkyWalking's Java agent that a server can change, and what each of them
 * changes here.
 *
 * @param key the agent's name of the setting
 * @param change applies a value, {@code null} for the application's own
 */
record SkyWalkingSetting(String key, Consumer<@Nullable String> change) implements RuntimeSetting {

	private static final int MAX_SPANS = 100_000;

	@Override
	public void apply(@Nullable String value) {
		this.change.accept(value);
	}

	/**
	 * How many traces begin in 3 seconds at most; 0 or less for no limit, as in the
	 * agent.
	 */
	static SkyWalkingSetting sampling(Supplier<? extends @Nullable ApmTracer> provider, int ownCap) {
		return new SkyWalkingSetting("agent.sample_n_per_3_secs", (value) -> {
			int cap = (value != null) ? Math.max(0, number(value, -1, Integer.MAX_VALUE)) : ownCap;
			ApmTracer tracer = provider.get();
			if (tracer != null) {
				tracer.setSamplingPolicy(tracer.samplingPolicy().withMaxPerThreeSeconds(cap));
			}
		});
	}

	static SkyWalkingSetting ignoredExtensions(RemoteIgnoreRules rules) {
		return new SkyWalkingSetting("agent.ignore_suffix", rules::extensions);
	}

	static SkyWalkingSetting ignoredPaths(RemoteIgnoreRules rules) {
		return new SkyWalkingSetting("agent.trace.ignore_path", rules::paths);
	}

	static SkyWalkingSetting spanLimit(Supplier<? extends @Nullable SkyWalkingExporter> provider) {
		return new SkyWalkingSetting("agent.span_limit_per_segment", (value) -> {
			int limit = (value != null) ? number(value, 1, MAX_SPANS) : 0;
			SkyWalkingExporter exporter = provider.get();
			if (exporter != null) {
				exporter.maxSpans(limit);
			}
		});
	}

	static SkyWalkingSetting bindValues(Supplier<? extends @Nullable JdbcTracing> provider) {
		return new SkyWalkingSetting("plugin.jdbc.trace_sql_parameters", (value) -> {
			Boolean recorded = (value != null) ? flag(value) : null;
			JdbcTracing tracing = provider.get();
			if (tracing != null) {
				tracing.setBindValues(recorded);
			}
		});
	}

	private static int number(String value, int from, int to) {
		try {
			int number = Integer.parseInt(value.strip());
			if (number >= from && number <= to) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw new IllegalArgumentException("a whole number of " + from + " or more is needed"
				+ ((to != Integer.MAX_VALUE) ? ", " + to + " at most" : ""));
	}

	private static Boolean flag(String value) {
		String text = value.strip();
		if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
			return Boolean.valueOf(text);
		}
		throw new IllegalArgumentException("'true' or 'false' is needed");
	}

}
