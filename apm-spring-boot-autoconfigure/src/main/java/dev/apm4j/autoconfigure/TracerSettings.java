package dev.apm4j.autoconfigure;

import java.time.Duration;

import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.SpanLimits;

import org.springframework.core.env.Environment;

/**
 * Checks the tracer's properties and turns them into what the tracer takes.
 */
final class TracerSettings {

	/** What an application that comes from Boot's own tracing has set. */
	private static final String BOOT_RATE = "management.tracing.sampling.probability";

	private final Environment environment;

	TracerSettings(Environment environment) {
		this.environment = environment;
	}

	SamplingPolicy sampling(ApmProperties.Sampling sampling) {
		Double rate = sampling.rate();
		String property = "apm.sampling.rate";
		if (rate == null) {
			rate = this.environment.getProperty(BOOT_RATE, Double.class, 1.0);
			property = BOOT_RATE;
		}
		Duration keepSlow = PropertyCheck.notNegative("apm.sampling.keep-slow", sampling.keepSlow());
		return new SamplingPolicy(PropertyCheck.range(property, rate, 0.0, 1.0),
				PropertyCheck.atLeast("apm.sampling.max-per-three-seconds", sampling.maxPerThreeSeconds(), 0),
				keepSlow.isZero() ? null : keepSlow, sampling.keepErrors());
	}

	static SpanLimits limits(ApmProperties.Limits limits) {
		return new SpanLimits(PropertyCheck.atLeast("apm.limits.spans", limits.spans(), 1),
				PropertyCheck.atLeast("apm.limits.attributes", limits.attributes(), 1),
				PropertyCheck.atLeast("apm.limits.text-length", limits.textLength(), 16),
				PropertyCheck.atLeast("apm.limits.events", limits.events(), 0),
				PropertyCheck.atLeast("apm.limits.links", limits.links(), 0));
	}

}
