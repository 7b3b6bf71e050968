package dev.apm4j.autoconfigure;

import dev.apm4j.export.Backend;
import dev.apm4j.export.BackendState;
import dev.apm4j.export.DropReason;
import dev.apm4j.export.ExportPipeline;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What the agent tells of itself: {@code apm.segments.*} by backend, and
 * {@code apm.pipeline.*} for what is common to all.
 */
final class ApmMeters implements MeterBinder {

	private final ExportPipeline pipeline;

	ApmMeters(ExportPipeline pipeline) {
		this.pipeline = pipeline;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("apm.pipeline.queued", this.pipeline, ExportPipeline::ingressSize)
			.description("Segments that the pipeline has not yet taken")
			.baseUnit("segments")
			.register(registry);
		Gauge.builder("apm.pipeline.incomplete", this.pipeline, ExportPipeline::waiting)
			.description("Segments that wait for work on other threads")
			.baseUnit("segments")
			.register(registry);
		for (DropReason reason : new DropReason[] { DropReason.INGRESS_FULL, DropReason.CLOSED }) {
			FunctionCounter.builder("apm.pipeline.dropped", this.pipeline, (source) -> source.dropped(reason))
				.description("Segments dropped before any backend")
				.tag("reason", reason.id())
				.baseUnit("segments")
				.register(registry);
		}
		this.pipeline.backends().forEach((backend) -> bind(registry, backend));
	}

	private static void bind(MeterRegistry registry, Backend backend) {
		Gauge.builder("apm.backend.up", backend, (source) -> (source.state() == BackendState.UP) ? 1 : 0)
			.description("1 if the last batch was delivered")
			.tag("backend", backend.name())
			.register(registry);
		Gauge.builder("apm.segments.queued", backend, Backend::queued)
			.description("Segments that wait for the backend")
			.tag("backend", backend.name())
			.baseUnit("segments")
			.register(registry);
		FunctionCounter.builder("apm.segments.offered", backend, Backend::offered)
			.description("Segments offered to the backend")
			.tag("backend", backend.name())
			.baseUnit("segments")
			.register(registry);
		FunctionCounter.builder("apm.segments.sent", backend, Backend::sent)
			.description("Segments that the backend took")
			.tag("backend", backend.name())
			.baseUnit("segments")
			.register(registry);
		for (DropReason reason : DropReason.values()) {
			FunctionCounter.builder("apm.segments.dropped", backend, (source) -> source.dropped(reason))
				.description("Segments that the backend lost")
				.tag("backend", backend.name())
				.tag("reason", reason.id())
				.baseUnit("segments")
				.register(registry);
		}
	}

}
