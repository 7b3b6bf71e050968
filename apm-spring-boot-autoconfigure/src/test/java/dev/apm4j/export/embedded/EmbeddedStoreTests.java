package dev.apm4j.export.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

class EmbeddedStoreTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final Consumer<ApmSpan> NOTHING = (span) -> {
	};

	private static final Consumer<ApmSpan> KILOBYTE = (span) -> span.tag("payload", "x".repeat(1000));

	private final Segments segments = new Segments();

	private final EmbeddedStore store = new EmbeddedStore(MEGABYTE, Duration.ofSeconds(1));

	private final EmbeddedExporter exporter = new EmbeddedExporter(this.store, "shop", "shop-1");

	private void add(String traceId, String name, long start, long duration, Consumer<ApmSpan> content) {
		this.exporter.export(List.of(this.segments.segment(traceId, name, start, duration, content)));
	}

	private List<String> names(TraceQuery query) {
		return this.store.list(query).stream().map(TraceSummary::name).toList();
	}

	@Test
	void listsNewestFirstWhateverTheOrderOfArrival() {
		add(Segments.traceId(1), "b", 200, 10, NOTHING);
		add(Segments.traceId(2), "c", 300, 10, NOTHING);
		add(Segments.traceId(3), "a", 100, 10, NOTHING);
		assertThat(names(TraceQuery.newest(50))).containsExactly("c", "b", "a");
		assertThat(names(TraceQuery.newest(2))).containsExactly("c", "b");
	}

	@Test
	void summaryTellsWhatTheTraceIs() {
		add(Segments.traceId(1), "GET /orders/{id}", 0, 1_500_000, (span) -> {
			span.tag("http.response.status_code", 503).tag("error.type", "503");
			ApmSpan child = this.segments.tracer().nextSpan(span).name("query").start();
			child.end();
		});
		assertThat(this.store.list(TraceQuery.newest(1))).containsExactly(new TraceSummary(Segments.traceId(1),
				"GET /orders/{id}", "shop", List.of("shop"), "SERVER", Segments.EPOCH,
				this.store.list(TraceQuery.newest(1)).get(0).duration(), 2, true, true, false, 503));
	}

	@Test
	void aTraceSaysWhetherACallWasRepeatedInAnySegment() {
		Statements sql = new Statements(this.segments);
		this.exporter.export(List.of(sql.request("GET /orders", () -> sql.execute(Statements.select("items"), 20)),
				sql.request("GET /items", () -> sql.execute(Statements.select("items"), 2))));
		assertThat(this.store.list(TraceQuery.newest(5))).extracting(TraceSummary::name, TraceSummary::repeated)
			.containsExactlyInAnyOrder(tuple("GET /orders", true), tuple("GET /items", false));
		String traceId = this.store.list(new TraceQuery(1, null, "orders", 0, null)).get(0).traceId();
		add(traceId, "later", 1_000_000_000_000L, 10, NOTHING);
		assertThat(this.store.find(traceId).orElseThrow().summary().repeated()).isTrue();
	}

	@Test
	void filtersByServiceNameDurationAndError() {
		add(Segments.traceId(1), "GET /orders", 0, 100, NOTHING);
		add(Segments.traceId(2), "POST /orders", 1, 5000, (span) -> span.tag("error.type", "500"));
		new EmbeddedExporter(this.store, "stock", "stock-1")
			.export(List.of(this.segments.segment(Segments.traceId(3), "GET /stock", 2, 7000, NOTHING)));
		assertThat(names(new TraceQuery(50, "stock", null, 0, null))).containsExactly("GET /stock");
		assertThat(names(new TraceQuery(50, "none", null, 0, null))).isEmpty();
		assertThat(names(new TraceQuery(50, null, "get /ORD", 0, null))).containsExactly("GET /orders");
		assertThat(names(new TraceQuery(50, null, null, 5000, null))).containsExactly("GET /stock", "POST /orders");
		assertThat(names(new TraceQuery(50, null, null, 0, true))).containsExactly("POST /orders");
		assertThat(names(new TraceQuery(50, null, null, 0, false))).containsExactly("GET /stock", "GET /orders");
	}

	@Test
	void segmentsOfATraceAreOneTraceThoughTheCalledSideArrivesFirst() {
		String traceId = Segments.traceId(7);
		new EmbeddedExporter(this.store, "stock", "stock-1").export(List.of(this.segments.segment(traceId,
				"00000000000000bb", "GET /stock", Span.Kind.SERVER, 2000, 1000, NOTHING)));
		add(traceId, "GET /orders", 1000, 5000, (span) -> span.tag("http.response.status_code", 200));
		this.exporter.export(List
			.of(this.segments.segment(traceId, "00000000000000cc", "mail", Span.Kind.CONSUMER, 7000, 2000, NOTHING)));
		TraceSummary summary = this.store.list(TraceQuery.newest(50)).get(0);
		assertThat(summary).isEqualTo(new TraceSummary(traceId, "GET /orders", "shop", List.of("stock", "shop"),
				"SERVER", Segments.EPOCH + 1000, 8000, 3, false, false, false, 200));
		assertThat(this.store.list(TraceQuery.newest(50))).hasSize(1);
		assertThat(this.store.find(traceId).orElseThrow().spans()).extracting(StoredSpan::name)
			.containsExactly("GET /orders", "GET /stock", "mail");
	}

	@Test
	void aForeignTraceIdIsAKeyLikeAnyOther() {
		add("a.free-string.2fb4/\u00e4", "GET /", 0, 10, NOTHING);
		assertThat(this.store.find("a.free-string.2fb4/\u00e4")).isPresent();
		assertThat(this.store.find("a.free")).isEmpty();
	}

	@Test
	void theOldestGoesFirst() {
		for (int i = 0; i < 3000; i++) {
			add(Segments.traceId(i), "n", i, 10, KILOBYTE);
			assertThat(this.store.status().bytes()).isLessThanOrEqualTo(MEGABYTE);
		}
		StoreStatus status = this.store.status();
		assertThat(status.evicted()).isEqualTo(3000 - status.traces()).isPositive();
		assertThat(status.traces()).isBetween(500, 1000);
		assertThat(this.store.find(Segments.traceId(2999 - status.traces()))).isEmpty();
		assertThat(this.store.find(Segments.traceId(3000 - status.traces()))).isPresent();
	}

	@Test
	void slowAndFailedTracesOutliveNormalOnes() {
		add(Segments.traceId(100_000), "slow", 0, 1_000_000, KILOBYTE);
		add(Segments.traceId(100_001), "failed", 0, 10, (span) -> span.error(new IllegalStateException("no")));
		add(Segments.traceId(100_002), "normal", 0, 999_999, KILOBYTE);
		for (int i = 0; i < 3000; i++) {
			add(Segments.traceId(i), "n", i, 10, KILOBYTE);
		}
		assertThat(this.store.find(Segments.traceId(100_000))).isPresent();
		assertThat(this.store.find(Segments.traceId(100_001))).isPresent();
		assertThat(this.store.find(Segments.traceId(100_002))).isEmpty();
	}

	@Test
	void slowTracesFillAtMostHalfWhenThereAreNormalOnes() {
		for (int i = 0; i < 6000; i++) {
			add(Segments.traceId(i), (i % 2 == 0) ? "slow" : "normal", i, (i % 2 == 0) ? 2_000_000 : 10, KILOBYTE);
		}
		int slow = this.store.list(new TraceQuery(500, null, "slow", 0, null)).size();
		assertThat(slow).isBetween(350, 500);
		assertThat(this.store.list(new TraceQuery(500, null, "normal", 0, null))).hasSizeBetween(350, 500);
		assertThat(this.store.find(Segments.traceId(5998))).isPresent();
		assertThat(this.store.find(Segments.traceId(0))).isEmpty();
	}

	@Test
	void aTraceThatFailsLaterIsSparedFromThenOn() {
		String late = Segments.traceId(100_000);
		add(late, "root", 0, 10, NOTHING);
		add(late, "inner", 5, 10, (span) -> span.tag("error.type", "500"));
		for (int i = 0; i < 3000; i++) {
			add(Segments.traceId(i), "n", i, 10, KILOBYTE);
		}
		assertThat(this.store.find(late)).hasValueSatisfying((trace) -> {
			assertThat(trace.spans()).hasSize(2);
			assertThat(trace.summary().error()).isTrue();
		});
	}

	@Test
	void oneTraceOfAHundredThousandSegmentsStaysSmallAndSaysWhatIsMissing() {
		String traceId = "the-same-id";
		add(Segments.traceId(1), "other", 0, 10, NOTHING);
		for (int i = 0; i < 100_000; i++) {
			add(traceId, "n", i, 10, NOTHING);
		}
		StoreStatus status = this.store.status();
		assertThat(status.bytes()).isLessThanOrEqualTo(MEGABYTE);
		StoredTrace trace = this.store.find(traceId).orElseThrow();
		assertThat(trace.spans().size()).isBetween(100, EmbeddedStore.MAX_SEGMENTS);
		assertThat(trace.droppedSpans()).isEqualTo(100_000 - trace.spans().size());
		assertThat(status.droppedSegments()).isEqualTo(trace.droppedSpans());
		assertThat(this.store.find(Segments.traceId(1))).isPresent();
	}

	@Test
	void aHugeSegmentIsCutAndSaysWhatIsMissing() {
		add(Segments.traceId(1), "root", 0, 10, (span) -> {
			for (int i = 0; i < 50_000; i++) {
				this.segments.tracer().nextSpan(span).name("child").tag("sql", "select " + i).start().end();
			}
		});
		StoredTrace trace = this.store.find(Segments.traceId(1)).orElseThrow();
		assertThat(trace.spans().get(0).name()).isEqualTo("root");
		assertThat(trace.spans().size() + trace.droppedSpans()).isEqualTo(50_001);
		assertThat(trace.droppedSpans()).isPositive();
		assertThat(this.store.status().bytes()).isLessThanOrEqualTo(MEGABYTE);
	}

	@Test
	void hundredThousandDifferentNamesDoNotBreakTheBound() {
		for (int i = 0; i < 100_000; i++) {
			add(Segments.traceId(i), "name-" + i, i, 10, NOTHING);
		}
		assertThat(this.store.status().bytes()).isLessThanOrEqualTo(MEGABYTE);
		assertThat(names(TraceQuery.newest(1))).containsExactly("name-99999");
	}

	/** In a JVM of its own: what else lives in this one comes and goes. */
	@Test
	void liveHeapIsWhatIsAccountedFor(@TempDir Path folder) throws Exception {
		Path output = folder.resolve("output.txt");
		Process measured = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx48m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				StoreFootprint.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(measured.waitFor()).as("exit code").isZero();
		assertThat(Files.readString(output)).matches("bytes=\\d+ growth=\\d+\\s*");
		String[] figures = Files.readString(output).strip().split("[= ]");
		long bytes = Long.parseLong(figures[1]);
		assertThat(bytes).isBetween(7L * MEGABYTE, 8L * MEGABYTE);
		// What the tracer and loaded classes hold is well below 2 MB.
		assertThat(Long.parseLong(figures[3])).isBetween(bytes / 2, bytes * 5 / 4 + 2 * MEGABYTE);
	}

	@Test
	void aStatementTakesItsPlaceOnceHoweverOftenItIsExecuted() {
		Statements sql = new Statements(this.segments);
		List<SpanTemplate> templates = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			templates.add(Statements.template("SELECT", "t" + i, i + "x".repeat(499)));
		}
		long[] growth = new long[5];
		for (int i = 0; i < growth.length; i++) {
			long before = this.store.status().bytes();
			this.exporter
				.export(List.of(sql.request("GET /orders", () -> templates.forEach((each) -> sql.execute(each, 1)))));
			growth[i] = this.store.status().bytes() - before;
		}
		assertThat(growth[4]).isLessThan(1000);
		StoredTrace trace = this.store.find(this.store.list(TraceQuery.newest(1)).get(0).traceId()).orElseThrow();
		assertThat(trace.spans().get(10).attributes()).containsEntry("db.query.text", 9 + "x".repeat(499))
			.containsEntry("db.collection.name", "t9");
	}

	@Test
	void statementsThatComeOnceDoNotKeepOthersFromBeingShared() {
		EmbeddedStore eight = new EmbeddedStore(8 * MEGABYTE, Duration.ofSeconds(1));
		EmbeddedExporter filling = new EmbeddedExporter(eight, "shop", "shop-1");
		Statements sql = new Statements(this.segments);
		for (int i = 0; i < 2000; i++) {
			SpanTemplate once = Statements.template("SELECT", "t", i + "x".repeat(499));
			filling.export(List.of(sql.request("GET /orders", () -> sql.execute(once, 1))));
		}
		SpanTemplate often = Statements.template("SELECT", "t", "y".repeat(500));
		long before = 0;
		for (int i = 0; i < 5; i++) {
			before = eight.status().bytes();
			filling.export(List.of(sql.request("GET /orders", () -> sql.execute(often, 1))));
		}
		assertThat(eight.status().evicted()).isZero();
		assertThat(eight.status().bytes() - before).isLessThan(500);
	}

	@Test
	void manyTextsThatAreRepeatedOnceDoNotBreakTheBound() {
		Statements sql = new Statements(this.segments);
		for (int i = 0; i < 5_000; i++) {
			SpanTemplate each = Statements.template("SELECT", "t", i / 2 + "x".repeat(499));
			this.exporter.export(List.of(sql.request("GET /orders", () -> sql.execute(each, 1))));
		}
		assertThat(this.store.status().bytes()).isLessThanOrEqualTo(MEGABYTE);
		assertThat(this.store.status().traces()).isGreaterThan(500);
	}

	@Test
	void readersNeverFailWhileTheStoreTurnsOver() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(2);
		AtomicBoolean done = new AtomicBoolean();
		try {
			Future<?> reading = executor.submit(() -> {
				while (!done.get()) {
					for (TraceSummary summary : this.store.list(TraceQuery.newest(5))) {
						this.store.find(summary.traceId()).ifPresent((trace) -> {
							assertThat(trace.spans().size()).isEqualTo(trace.summary().spanCount());
							assertThat(trace.spans().get(0).name()).isEqualTo("n");
						});
					}
				}
			});
			for (int i = 0; i < 5_000; i++) {
				add(Segments.traceId(i / 2), "n", i, (i % 7 == 0) ? 2_000_000 : 10, KILOBYTE);
			}
			done.set(true);
			reading.get(30, TimeUnit.SECONDS);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void aQuarterOfTheHeapIsTheUpperBoundAndBothAreTold() {
		StoreStatus status = new EmbeddedStore(64L * MEGABYTE, Duration.ZERO, 100L * MEGABYTE).status();
		assertThat(status.maxBytes()).isEqualTo(25L * MEGABYTE);
		assertThat(status.configuredBytes()).isEqualTo(64L * MEGABYTE);
	}

	@Test
	void senselessSettingsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new EmbeddedStore(1000, Duration.ZERO))
			.withMessageContaining("1000");
		assertThatIllegalArgumentException().isThrownBy(() -> new EmbeddedStore(MEGABYTE, Duration.ofMillis(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> TraceQuery.newest(501)).withMessageContaining("500");
		assertThatIllegalArgumentException().isThrownBy(() -> TraceQuery.newest(0));
	}

	@Test
	void anEndlessThresholdMeansNothingIsSlow() {
		EmbeddedStore patient = new EmbeddedStore(MEGABYTE, Duration.ofSeconds(Long.MAX_VALUE));
		new EmbeddedExporter(patient, "shop", "shop-1")
			.export(List.of(this.segments.segment(Segments.traceId(1), "n", 0, 3_600_000_000L, NOTHING)));
		assertThat(patient.list(TraceQuery.newest(1)).get(0).slow()).isFalse();
	}

}
