package dev.apm4j.trace.kit;

import java.util.Locale;
import java.util.stream.Stream;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * {@link Propagator}: a trace that crosses processes in W3C headers, and headers that
 * nobody should trust.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>truncated headers {@code 00} and {@code 00-<trace id>}: {@code
 * IllegalArgumentException} from {@code extract}, against a new trace. An own tracer
 * should not copy it.</li>
 * <li>{@code 00-<trace id>-<span id>} without flags: continued, against a new trace;
 * flags {@code ff}: a new trace, against continued.</li>
 * <li>the flag for random trace ids: dropped, against set and sent on by newer
 * versions.</li>
 * <li>{@code tracestate}: dropped, against sent on.</li>
 * <li>{@code fields()}: the two of W3C, against those, {@code baggage} and the remote
 * fields.</li>
 * <li>contexts of {@code TraceContext.NOOP}: {@code ClassCastException}, against nothing
 * is written.</li>
 * </ul>
 */
abstract class PropagationConformance extends TracerConformance {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN_ID = "b7ad6b7169203331";

	private static final String TRACEPARENT = "00-" + TRACE_ID + "-" + SPAN_ID + "-01";

	@Test
	void fieldsNameTheTraceHeader() {
		assertThat(propagator().fields()).map((field) -> field.toLowerCase(Locale.ROOT)).contains("traceparent");
	}

	@Test
	void injectWritesTheContext() {
		Span span = start("span");
		assertTraceHeader(inject(span), span, true);
		span.end();
	}

	@Test
	void injectReplacesWhatIsThere() {
		Span span = start("span");
		HeaderCarrier carrier = HeaderCarrier.of("traceparent", TRACEPARENT);
		propagator().inject(span.context(), carrier, HeaderCarrier.SETTER);
		assertThat(carrier.get("traceparent")).contains(span.context().spanId());
		span.end();
	}

	@Test
	void injectIntoNothingDoesNotThrow() {
		Span span = start("span");
		assertThatCode(() -> propagator().inject(span.context(), null, HeaderCarrier.SETTER))
			.doesNotThrowAnyException();
		span.end();
	}

	@Test
	void injectTakesTheGivenContextNotTheCurrent() {
		Span current = start("current");
		Span other = start("other");
		try (Tracer.SpanInScope scope = tracer().withSpan(current)) {
			assertThat(inject(other).get("traceparent")).contains(other.context().traceId());
		}
		other.end();
		current.end();
	}

	@Test
	void injectWorksAfterTheEnd() {
		Span span = start("span");
		span.end();
		assertThat(inject(span).get("traceparent")).contains(span.context().spanId());
	}

	@Test
	void extractContinuesTheTrace() {
		Span span = extract(HeaderCarrier.of("traceparent", TRACEPARENT)).kind(Span.Kind.SERVER)
			.name("server")
			.tag("key", "value")
			.start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		assertThat(span.context().parentId()).isEqualTo(SPAN_ID);
		assertThat(span.context().spanId()).isNotEqualTo(SPAN_ID);
		assertThat(span.context().sampled()).isTrue();
		span.end();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.traceId()).isEqualTo(TRACE_ID);
		assertThat(recorded.parentId()).isEqualTo(SPAN_ID);
		assertThat(recorded.kind()).isEqualTo(Span.Kind.SERVER);
		assertThat(recorded.tags()).containsEntry("key", "value");
	}

	@Test
	void extractedSpanCanBeCurrent() {
		Span span = extract(HeaderCarrier.of("traceparent", TRACEPARENT)).name("server").start();
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(current()).isEqualTo(span);
			assertThat(tracer().currentTraceContext().context()).isEqualTo(span.context());
			Span child = start("child");
			assertThat(child.context().traceId()).isEqualTo(TRACE_ID);
			assertThat(child.context().parentId()).isEqualTo(span.context().spanId());
			child.end();
		}
		span.end();
		finished(2);
	}

	@Test
	void extractDoesNotStartOrOpenAnything() {
		extract(HeaderCarrier.of("traceparent", TRACEPARENT));
		assertThat(tracer().currentSpan()).isNull();
		finished(0);
	}

	@Test
	void decisionOfTheCallerIsHonoured() {
		Span span = extract(HeaderCarrier.of("traceparent", "00-" + TRACE_ID + "-" + SPAN_ID + "-00")).name("server")
			.start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		assertThat(span.context().sampled()).isFalse();
		assertThat(span.isNoop()).isTrue();
		assertTraceHeader(inject(span), span, false);
		span.end();
		finished(0);
	}

	@Test
	void extractedParentBeatsCurrent() {
		Span current = start("current");
		try (Tracer.SpanInScope scope = tracer().withSpan(current)) {
			Span span = extract(HeaderCarrier.of("traceparent", TRACEPARENT)).name("server").start();
			assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
			assertThat(span.context().parentId()).isEqualTo(SPAN_ID);
			span.end();
		}
		current.end();
		finished(2);
	}

	@Test
	void withoutHeadersTraceBegins() {
		Span span = extract(new HeaderCarrier()).name("server").start();
		assertNewTrace(span);
	}

	@Test
	void withoutHeadersCurrentIsParent() {
		Span current = start("current");
		try (Tracer.SpanInScope scope = tracer().withSpan(current)) {
			Span span = extract(new HeaderCarrier()).name("server").start();
			assertThat(span.context().parentId()).isEqualTo(current.context().spanId());
			span.end();
		}
		current.end();
		finished(2);
	}

	@Test
	void injectAndExtractAreARoundTrip() {
		Span client = tracer().spanBuilder().kind(Span.Kind.CLIENT).name("client").start();
		Span server = extract(inject(client)).kind(Span.Kind.SERVER).name("server").start();
		assertThat(server.context().traceId()).isEqualTo(client.context().traceId());
		assertThat(server.context().parentId()).isEqualTo(client.context().spanId());
		server.end();
		client.end();
		assertThat(finished(finished(2), "server").parentId()).isEqualTo(client.context().spanId());
	}

	@Test
	void headerNamesIgnoreCase() {
		Span span = extract(HeaderCarrier.of("TraceParent", TRACEPARENT)).name("server").start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		span.end();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-more", "-more-and-more" })
	void laterVersionIsReadLikeTheFirst(String addition) {
		String header = "cc-" + TRACE_ID + "-" + SPAN_ID + "-01" + addition;
		Span span = extract(HeaderCarrier.of("traceparent", header)).name("server").start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		span.end();
	}

	@ParameterizedTest
	@MethodSource("malformedHeaders")
	void malformedHeaderBeginsATrace(String header) {
		Span span = extract(HeaderCarrier.of("traceparent", header)).name("server").start();
		assertNewTrace(span);
	}

	static Stream<String> malformedHeaders() {
		return Stream.of("", " ", "-", "---", "garbage", "00-", "00-" + TRACE_ID + "-" + SPAN_ID + "-",
				"00-" + TRACE_ID + "-" + SPAN_ID + "-0", TRACEPARENT + "-", TRACEPARENT + "-more",
				"ff-" + TRACE_ID + "-" + SPAN_ID + "-01", "00-" + "0".repeat(32) + "-" + SPAN_ID + "-01",
				"00-" + TRACE_ID + "-" + "0".repeat(16) + "-01", "00-" + TRACE_ID.substring(1) + "-" + SPAN_ID + "-01",
				"00-" + "g".repeat(32) + "-" + SPAN_ID + "-01", "00-" + TRACE_ID + "-" + "g".repeat(16) + "-01",
				"00_" + TRACE_ID + "_" + SPAN_ID + "_01", TRACEPARENT.toUpperCase(Locale.ROOT),
				"00-" + TRACE_ID + "-" + SPAN_ID + "-zz", "zz-" + TRACE_ID + "-" + SPAN_ID + "-01", "\u0000".repeat(55),
				"\uD83D\uDE00".repeat(28), "\uFF10".repeat(55), "0".repeat(100_000), "-".repeat(100_000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "=", "a", "a=", "a=b", "a=b,c=d", "a=b,a=c", ",,,,", "\u0000=\u0000" })
	void traceStateDoesNotHarmTheTrace(String state) {
		Span span = extract(HeaderCarrier.of("traceparent", TRACEPARENT).with("tracestate", state)).name("server")
			.start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		assertThat(span.context().parentId()).isEqualTo(SPAN_ID);
		assertThatCode(() -> inject(span)).doesNotThrowAnyException();
		span.end();
		onlyFinished();
	}

	@Test
	void hugeTraceStateDoesNotHarmTheTrace() {
		HeaderCarrier carrier = HeaderCarrier.of("traceparent", TRACEPARENT).with("tracestate", "a=b,".repeat(50_000));
		Span span = extract(carrier).name("server").start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		span.end();
	}

	@Test
	void getterWithOneValueSuffices() {
		Propagator.Getter<String> getter = (carrier, key) -> key.equalsIgnoreCase("traceparent") ? carrier : null;
		Span span = propagator().extract(TRACEPARENT, getter).name("server").start();
		assertThat(span.context().traceId()).isEqualTo(TRACE_ID);
		span.end();
	}

	@Test
	void repeatedHeaderDoesNotThrow() {
		HeaderCarrier carrier = HeaderCarrier.of("traceparent", TRACEPARENT)
			.with("traceparent", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01")
			.with("tracestate", "a=b")
			.with("tracestate", "c=d");
		Span span = extract(carrier).name("server").start();
		assertThat(span.context().traceId()).matches("[0-9a-f]{32}");
		span.end();
		onlyFinished();
	}

	@Test
	void firstOfSeveralBaggageHeadersIsRead() {
		HeaderCarrier carrier = HeaderCarrier.of("traceparent", TRACEPARENT)
			.with("baggage", "tenant=acme")
			.with("baggage", "region=eu");
		Span span = extract(carrier).name("server").start();
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "acme");
		}
		span.end();
	}

	private void assertNewTrace(Span span) {
		assertThat(span.context().traceId()).matches("[0-9a-f]{32}").doesNotMatch("0+").isNotEqualTo(TRACE_ID);
		assertThat(span.context().parentId()).isNull();
		span.end();
		assertThat(onlyFinished().parentId()).isNull();
	}

}
