package dev.apm4j.benchmarks;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * Writing {@code traceparent}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderWriteBenchmark {

	/**
	 * The tracer of apm4j.
	 * @param tracing the tracer
	 * @param headers sent
	 */
	@Benchmark
	public void apm4j(Apm4jTracing tracing, Headers headers) {
		tracing.propagator.inject(tracing.parent.context(), headers.sent, MicrometerCalls.SETTER);
	}

	/**
	 * Brave's own interface.
	 * @param tracing the tracer
	 * @param headers sent
	 */
	@Benchmark
	public void brave(BraveTracing tracing, Headers headers) {
		tracing.injector.inject(tracing.parent.context(), headers.sent);
	}

	/**
	 * Brave through Micrometer Tracing.
	 * @param tracing the tracer
	 * @param headers sent
	 */
	@Benchmark
	public void micrometerBrave(BraveTracing tracing, Headers headers) {
		tracing.bridgePropagator.inject(tracing.bridgeParent.context(), headers.sent, MicrometerCalls.SETTER);
	}

	/**
	 * The OpenTelemetry SDK's own interface.
	 * @param tracing the tracer
	 * @param headers sent
	 */
	@Benchmark
	public void otel(OtelTracing tracing, Headers headers) {
		tracing.propagator.inject(tracing.parent, headers.sent, OtelTracing.SETTER);
	}

	/**
	 * The OpenTelemetry SDK through Micrometer Tracing.
	 * @param tracing the tracer
	 * @param headers sent
	 */
	@Benchmark
	public void micrometerOtel(OtelTracing tracing, Headers headers) {
		tracing.bridgePropagator.inject(tracing.bridgeParent.context(), headers.sent, MicrometerCalls.SETTER);
	}

}
