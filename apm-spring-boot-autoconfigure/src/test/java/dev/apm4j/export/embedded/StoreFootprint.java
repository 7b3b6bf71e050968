package dev.apm4j.export.embedded;

import java.time.Duration;
import java.util.List;

import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;

/**
 * Fills a store several times over and prints what it accounts for and what the heap has
 * grown by.
 */
final class StoreFootprint {

	private static final int TRACES = 100_000;

	private final Segments segments = new Segments();

	private StoreFootprint() {
	}

	public static void main(String[] args) {
		new StoreFootprint().measure();
	}

	private void measure() {
		// What is loaded and made once is there before.
		fill(new EmbeddedStore(1024 * 1024, Duration.ofSeconds(1)), 1000);
		EmbeddedStore store = new EmbeddedStore(8 * 1024 * 1024, Duration.ofSeconds(1));
		long before = usedHeap();
		fill(store, TRACES);
		long growth = usedHeap() - before;
		StoreStatus status = store.status();
		if (status.traces() + status.evicted() != TRACES
				|| store.find(Segments.traceId(TRACES - 1)).orElseThrow().spans().size() != 5) {
			throw new IllegalStateException("Not what was stored: " + status);
		}
		System.out.println("bytes=" + status.bytes() + " growth=" + growth);
	}

	private void fill(EmbeddedStore store, int traces) {
		EmbeddedExporter exporter = new EmbeddedExporter(store, "shop", "shop-1");
		for (int i = 0; i < traces; i++) {
			exporter.export(List.of(fiveSpans(i)));
		}
	}

	private Segment fiveSpans(int number) {
		return this.segments.segment(Segments.traceId(number), "GET /orders/{id}", number * 100L, 5000, (span) -> {
			span.tag("http.request.method", "GET")
				.tag("url.path", "/orders/" + number)
				.tag("http.response.status_code", 200);
			for (int i = 0; i < 4; i++) {
				this.segments.tracer()
					.nextSpan(span)
					.name("query")
					.kind(Span.Kind.CLIENT)
					.tag("db.query.text", "select * from orders where id = ?")
					.tag("server.address", "db.example")
					.start()
					.end();
			}
		});
	}

	private static long usedHeap() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

}
