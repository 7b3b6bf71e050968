package dev.apm4j.export.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import dev.apm4j.export.FailureText;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpanEncodingTests {

	private static final String TRACE = Segments.traceId(1);

	private final Segments segments = new Segments();

	private final EmbeddedStore store = new EmbeddedStore(8 * 1024 * 1024, Duration.ofSeconds(1));

	private final EmbeddedExporter exporter = new EmbeddedExporter(this.store, "shop \u5e97", "shop-1");

	private List<StoredSpan> stored(Segment segment) {
		this.exporter.export(List.of(segment));
		return this.store.find(segment.traceId()).orElseThrow().spans();
	}

	@RepeatedTest(50)
	void whatGoesInComesOut(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		List<StoredSpan> expected = new ArrayList<>();
		Segment segment = this.segments.segment(TRACE, text(random), random.nextInt(1_000_000), 10_000_000, (root) -> {
			ApmSpan parent = root;
			for (int i = 1; i < 1 + random.nextInt(8); i++) {
				parent = child(random, parent, i, expected);
			}
		});
		List<StoredSpan> actual = new ArrayList<>(stored(segment));
		StoredSpan root = actual.stream().filter((span) -> span.number() == 0).findFirst().orElseThrow();
		assertThat(root.name()).isEqualTo(segment.root().name());
		assertThat(root.parentId()).isEqualTo("00000000000000aa");
		assertThat(root.duration()).isEqualTo(10_000_000);
		actual.remove(root);
		assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
	}

	private ApmSpan child(Random random, ApmSpan parent, int number, List<StoredSpan> expected) {
		Span.Kind[] kinds = { null, Span.Kind.CLIENT, Span.Kind.PRODUCER, Span.Kind.CONSUMER, Span.Kind.SERVER };
		Span.Kind kind = kinds[random.nextInt(kinds.length)];
		long start = Segments.EPOCH + random.nextInt(2_000_000) - 1_000_000;
		long duration = random.nextLong(1L << (1 + random.nextInt(40)));
		String name = text(random);
		ApmSpan span = this.segments.tracer()
			.nextSpan(parent)
			.name(name)
			.kind(kind)
			.startTimestamp(start, TimeUnit.MICROSECONDS)
			.start();
		Map<String, Object> attributes = attributes(random, span);
		List<StoredSpan.Event> events = new ArrayList<>();
		List<StoredSpan.Link> links = new ArrayList<>();
		for (int i = 0; i < random.nextInt(4); i++) {
			long time = start + random.nextInt(5000);
			String event = text(random);
			span.event(event, time, TimeUnit.MICROSECONDS);
			events.add(new StoredSpan.Event(event, time));
			String spanId = String.format("%016x", random.nextLong());
			span.addLink(new Link(PropagatedContext.builder().traceId(TRACE).spanId(spanId).build()));
			links.add(new StoredSpan.Link(TRACE, spanId));
		}
		span.end(start + duration, TimeUnit.MICROSECONDS);
		expected
			.add(new StoredSpan(span.spanId(), parent.spanId(), number, name, (kind != null) ? kind.name() : "LOCAL",
					"shop \u5e97", "shop-1", start, duration, attributes, events, links, null));
		return span;
	}

	private static Map<String, Object> attributes(Random random, ApmSpan span) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		for (int i = 0; i < random.nextInt(12); i++) {
			String key = "key." + i + "." + text(random);
			switch (random.nextInt(6)) {
				case 0 -> span.tag(key, put(attributes, key, text(random)));
				case 1 -> span.tag(key, put(attributes, key, random.nextLong() >> random.nextInt(64)));
				case 2 -> span.tag(key, put(attributes, key, Double.longBitsToDouble(random.nextLong())));
				case 3 -> span.tag(key, put(attributes, key, random.nextBoolean()));
				case 4 -> span.tagOfLongs(key, put(attributes, key, List.of(0L, Long.MIN_VALUE, Long.MAX_VALUE)));
				default -> span.tagOfStrings(key, put(attributes, key, List.of(text(random), "", text(random))));
			}
		}
		return attributes;
	}

	private static <T> T put(Map<String, Object> attributes, String key, T value) {
		attributes.put(key, value);
		return value;
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		int length = random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(12);
		for (int i = 0; i < length; i++) {
			int point = random.nextInt(1 << (1 + random.nextInt(16)));
			text.appendCodePoint(Character.isSurrogate((char) point) ? 0x1f600 : point);
		}
		return text.toString();
	}

	@Test
	void halfACharacterDoesNoHarm() {
		List<StoredSpan> spans = stored(
				this.segments.segment(TRACE, "a\ud800b", 0, 10, (span) -> span.tag("k", "\udc00")));
		assertThat(spans.get(0).attributes()).containsEntry("k", "?");
	}

	@Test
	void anExceptionIsKeptAsTextWithItsCauses() {
		RuntimeException error = new IllegalStateException("outer", new IllegalArgumentException("inner"));
		StoredSpan.Failure failure = failure(error);
		assertThat(failure.type()).isEqualTo("java.lang.IllegalStateException");
		assertThat(failure.message()).isEqualTo("outer");
		assertThat(failure.stack()).startsWith("java.lang.IllegalStateException: outer\n\tat " + getClass().getName())
			.contains("\nCaused by: java.lang.IllegalArgumentException: inner\n\tat ");
	}

	@Test
	void aFailureWithoutExceptionHasOnlyAType() {
		List<StoredSpan> spans = stored(
				this.segments.segment(TRACE, "n", 0, 10, (span) -> span.tag("error.type", "500")));
		assertThat(spans.get(0).error()).isEqualTo(new StoredSpan.Failure("500", null, null));
	}

	@Test
	void hostileExceptionsAreBoundedAndDoNoHarm() {
		StoredSpan.Failure failure = failure(new HostileException());
		assertThat(failure.type()).isEqualTo(HostileException.class.getName());
		assertThat(failure.message()).isNull();
		assertThat(failure.stack()).isEqualTo(HostileException.class.getName() + "\n");
	}

	@Test
	void endlessMessagesStacksAndCausesAreBounded() {
		StackTraceElement[] frames = new StackTraceElement[1000];
		Arrays.fill(frames, new StackTraceElement("C", "m", "C.java", 1));
		RuntimeException error = new RuntimeException("end");
		for (int i = 0; i < 1000; i++) {
			error = new RuntimeException("level " + i, error);
			error.setStackTrace(frames);
		}
		StoredSpan.Failure deep = failure(error);
		assertThat(deep.stack().split("Caused by: ")).hasSize(1 + FailureText.MAX_CAUSES);
		assertThat(deep.stack()).contains("\t... 950 more\n").hasSizeLessThanOrEqualTo(FailureText.MAX_STACK);
		StoredSpan.Failure wide = failure(new RuntimeException("x".repeat(1_000_000)));
		assertThat(wide.message()).hasSize(FailureText.MAX_MESSAGE);
		assertThat(wide.stack()).hasSizeLessThanOrEqualTo(FailureText.MAX_STACK);
	}

	@Test
	void exceptionsThatCauseEachOtherEnd() {
		Exception first = new Exception("first");
		first.initCause(new Exception("second", first));
		assertThat(failure(first).stack()).hasSizeLessThanOrEqualTo(FailureText.MAX_STACK);
	}

	@Test
	void oneSegmentThatCannotBeReadDoesNotTakeTheOthersWithIt() {
		Segment bad = this.segments.segment(Segments.traceId(5), "bad", 0, 10,
				(span) -> span.addLink(new Link((TraceContext) null)));
		Segment good = this.segments.segment(Segments.traceId(6), "good", 0, 10, (span) -> {
		});
		this.exporter.export(List.of(bad, good));
		assertThat(this.store.find(Segments.traceId(6))).isPresent();
		assertThat(this.store.status().droppedSegments()).isEqualTo(1);
	}

	private StoredSpan.Failure failure(Throwable error) {
		this.exporter.export(List.of(this.segments.segment(TRACE + error.hashCode() + System.nanoTime(), "n", 0, 10,
				(span) -> span.error(error))));
		TraceSummary summary = this.store.list(TraceQuery.newest(500))
			.stream()
			.filter((each) -> !this.seen.contains(each.traceId()))
			.findFirst()
			.orElseThrow();
		this.seen.add(summary.traceId());
		return this.store.find(summary.traceId()).orElseThrow().spans().get(0).error();
	}

	private final List<String> seen = new ArrayList<>();

	private static final class HostileException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new StackOverflowError();
		}

		@Override
		public String toString() {
			throw new IllegalStateException();
		}

		@Override
		public synchronized Throwable getCause() {
			throw new IllegalStateException();
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new IllegalStateException();
		}

	}

}
