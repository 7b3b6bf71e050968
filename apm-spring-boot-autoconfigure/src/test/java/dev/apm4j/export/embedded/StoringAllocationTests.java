package dev.apm4j.export.embedded;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import com.sun.management.ThreadMXBean;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What it may allocate to count a trace and to put it into the full store: the trace
 * itself, in its binary form, and little else.
 */
class StoringAllocationTests {

	private static final int TRACES = 500;

	/** Most that the compiler may need. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Segments segments = new Segments();

	private final Statements statements = new Statements(this.segments);

	private final EmbeddedStore store = new EmbeddedStore(EmbeddedStore.MIN_BYTES, Duration.ofSeconds(10));

	private final EmbeddedExporter exporter = new EmbeddedExporter(this.store, "shop", "web-1:4711");

	private final EndpointAggregates endpoints = new EndpointAggregates();

	private final StatementAggregates sql = new StatementAggregates();

	private final SpanTemplate orders = Statements.select("orders");

	private final SpanTemplate customers = Statements.select("customers");

	@Test
	void traceWithOneSpanAllocatesAtMost750Bytes() {
		assertThat(bytesPerTrace(() -> request(false), 750)).isBetween(1L, 750L);
	}

	@Test
	void traceWithSevenSpansAllocatesAtMost1600Bytes() {
		assertThat(bytesPerTrace(() -> request(true), 1600)).isBetween(1L, 1600L);
		assertThat(this.store.list(TraceQuery.newest(1)).get(0).spanCount()).isEqualTo(7);
	}

	private Segment request(boolean calls) {
		ApmSpan root = this.segments.tracer().nextSegment(null).kind(Span.Kind.SERVER).name("GET /orders/{id}");
		root.tag("http.request.method", "GET")
			.tag("url.path", "/orders/17")
			.tag("url.scheme", "http")
			.tag("server.address", "shop.example.com")
			.tag("http.route", "/orders/{id}")
			.tag("http.response.status_code", 200);
		return this.statements.segment(root, () -> {
			if (calls) {
				this.statements.execute(this.orders, 1);
				this.statements.execute(this.customers, 1);
				for (int i = 0; i < 2; i++) {
					this.segments.tracer()
						.nextSpan()
						.name("GET")
						.tag("url.full", "http://stock/items/17")
						.tag("http.response.status_code", 200)
						.start()
						.end();
					this.segments.tracer().nextSpan().name("OrderService.find").start().end();
				}
			}
		});
	}

	private long bytesPerTrace(Supplier<Segment> request, long enough) {
		long least = Long.MAX_VALUE;
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while ((least > enough || this.store.status().evicted() == 0) && System.nanoTime() < deadline) {
			List<Segment> batch = new ArrayList<>();
			for (int i = 0; i < TRACES; i++) {
				Segment segment = request.get();
				// Usually the request's own thread has asked for it, for the log.
				segment.traceId();
				batch.add(segment);
			}
			long before = this.threads.getCurrentThreadAllocatedBytes();
			for (Segment segment : batch) {
				this.endpoints.count(segment);
				this.sql.count(segment);
			}
			this.exporter.export(batch);
			least = Math.min(least, (this.threads.getCurrentThreadAllocatedBytes() - before) / TRACES);
		}
		return least;
	}

}
