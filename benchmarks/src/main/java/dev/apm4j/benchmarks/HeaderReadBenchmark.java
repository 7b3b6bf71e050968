package dev.apm4j.benchmarks;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * Reading {@code traceparent}. Through Micrometer Tracing the result is the builder of an
 * entry span, not only the context that the others return.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderReadBenchmark {

	/**
	 * The tracer of apm4j.
	 * @param tracing the tracer
	 * @param headers received
	 * @return what was read
	 */
	@Benchmark
	public Object apm4j(Apm4jTracing tracing, Headers headers) {
		return tracing.propagator.extract(headers.received, MicrometerCalls.GETTER);
	}

	/**
	 * Brave's own interface.
	 * @param tracing the tracer
	 * @param headers received
	 * @return what was read
	 */
	@Benchmark
	public Object brave(BraveTracing tracing, Headers headers) {
		return tracing.extractor.extract(headers.received);
	}

	/**
	 * Brave through Micrometer Tracing.
	 * @param tracing the tracer
	 * @param headers received
	 * @return what was read
	 */
	@Benchmark
	public Object micrometerBrave(BraveTracing tracing, Headers headers) {
		return tracing.bridgePropagator.extract(headers.received, MicrometerCalls.GETTER);
	}

	/**
	 * The OpenTelemetry SDK's own interface.
	 * @param tracing the tracer
	 * @param headers received
	 * @return what was read
	 */
	@Benchmark
	public Object otel(OtelTracing tracing, Headers headers) {
		return tracing.propagator.extract(io.opentelemetry.context.Context.root(), headers.received,
				OtelTracing.GETTER);
	}

	/**
	 * The OpenTelemetry SDK through Micrometer Tracing.
	 * @param tracing the tracer
	 * @param headers received
	 * @return what was read
	 */
	@Benchmark
	public Object micrometerOtel(OtelTracing tracing, Headers headers) {
		return tracing.bridgePropagator.extract(headers.received, MicrometerCalls.GETTER);
	}

}
