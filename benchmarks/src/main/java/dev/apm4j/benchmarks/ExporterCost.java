package dev.apm4j.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import dev.apm4j.export.DropReason;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.PipelineSettings;
import dev.apm4j.export.embedded.EmbeddedExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.ExitCall;
import dev.apm4j.trace.ExitCalls;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

/**
 * What the two threads of the embedded backend allocate and take for a trace: the
 * pipeline, the tallies, the queue, encoding and storing. The store is full, so that each
 * trace also pushes one out. At the end as many requests as possible, which is more than
 * the threads can take.
 */
public final class ExporterCost {

	private static final int TRACES = 4000;

	private static final int WARM_UP = 25;

	private static final int ROUNDS = 15;

	private static final int STORE_BYTES = 4 * 1024 * 1024;

	private static final int FLOOD_SECONDS = 5;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final EndpointAggregates endpoints = new EndpointAggregates();

	private final ExportPipeline pipeline;

	private final ApmTracer tracer;

	private final ExitCalls calls;

	private final List<SpanTemplate> statements = List.of(statement("orders"), statement("customers"));

	private ExporterCost() {
		EmbeddedStore store = new EmbeddedStore(STORE_BYTES, Duration.ofSeconds(1));
		this.pipeline = new ExportPipeline(PipelineSettings.DEFAULT,
				List.of(new EmbeddedExporter(store, "shop", "web-1:4711")),
				List.of(this.endpoints, new StatementAggregates()), this::tracer);
		this.tracer = ApmTracer.builder().sink(this.pipeline).build();
		this.calls = new ExitCalls(this.tracer, 50, Map::of);
		this.pipeline.start();
	}

	/**
	 * Measures once.
	 * @param args none
	 */
	public static void main(String[] args) {
		ExporterCost cost = new ExporterCost();
		cost.measure("1 span", cost::request, System.out);
		cost.measure("7 spans", cost::requestWithCalls, System.out);
		cost.idle(System.out);
		cost.flood(System.out);
		cost.pipeline.close();
	}

	private ApmTracer tracer() {
		return this.tracer;
	}

	private void measure(String what, Runnable request, PrintStream out) {
		for (int i = 0; i < WARM_UP; i++) {
			traces(request);
		}
		long[] least = { Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE };
		for (int i = 0; i < ROUNDS; i++) {
			long[] before = figures();
			traces(request);
			long[] after = figures();
			for (int each = 0; each < least.length; each++) {
				least[each] = Math.min(least[each], (after[each] - before[each]) / TRACES);
			}
		}
		out.printf("%s: pipeline %d B, %d ns of CPU; export %d B, %d ns of CPU%n", what, least[0], least[1], least[2],
				least[3]);
	}

	/** Without a drop, so that each trace is in the figures. */
	private void traces(Runnable request) {
		for (int i = 0; i < TRACES; i++) {
			request.run();
		}
		if (!this.pipeline.flush(Duration.ofSeconds(30)) || this.pipeline.dropped(DropReason.INGRESS_FULL) > 0) {
			throw new IllegalStateException(this.pipeline.status().toString());
		}
	}

	private void idle(PrintStream out) {
		long[] before = figures();
		sleep(Duration.ofSeconds(FLOOD_SECONDS));
		long[] after = figures();
		out.printf("idle: pipeline %d B, %d us of CPU; export %d B, %d us of CPU in a second%n",
				(after[0] - before[0]) / FLOOD_SECONDS, (after[1] - before[1]) / 1000 / FLOOD_SECONDS,
				(after[2] - before[2]) / FLOOD_SECONDS, (after[3] - before[3]) / 1000 / FLOOD_SECONDS);
	}

	private void flood(PrintStream out) {
		long counted = counted();
		long[] before = figures();
		long end = System.nanoTime() + Duration.ofSeconds(FLOOD_SECONDS).toNanos();
		long made = 0;
		while (System.nanoTime() < end) {
			request();
			made++;
		}
		this.pipeline.flush(Duration.ofSeconds(30));
		long[] after = figures();
		out.printf("%d requests in %d s: %d counted, %s; pipeline %d ms, export %d ms of CPU%n", made, FLOOD_SECONDS,
				counted() - counted, this.pipeline.status(), (after[1] - before[1]) / 1_000_000,
				(after[3] - before[3]) / 1_000_000);
	}

	private long counted() {
		return this.endpoints.endpoints().stream().mapToLong((endpoint) -> endpoint.count()).sum();
	}

	private long[] figures() {
		long[] figures = new long[4];
		for (ThreadInfo thread : this.threads.getThreadInfo(this.threads.getAllThreadIds())) {
			int at = (thread == null) ? -1 : switch (thread.getThreadName()) {
				case "apm-pipeline" -> 0;
				case "apm-export-embedded" -> 2;
				default -> -1;
			};
			if (at >= 0) {
				figures[at] = this.threads.getThreadAllocatedBytes(thread.getThreadId());
				figures[at + 1] = this.threads.getThreadCpuTime(thread.getThreadId());
			}
		}
		return figures;
	}

	private void request() {
		ApmSpan root = begin();
		root.end();
	}

	private void requestWithCalls() {
		ApmSpan root = begin();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			for (SpanTemplate statement : this.statements) {
				ExitCall call = this.calls.newCall();
				call.begin(statement, 0);
				call.succeeded();
				call.addRows(1);
			}
			for (int i = 0; i < 2; i++) {
				Span call = this.tracer.spanBuilder().kind(Span.Kind.CLIENT).name("GET").start();
				call.tag("http.request.method", "GET")
					.tag("url.full", "http://stock/items/17")
					.tag("server.address", "stock")
					.tag("server.port", 8080)
					.tag("http.response.status_code", 200);
				call.end();
				this.tracer.nextSpan()
					.name("OrderService.find")
					.tag("code.function.name", "OrderService.find")
					.start()
					.end();
			}
		}
		root.end();
	}

	private ApmSpan begin() {
		ApmSpan root = this.tracer.nextSegment(null).kind(Span.Kind.SERVER).name("GET /orders/{id}").start();
		root.tag("http.request.method", "GET")
			.tag("url.path", "/orders/17")
			.tag("url.scheme", "http")
			.tag("server.address", "shop.example.com")
			.tag("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")
			.tag("http.route", "/orders/{id}")
			.tag("http.response.status_code", 200);
		return root;
	}

	private static SpanTemplate statement(String table) {
		return SpanTemplate.of("SELECT " + table, Span.Kind.CLIENT,
				Map.of(DatabaseAttributes.SYSTEM, "h2database", DatabaseAttributes.NAMESPACE, "shop",
						DatabaseAttributes.OPERATION, "SELECT", DatabaseAttributes.COLLECTION, table,
						DatabaseAttributes.QUERY_TEXT, "SELECT id, name FROM " + table + " WHERE id = ?"),
				SpanLimits.DEFAULT);
	}

	private static void sleep(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
