package dev.apm4j;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.W3cCodec;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What spans and headers may allocate on a request's thread. Bytes, unlike times, are the
 * same on every machine; {@code docs/performance.md} compares them with other tracers.
 */
class AllocationTests {

	private static final int ROUNDS = 500;

	/** Most that the compiler may need to find out what doesn't leave a method. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Propagator.Getter<Map<String, String>> GETTER = Map::get;

	private static final Propagator.Setter<Map<String, String>> SETTER = Map::put;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/** A field, or the compiler could remove a segment that goes nowhere. */
	@SuppressWarnings("unused")
	private Segment last;

	private final Tracer tracer = ApmTracer.builder().sink((segment) -> this.last = segment).build();

	private final Propagator propagator = new ApmPropagator((ApmTracer) this.tracer, List.of(new W3cCodec()),
			List.of(new W3cCodec()));

	private final Map<String, String> received = Map.of("traceparent",
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

	private final Map<String, String> sent = new HashMap<>();

	@Test
	void childSpanWithThreeAttributesAllocatesAtMost200Bytes() {
		assertThat(bytesPerRound(this::childSpans, 200)).isBetween(1L, 200L);
	}

	@Test
	void requestWithTwoCallsAndTheirHeadersAllocatesAtMost1200Bytes() {
		assertThat(bytesPerRound(this::requests, 1200)).isBetween(1L, 1200L);
		assertThat(this.sent.get("traceparent")).hasSize(55);
	}

	private void childSpans() {
		Span root = this.tracer.nextSpan().name("GET /orders/{id}").start();
		try (Tracer.SpanInScope rootScope = this.tracer.withSpan(root)) {
			for (int i = 0; i < ROUNDS; i++) {
				Span span = this.tracer.nextSpan()
					.name("OrderService.find")
					.tag("code.function.name", "OrderService.find")
					.tag("code.namespace", "shop.order")
					.tag("thread.name", "http-nio-8080-exec-1")
					.start();
				try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
					span.end();
				}
			}
		}
		root.end();
	}

	private void requests() {
		for (int i = 0; i < ROUNDS; i++) {
			Span entry = this.propagator.extract(this.received, GETTER)
				.kind(Span.Kind.SERVER)
				.name("GET /orders/{id}")
				.start();
			try (Tracer.SpanInScope scope = this.tracer.withSpan(entry)) {
				entry.tag("http.request.method", "GET").tag("url.path", "/orders/17");
				call();
				call();
				entry.tag("http.route", "/orders/{id}").tag("http.response.status_code", 200);
			}
			entry.end();
		}
	}

	private void call() {
		Span exit = this.tracer.spanBuilder().kind(Span.Kind.CLIENT).name("GET").start();
		this.propagator.inject(exit.context(), this.sent, SETTER);
		exit.tag("http.request.method", "GET")
			.tag("url.full", "http://stock/items/17")
			.tag("server.address", "stock")
			.tag("http.response.status_code", 200);
		exit.end();
	}

	private long bytesPerRound(Runnable rounds, long enough) {
		long least = Long.MAX_VALUE;
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (least > enough && System.nanoTime() < deadline) {
			long before = this.threads.getCurrentThreadAllocatedBytes();
			rounds.run();
			least = Math.min(least, (this.threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS);
		}
		return least;
	}

}
