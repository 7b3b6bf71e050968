package dev.apm4j.benchmarks;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * A span with three attributes that begins a trace, from its making to its end, not made
 * current.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RootSpanBenchmark {

	/**
	 * The tracer of apm4j.
	 * @param tracing the tracer
	 */
	@Benchmark
	public void apm4j(Apm4jTracing tracing) {
		MicrometerCalls.span(tracing.tracer).end();
	}

	/**
	 * Brave's own interface.
	 * @param tracing the tracer
	 */
	@Benchmark
	public void brave(BraveTracing tracing) {
		tracing.span().finish();
	}

	/**
	 * Brave through Micrometer Tracing.
	 * @param tracing the tracer
	 */
	@Benchmark
	public void micrometerBrave(BraveTracing tracing) {
		MicrometerCalls.span(tracing.bridge).end();
	}

	/**
	 * The OpenTelemetry SDK's own interface.
	 * @param tracing the tracer
	 */
	@Benchmark
	public void otel(OtelTracing tracing) {
		tracing.span().end();
	}

	/**
	 * The OpenTelemetry SDK through Micrometer Tracing.
	 * @param tracing the tracer
	 */
	@Benchmark
	public void micrometerOtel(OtelTracing tracing) {
		MicrometerCalls.span(tracing.bridge).end();
	}

}
