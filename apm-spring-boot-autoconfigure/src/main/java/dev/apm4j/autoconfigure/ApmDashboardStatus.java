package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.apm4j.dashboard.DashboardStatus;
import dev.apm4j.export.BackendStatus;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;

/**
 * What the page shows of the agent.
 */
final class ApmDashboardStatus implements DashboardStatus {

	private final ApmIdentity identity;

	private final ApmTracer tracer;

	private final ExportPipeline pipeline;

	private final InstrumentationReport instrumentations;

	private final List<BackendLeftOut> leftOut;

	ApmDashboardStatus(ApmIdentity identity, ApmTracer tracer, ExportPipeline pipeline,
			InstrumentationReport instrumentations, List<BackendLeftOut> leftOut) {
		this.identity = identity;
		this.tracer = tracer;
		this.pipeline = pipeline;
		this.instrumentations = instrumentations;
		this.leftOut = leftOut;
	}

	@Override
	public Snapshot snapshot() {
		SamplingPolicy policy = this.tracer.samplingPolicy();
		return new Snapshot(this.identity.service(), this.identity.instance(), this.identity.version(),
				this.identity.startedAt(), this.tracer.isPaused(),
				new Sampling(policy.rate(), policy.maxPerThreeSeconds(), policy.keepSlow(), policy.keepErrors()),
				Stream
					.concat(this.pipeline.status().backends().stream().map(ApmDashboardStatus::backend),
							this.leftOut.stream().map(ApmDashboardStatus::backend))
					.toList(),
				this.instrumentations.states()
					.stream()
					.map((state) -> new Instrumentation(state.name(), state.enabled(), state.reason()))
					.toList());
	}

	private static Backend backend(BackendStatus status) {
		return new Backend(status.name(), status.state().id(), status.queued(), status.offered(), status.sent(),
				ApmEndpoint.byReason(status.dropped()), status.lastError(), status.lastErrorAt(),
				status.lastSuccessAt(), status.notice());
	}

	private static Backend backend(BackendLeftOut backend) {
		return new Backend(backend.name(), "off", 0, 0, 0, Map.of(), null, null, null, backend.reason());
	}

}
