package dev.apm4j.export;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;

/**
 * A tracer with a pipeline behind it and one tally.
 */
final class PipelineFixture implements AutoCloseable {

	static final Duration LONG = Duration.ofSeconds(30);

	final AtomicLong tallied = new AtomicLong();

	final ExportPipeline pipeline;

	final ApmTracer tracer;

	PipelineFixture(PipelineSettings settings, SegmentExporter... exporters) {
		this(settings, SamplingPolicy.ALWAYS, exporters);
	}

	PipelineFixture(PipelineSettings settings, SamplingPolicy sampling, SegmentExporter... exporters) {
		SegmentTally tally = (segment) -> this.tallied.incrementAndGet();
		this.pipeline = new ExportPipeline(settings, List.of(exporters), List.of(tally), this::tracer);
		this.tracer = ApmTracer.builder().sink(this.pipeline).sampling(sampling).build();
	}

	/** Quick waits, so that a test that fails does so soon. */
	static PipelineSettings.Builder quick() {
		return PipelineSettings.builder()
			.pollInterval(Duration.ofMillis(5))
			.batch(100, 1000, Duration.ofMillis(10))
			.retry(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(30))
			.shutdownTimeout(Duration.ofSeconds(20));
	}

	private ApmTracer tracer() {
		return this.tracer;
	}

	PipelineFixture start() {
		this.pipeline.start();
		return this;
	}

	void segment(String name) {
		this.tracer.nextSpan().name(name).start().end();
	}

	void segments(int count) {
		for (int i = 0; i < count; i++) {
			segment("s" + i);
		}
	}

	Backend backend(String name) {
		return this.pipeline.backends()
			.stream()
			.filter((backend) -> backend.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.pipeline.close();
	}

}
