package dev.apm4j.benchmarks;

import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A span with three attributes below a current one, from its making to its end. Each
 * figure contains a hundredth of the root that the span needs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ChildSpanBenchmark {

	/** Far below the number of spans at which a segment of apm4j is full. */
	private static final int SPANS = 100;

	/**
	 * Whether the span is made current, as around a method, or not, as for a client call.
	 */
	@Param({ "false", "true" })
	private boolean scope;

	/**
	 * The tracer of apm4j.
	 * @param tracing the tracer
	 */
	@Benchmark
	@OperationsPerInvocation(SPANS)
	public void apm4j(Apm4jTracing tracing) {
		spans(tracing.tracer);
	}

	/**
	 * Brave's own interface.
	 * @param tracing the tracer
	 */
	@Benchmark
	@OperationsPerInvocation(SPANS)
	public void brave(BraveTracing tracing) {
		brave.Span root = tracing.tracer.nextSpan().name("GET /orders/{id}").start();
		try (brave.Tracer.SpanInScope rootScope = tracing.tracer.withSpanInScope(root)) {
			for (int i = 0; i < SPANS; i++) {
				brave.Span span = tracing.span();
				if (this.scope) {
					tracing.tracer.withSpanInScope(span).close();
				}
				span.finish();
			}
		}
		root.finish();
	}

	/**
	 * Brave through Micrometer Tracing.
	 * @param tracing the tracer
	 */
	@Benchmark
	@OperationsPerInvocation(SPANS)
	public void micrometerBrave(BraveTracing tracing) {
		spans(tracing.bridge);
	}

	/**
	 * The OpenTelemetry SDK's own interface.
	 * @param tracing the tracer
	 */
	@Benchmark
	@OperationsPerInvocation(SPANS)
	public void otel(OtelTracing tracing) {
		io.opentelemetry.api.trace.Span root = tracing.tracer.spanBuilder("GET /orders/{id}").startSpan();
		try (io.opentelemetry.context.Scope rootScope = root.makeCurrent()) {
			for (int i = 0; i < SPANS; i++) {
				io.opentelemetry.api.trace.Span span = tracing.span();
				if (this.scope) {
					span.makeCurrent().close();
				}
				span.end();
			}
		}
		root.end();
	}

	/**
	 * The OpenTelemetry SDK through Micrometer Tracing.
	 * @param tracing the tracer
	 */
	@Benchmark
	@OperationsPerInvocation(SPANS)
	public void micrometerOtel(OtelTracing tracing) {
		spans(tracing.bridge);
	}

	private void spans(Tracer tracer) {
		Span root = tracer.nextSpan().name("GET /orders/{id}").start();
		try (Tracer.SpanInScope rootScope = tracer.withSpan(root)) {
			for (int i = 0; i < SPANS; i++) {
				Span span = MicrometerCalls.span(tracer);
				if (this.scope) {
					tracer.withSpan(span).close();
				}
				span.end();
			}
		}
		root.end();
	}

}
