package dev.apm4j.benchmarks;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * What one request needs of a tracer: {@code traceparent} is read, an entry span with
 * four attributes is made current, and two calls are made, each with an exit span of four
 * attributes and a {@code traceparent} of its own.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {

	/**
	 * The tracer of apm4j.
	 * @param tracing the tracer
	 * @param headers received and sent
	 */
	@Benchmark
	public void apm4j(Apm4jTracing tracing, Headers headers) {
		MicrometerCalls.request(tracing.tracer, tracing.propagator, headers.received, headers.sent);
	}

	/**
	 * Brave's own interface.
	 * @param tracing the tracer
	 * @param headers received and sent
	 */
	@Benchmark
	public void brave(BraveTracing tracing, Headers headers) {
		tracing.request(headers.received, headers.sent);
	}

	/**
	 * Brave through Micrometer Tracing.
	 * @param tracing the tracer
	 * @param headers received and sent
	 */
	@Benchmark
	public void micrometerBrave(BraveTracing tracing, Headers headers) {
		MicrometerCalls.request(tracing.bridge, tracing.bridgePropagator, headers.received, headers.sent);
	}

	/**
	 * The OpenTelemetry SDK's own interface.
	 * @param tracing the tracer
	 * @param headers received and sent
	 */
	@Benchmark
	public void otel(OtelTracing tracing, Headers headers) {
		tracing.request(headers.received, headers.sent);
	}

	/**
	 * The OpenTelemetry SDK through Micrometer Tracing.
	 * @param tracing the tracer
	 * @param headers received and sent
	 */
	@Benchmark
	public void micrometerOtel(OtelTracing tracing, Headers headers) {
		MicrometerCalls.request(tracing.bridge, tracing.bridgePropagator, headers.received, headers.sent);
	}

}
