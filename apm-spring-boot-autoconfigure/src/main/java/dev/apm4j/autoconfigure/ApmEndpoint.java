package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.apm4j.export.BackendStatus;
import dev.apm4j.export.DropReason;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.PipelineStatus;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.usage.UsageTracking;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The state of the agent at {@code /actuator/apm}, and the switches that can be thrown
 * while the application runs. It never shows a secret: neither licence keys nor
 * credentials in addresses are part of any of its values.
 */
@Endpoint(id = "apm")
public class ApmEndpoint {

	private final ApmIdentity identity;

	private final ApmTracer tracer;

	private final ExportPipeline pipeline;

	private final PropagationDescriptor propagation;

	private final InstrumentationReport instrumentations;

	private final UnhookedReport unhooked;

	private final List<BackendLeftOut> leftOut;

	private final @Nullable UsageTracking usage;

	ApmEndpoint(ApmIdentity identity, ApmTracer tracer, ExportPipeline pipeline, PropagationDescriptor propagation,
			InstrumentationReport instrumentations, UnhookedReport unhooked, List<BackendLeftOut> leftOut,
			@Nullable UsageTracking usage) {
		this.identity = identity;
		this.tracer = tracer;
		this.pipeline = pipeline;
		this.propagation = propagation;
		this.instrumentations = instrumentations;
		this.unhooked = unhooked;
		this.leftOut = leftOut;
		this.usage = usage;
	}

	/**
	 * The state of the agent.
	 * @return the state
	 */
	@ReadOperation
	public ApmDescriptor apm() {
		PipelineStatus status = this.pipeline.status();
		return new ApmDescriptor(this.identity.version(), this.identity.service(), this.identity.instance(),
				Duration.between(this.identity.startedAt(), Instant.now()).toString(), this.tracer.isPaused(),
				SamplingDescriptor.of(this.tracer.samplingPolicy()), this.propagation, PipelineDescriptor.of(status),
				Stream
					.concat(status.backends().stream().map(BackendDescriptor::of),
							this.leftOut.stream().map(BackendDescriptor::of))
					.toList(),
				this.instrumentations.states(), this.unhooked.findings(),
				(this.usage != null) ? DeadCodeDescriptor.of(this.usage) : null);
	}

	/**
	 * Pauses or resumes tracing, or changes the head sampling rate. What is not given
	 * stays as it is.
	 * @param paused whether tracing is to be paused
	 * @param samplingRate the new rate, 0.0 to 1.0
	 * @return the state afterwards
	 */
	// Boot 3.5 knows an optional parameter by Spring's own annotation only.
	@WriteOperation
	public ApmDescriptor change(@org.springframework.lang.Nullable Boolean paused,
			@org.springframework.lang.Nullable Double samplingRate) {
		if (paused == null && samplingRate == null) {
			throw new InvalidEndpointRequestException("Nothing to change",
					"Give 'paused' (true or false) or 'samplingRate' (0.0 to 1.0)");
		}
		if (samplingRate != null) {
			if (!(samplingRate >= 0.0 && samplingRate <= 1.0)) {
				throw new InvalidEndpointRequestException("samplingRate is out of range",
						"'samplingRate' must be from 0.0 to 1.0");
			}
			this.tracer.setSamplingPolicy(this.tracer.samplingPolicy().withRate(samplingRate));
		}
		if (paused != null) {
			if (paused) {
				this.tracer.pause();
			}
			else {
				this.tracer.resume();
			}
		}
		return apm();
	}

	static Map<String, Long> byReason(Map<DropReason, Long> dropped) {
		Map<String, Long> byReason = new TreeMap<>();
		dropped.forEach((reason, count) -> byReason.put(reason.id(), count));
		return byReason;
	}

	/**
	 * The agent.
	 *
	 * @param version version of the agent
	 * @param service name of the service in traces
	 * @param instance name of this instance
	 * @param uptime time since the start, as in ISO 8601
	 * @param paused whether tracing is paused
	 * @param sampling the sampling in force
	 * @param propagation the headers in force
	 * @param pipeline what is on its way to the backends
	 * @param backends the backends
	 * @param instrumentations the instrumentations
	 * @param unhooked what was found in the application but is not traced
	 * @param deadCode the search for dead code, if it is on
	 */
	public record ApmDescriptor(String version, String service, String instance, String uptime, boolean paused,
			SamplingDescriptor sampling, PropagationDescriptor propagation, PipelineDescriptor pipeline,
			List<BackendDescriptor> backends, List<InstrumentationDescriptor> instrumentations, List<Finding> unhooked,
			@Nullable DeadCodeDescriptor deadCode) {
	}

	/**
	 * The sampling in force.
	 *
	 * @param rate head rate, 0.0 to 1.0
	 * @param maxPerThreeSeconds cap on new traces, 0 for none
	 * @param keepSlow from which duration unsampled segments are kept, in ISO 8601
	 * @param keepErrors whether failed segments are kept
	 */
	public record SamplingDescriptor(double rate, int maxPerThreeSeconds, @Nullable String keepSlow,
			boolean keepErrors) {

		static SamplingDescriptor of(SamplingPolicy policy) {
			Duration keepSlow = policy.keepSlow();
			return new SamplingDescriptor(policy.rate(), policy.maxPerThreeSeconds(),
					(keepSlow != null) ? keepSlow.toString() : null, policy.keepErrors());
		}

	}

	/**
	 * The trace headers in force.
	 *
	 * @param consume formats that are read, in order of precedence
	 * @param produce formats that are written
	 */
	public record PropagationDescriptor(List<String> consume, List<String> produce) {
	}

	/**
	 * What is on its way to the backends.
	 *
	 * @param queue segments that the pipeline has not yet taken
	 * @param capacity how many may wait there
	 * @param incomplete segments that wait for work on other threads
	 * @param late segments that were passed on without waiting any longer
	 * @param dropped segments dropped before any backend, by reason
	 */
	public record PipelineDescriptor(int queue, int capacity, int incomplete, long late, Map<String, Long> dropped) {

		static PipelineDescriptor of(PipelineStatus status) {
			return new PipelineDescriptor(status.ingressSize(), status.ingressCapacity(), status.waiting(),
					status.late(), byReason(status.dropped()));
		}

	}

	/**
	 * A backend.
	 *
	 * @param name its name
	 * @param state connecting, up, down or closed; off if it was left out on purpose
	 * @param queue segments that wait for it
	 * @param capacity how many may wait
	 * @param offered segments offered to it
	 * @param sent segments it took
	 * @param dropped segments dropped, by reason
	 * @param lastError what went wrong last
	 * @param lastErrorAt when
	 * @param notice what the backend itself has to say
	 */
	public record BackendDescriptor(String name, String state, int queue, int capacity, long offered, long sent,
			Map<String, Long> dropped, @Nullable String lastError, @Nullable Instant lastErrorAt,
			@Nullable String notice) {

		static BackendDescriptor of(BackendLeftOut backend) {
			return new BackendDescriptor(backend.name(), "off", 0, 0, 0, 0, Map.of(), null, null, backend.reason());
		}

		static BackendDescriptor of(BackendStatus status) {
			return new BackendDescriptor(status.name(), status.state().id(), status.queued(), status.queueCapacity(),
					status.offered(), status.sent(), byReason(status.dropped()), status.lastError(),
					status.lastErrorAt(), status.notice());
		}

	}

	/**
	 * One instrumentation.
	 *
	 * @param name name in {@code apm.instrumentation.<name>.enabled}
	 * @param enabled whether it is on
	 * @param reason why it is on or off
	 */
	public record InstrumentationDescriptor(String name, boolean enabled, String reason) {
	}

	/**
	 * Something in the application that is not traced.
	 *
	 * @param what what was found
	 * @param hint what to do about it
	 */
	public record Finding(String what, String hint) {
	}

}
