package dev.apm4j.trace.kit;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names, tags of all types, events, errors and the peer of a span.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>the name of a span that was never named: none, against {@code <unspecified span
 * name>}; {@code name(null)} takes the name away, against is ignored.</li>
 * <li>a {@code null} as tag key, tag value or event: {@code NullPointerException},
 * against ignored; an empty tag key: {@code IllegalArgumentException}, against ignored.
 * {@code error(null)} throws {@code NullPointerException} in both.</li>
 * <li>two different errors: the last, against type of the first and message of the
 * last.</li>
 * <li>{@code error} also writes a tag {@code error} with the message, or the simple class
 * name without one (not from a builder or a scoped span), against no tag.</li>
 * <li>the types of tags: all text, against typed; a key set again with another type:
 * replaced, against both values are kept; a list that changes later: copied, against
 * not.</li>
 * <li>128 tags and 128 events are the limit of the OpenTelemetry SDK; Brave has
 * none.</li>
 * <li>the peer: fields of its own, against the attributes {@code peer.service} and {@code
 * network.peer.*} among the tags. A host name instead of an address: dropped with its
 * port, against kept; port 70000: {@code IllegalArgumentException}, against kept; port
 * -1: 0, against -1.</li>
 * </ul>
 */
abstract class SpanContentConformance extends TracerConformance {

	@Test
	void lastNameWins() {
		start("first").name("second").end();
		assertThat(onlyFinished().name()).isEqualTo("second");
	}

	@Test
	void lastValueOfTagWins() {
		start("tags").tag("key", "first").tag("other", "kept").tag("key", "second").end();
		assertThat(onlyFinished().tags()).containsEntry("key", "second").containsEntry("other", "kept");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE })
	void tagTakesLong(long value) {
		start("long").tag("key", value).end();
		assertThat(onlyFinished().tags()).containsEntry("key", String.valueOf(value));
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, 1.5, -0.1, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY })
	void tagTakesDouble(double value) {
		start("double").tag("key", value).end();
		assertThat(onlyFinished().tags()).containsEntry("key", String.valueOf(value));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tagTakesBoolean(boolean value) {
		start("boolean").tag("key", value).end();
		assertThat(onlyFinished().tags()).containsEntry("key", String.valueOf(value));
	}

	@Test
	void tagsTakeLists() {
		start("lists").tagOfStrings("strings", List.of("a", "b"))
			.tagOfLongs("longs", List.of(1L, 2L))
			.tagOfDoubles("doubles", List.of(1.5, 2.5))
			.tagOfBooleans("booleans", List.of(true, false))
			.end();
		assertThat(onlyFinished().tags()).containsEntry("strings", "a,b")
			.containsEntry("longs", "1,2")
			.containsEntry("doubles", "1.5,2.5")
			.containsEntry("booleans", "true,false");
	}

	@Test
	void emptyListIsEmptyText() {
		start("list").tagOfStrings("key", List.of()).end();
		assertThat(onlyFinished().tags()).containsEntry("key", "");
	}

	@Test
	void emptyValueIsKept() {
		start("empty").tag("key", "").end();
		assertThat(onlyFinished().tags()).containsEntry("key", "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "\u00e4\u20ac\uD83D\uDE00", "line\nbreak\ttab", "quote\"<&>'", "back\\slash" })
	void textIsKeptAsItIs(String text) {
		start(text).tag("key", text).event(text).end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo(text);
		assertThat(recorded.tags()).containsEntry("key", text);
		assertThat(recorded.eventNames()).containsExactly(text);
	}

	@Test
	void hostileTextDoesNotThrow() {
		String hostile = "\u0000\uD800" + "x".repeat(100_000);
		start(hostile).tag("key", hostile).tag(hostile, "value").event(hostile).remoteServiceName(hostile).end();
		onlyFinished();
	}

	@Test
	void severalTagsAreKept() {
		Span span = start("many");
		for (int i = 0; i < 50; i++) {
			span.tag("key" + i, i);
		}
		span.end();
		RecordedSpan recorded = onlyFinished();
		for (int i = 0; i < 50; i++) {
			assertThat(recorded.tags()).containsEntry("key" + i, String.valueOf(i));
		}
	}

	@Test
	void tagsBeforeTheStartAreKept() {
		tracer().nextSpan().name("early").tag("key", "value").start().end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("early");
		assertThat(recorded.tags()).containsEntry("key", "value");
	}

	@Test
	void eventsKeepTheirOrder() {
		start("events").event("one").event("two").event("three").end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.eventNames()).containsExactly("one", "two", "three");
		assertThat(recorded.events()).extracting(RecordedSpan.Event::time).isSorted();
	}

	@Test
	void eventTimeCanBeGiven() {
		Instant time = Instant.now().plusMillis(5);
		Span span = start("events").event("given", time.toEpochMilli(), TimeUnit.MILLISECONDS);
		span.end();
		RecordedSpan.Event event = onlyFinished().events().get(0);
		assertThat(event.name()).isEqualTo("given");
		assertThat(event.time().toEpochMilli()).isEqualTo(time.toEpochMilli());
	}

	@Test
	void eventTimeKeepsMicroseconds() {
		long micros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) + 7;
		start("events").event("given", micros, TimeUnit.MICROSECONDS).end();
		Instant time = onlyFinished().events().get(0).time();
		assertThat(TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + time.getNano() / 1000).isEqualTo(micros);
	}

	@Test
	void errorIsReported() {
		start("failed").error(new IOException("broken pipe")).end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isEqualTo(IOException.class.getName());
		assertThat(recorded.errorMessage()).isEqualTo("broken pipe");
	}

	@Test
	void errorWithoutMessageIsReported() {
		start("failed").error(new IllegalStateException()).end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isEqualTo(IllegalStateException.class.getName());
		assertThat(recorded.errorMessage()).isNull();
	}

	@Test
	void sameErrorTwiceIsOneError() {
		IOException error = new IOException("broken pipe");
		start("failed").error(error).error(error).end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isEqualTo(IOException.class.getName());
		assertThat(recorded.errorMessage()).isEqualTo("broken pipe");
	}

	@Test
	void errorDoesNotEndTheSpan() {
		Span span = start("failed").error(new IOException("broken pipe"));
		finished(0);
		span.tag("after", "yes").end();
		assertThat(onlyFinished().tags()).containsEntry("after", "yes");
	}

	@Test
	void spanWithoutErrorHasNone() {
		start("fine").end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isNull();
		assertThat(recorded.errorMessage()).isNull();
	}

	@Test
	void tagNamedErrorIsNoError() {
		start("fine").tag("error", "no").end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isNull();
		assertThat(recorded.tags()).containsEntry("error", "no");
	}

	@Test
	void errorOfChildIsNotThatOfParent() {
		Span parent = start("parent");
		startChild(parent, "child").error(new IOException("broken pipe")).end();
		parent.end();
		assertThat(finished(finished(2), "parent").errorType()).isNull();
	}

	@Test
	void remoteServiceNameIsReported() {
		start("remote").remoteServiceName("orders").end();
		assertThat(onlyFinished().remoteServiceName()).isEqualTo("orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.1", "2001:db8::1" })
	void remoteAddressIsReported(String address) {
		start("remote").remoteIpAndPort(address, 8080).end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.remoteIp()).isEqualTo(address);
		assertThat(recorded.remotePort()).isEqualTo(8080);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "not an address", "999.1.1.1", "::::" })
	void malformedRemoteAddressDoesNotThrow(String address) {
		start("remote").remoteIpAndPort(address, 1).end();
		onlyFinished();
	}

}
