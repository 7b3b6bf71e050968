package dev.apm4j.propagation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmSpanBuilder;
import dev.apm4j.trace.ApmSpanBuilder;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class ApmPropagatorTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static final String OTHER_TRACE = "80f198ee56343ba864fe8b2a57d3eff7";

	private static final String OTHER_SPAN = "e457b5a2e4d86bd1";

	private static final String TRACEPARENT = "00-" + TRACE + "-" + SPAN + "-01";

	/** Trace 3.4.5. */
	private static final String SW8 = "1-My40LjU=-MS4yLjM=-4-c2VydmljZQ==-aW5zdGFuY2U=-L2FwcA==-MTI3LjAuMC4xOjgwODA=";

	private final List<Segment> ended = new ArrayList<>();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.ended::add).build();

	private final PropagationFormats formats = PropagationFormats.standard(() -> "orders", () -> "orders-1");

	private final ApmPropagator propagator = propagator(PropagationFormats.DEFAULT_CONSUME,
			List.of("w3c", "baggage", "b3", "b3-multi", "sw8"));

	@Test
	void withoutHeadersATraceBegins() {
		ApmSpan span = extract(new Headers()).start();
		assertThat(span.parentId()).isNull();
		assertThat(span.sampled()).isTrue();
		assertThat(span.traceId()).hasSize(32);
	}

	@Test
	void withoutHeadersTheCurrentSpanIsTheParent() {
		ApmSpan parent = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(parent)) {
			assertThat(extract(new Headers()).start().parentId()).isEqualTo(parent.spanId());
			assertThat(extract(Headers.of("baggage", "a=1")).start().parentId()).isEqualTo(parent.spanId());
		}
	}

	@Test
	void headersWinOverTheCurrentSpan() {
		try (Tracer.SpanInScope scope = this.tracer.withSpan(this.tracer.nextSpan().start())) {
			assertThat(extract(Headers.of("traceparent", TRACEPARENT)).start().parentId()).isEqualTo(SPAN);
		}
	}

	@Test
	void decisionWithoutTraceIsForTheTraceThatBegins() {
		assertThat(extract(Headers.of("b3", "0")).start().sampled()).isFalse();
	}

	@Test
	void baggageWithoutTraceIsForTheTraceThatBegins() {
		assertThat(extract(Headers.of("baggage", "a=1")).start().baggage("a")).isEqualTo("1");
	}

	static Stream<Arguments> orders() {
		return Stream.of(arguments(List.of("w3c", "b3", "sw8"), TRACE, SPAN),
				arguments(List.of("b3", "w3c", "sw8"), OTHER_TRACE, OTHER_SPAN),
				arguments(List.of("sw8", "w3c", "b3"), "3.4.5", null),
				arguments(List.of("sw8", "b3", "w3c"), "3.4.5", null));
	}

	@ParameterizedTest
	@MethodSource("orders")
	void firstOfDisagreeingFormatsWins(List<String> order, String traceId, String parentId) {
		Headers headers = Headers.of("traceparent", TRACEPARENT, "tracestate", "foo=1", "b3",
				OTHER_TRACE + "-" + OTHER_SPAN + "-0", "sw8", SW8, "sw8-correlation", "dGVzdA==:dHJ1ZQ==", "sw8-x",
				"1");
		ApmSpan span = propagator(order, List.of("w3c")).extract(headers, Headers.GETTER).start();
		assertThat(span.traceId()).isEqualTo(traceId);
		assertThat(span.parentId()).isEqualTo(parentId);
		assertThat(span.sampled()).isEqualTo(!order.get(0).equals("b3"));
		PropagatedContext cause = span.owner().cause();
		assertThat(cause.traceState()).isEqualTo(order.get(0).equals("w3c") ? "foo=1" : "");
		assertThat(cause.reference().segmentId()).isEqualTo("1.2.3");
		assertThat(cause.extensions()).containsEntry("sw8-x", "1");
		assertThat(span.baggage("test")).isEqualTo("true");
	}

	@Test
	void invalidHeaderOfTheFirstFormatLeavesItToTheNext() {
		Headers headers = Headers.of("traceparent", "00-" + TRACE, "b3", OTHER_TRACE + "-" + OTHER_SPAN + "-1");
		assertThat(extract(headers).start().traceId()).isEqualTo(OTHER_TRACE);
	}

	@Test
	void firstFormatWithANameOfBaggageWins() {
		Headers headers = Headers.of("baggage", "test=w3c", "sw8-correlation", "dGVzdA==:dHJ1ZQ==");
		assertThat(propagator(List.of("baggage", "sw8"), List.of()).extract(headers, Headers.GETTER)
			.start()
			.baggage("test")).isEqualTo("w3c");
		assertThat(propagator(List.of("sw8", "baggage"), List.of()).extract(headers, Headers.GETTER)
			.start()
			.baggage("test")).isEqualTo("true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "w3c,sw8", "sw8,w3c", "b3,sw8", "sw8,b3-multi" })
	void freeTraceIdAndItsNumberAreOneTrace(String consumed) {
		ApmSpan caller = extract(Headers.of("sw8", SW8)).start();
		ApmSpan exit = this.tracer.nextSpan(caller).kind(Span.Kind.CLIENT).start();
		ApmSpan called = propagator(List.of(consumed.split(",")), List.of()).extract(inject(exit), Headers.GETTER)
			.start();
		assertThat(called.traceId()).isEqualTo("3.4.5");
		assertThat(called.parentId()).isEqualTo(exit.spanId());
		assertThat(called.owner().cause().reference().segmentId()).isEqualTo(caller.owner().id());
		assertThat(called.owner().cause().reference().spanNumber()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "w3c", "b3", "b3-multi", "sw8", "w3c,b3,sw8", "sw8,b3,w3c" })
	void whatIsWrittenIsRead(String format) {
		ApmPropagator one = propagator(List.of(format.split(",")), List.of(format.split(",")));
		ApmSpan root = this.tracer.nextSpan().name("root").start();
		ApmSpan exit = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
		Headers headers = new Headers();
		one.inject(exit, headers, Headers.SETTER);
		assertThat(one.carries(exit, headers, Headers.GETTER)).isTrue();
		assertThat(one.carries(root, headers, Headers.GETTER)).isFalse();
		ApmSpan called = one.extract(headers, Headers.GETTER).start();
		assertThat(called.traceId()).isEqualTo(root.traceId());
		assertThat(called.sampled()).isTrue();
		if (!format.equals("sw8")) {
			assertThat(called.parentId()).isEqualTo(exit.spanId());
		}
		if (format.contains("sw8")) {
			assertThat(called.owner().cause().reference().segmentId()).isEqualTo(root.owner().id());
			assertThat(called.owner().cause().reference().endpoint()).isEqualTo("root");
		}
	}

	@Test
	void baggageIsWrittenAndRead() {
		ApmSpan span = extract(Headers.of("baggage", "a=1;p=q,b=%20")).start();
		assertThat(extract(inject(span)).start().baggageItems()).isEqualTo(span.baggageItems());
	}

	@Test
	void nothingIsWrittenWhereTracingIsSuppressed() {
		Headers headers = new Headers();
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			ApmSpan suppressed = this.tracer.nextSpan();
			ApmSpan below = this.tracer.nextSpan(suppressed).start();
			ApmSpan built = this.tracer.spanBuilder().start();
			ApmSpan extracted = extract(Headers.of("traceparent", TRACEPARENT)).start();
			for (ApmSpan span : List.of(suppressed, below, built, extracted)) {
				this.propagator.inject(span.context(), headers, Headers.SETTER);
				try (Tracer.SpanInScope inner = this.tracer.withSpan(span)) {
					assertThat(this.tracer.currentSpan()).isNull();
					assertThat(this.tracer.isSuppressed()).isTrue();
					extract(Headers.of("traceparent", TRACEPARENT)).start().end();
				}
				span.end();
			}
		}
		assertThat(headers.all()).isEmpty();
		assertThat(this.ended).isEmpty();
	}

	@Test
	void contextsOfOthersAreWritten() {
		TraceContext foreign = new ForeignContext(TRACE, SPAN, true);
		assertThat(write(foreign).get("traceparent")).isEqualTo(TRACEPARENT);
		assertThat(write(foreign).get("b3")).isEqualTo(TRACE + "-" + SPAN + "-1");
		assertThat(write(foreign).get("sw8")).isNull();
		assertThat(this.propagator.carries(foreign, write(foreign), Headers.GETTER)).isTrue();
		TraceContext built = this.tracer.traceContextBuilder().traceId(TRACE).spanId(SPAN).sampled(false).build();
		assertThat(write(built).get("traceparent")).isEqualTo("00-" + TRACE + "-" + SPAN + "-00");
		assertThat(this.ended).isEmpty();
	}

	@Test
	void contextsWithoutIdsAreNotWritten() {
		assertThat(write(null).all()).isEmpty();
		assertThat(write(TraceContext.NOOP).all()).isEmpty();
		assertThat(write(this.tracer.traceContextBuilder().sampled(true).build()).all()).isEmpty();
		assertThat(write(new ForeignContext("not\r\nhex", "x", true)).all()).isEmpty();
	}

	@Test
	void missingCarrierIsNoError() {
		this.propagator.inject(this.tracer.nextSpan().start(), null, Headers.SETTER);
		assertThat(this.propagator.extract((Headers) null, Headers.GETTER)).isNotNull();
		assertThat(this.propagator.carries(this.tracer.nextSpan().start(), (Headers) null, Headers.GETTER)).isFalse();
	}

	@Test
	void carrierThatFailsIsOneWithoutHeaders() {
		Propagator.Getter<Headers> failing = (carrier, key) -> {
			throw new IllegalStateException("recycled");
		};
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(this.propagator.extract(new Headers(), failing).start().parentId()).isNull();
		assertThat(this.propagator.carries(span, new Headers(), failing)).isFalse();
		this.propagator.inject(span, Map.of(), (carrier, key, value) -> carrier.put(key, value));
	}

	@Test
	void headerThatFailsDoesNotHideTheOthers() {
		Propagator.Getter<Headers> partly = (carrier, key) -> {
			if (key.equals("traceparent")) {
				throw new IllegalArgumentException(key);
			}
			return carrier.get(key);
		};
		Headers headers = Headers.of("b3", OTHER_TRACE + "-" + OTHER_SPAN + "-1");
		assertThat(this.propagator.extract(headers, partly).start().traceId()).isEqualTo(OTHER_TRACE);
	}

	@Test
	void carrierWithHeadersOfAnotherSpanDoesNotCarryThisOne() {
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(this.propagator.carries(span, new Headers(), Headers.GETTER)).isFalse();
		assertThat(this.propagator.carries(span, Headers.of("traceparent", TRACEPARENT), Headers.GETTER)).isFalse();
		assertThat(this.propagator.carries(span, Headers.of("traceparent", "00-" + TRACE + "-" + span.spanId() + "-01"),
				Headers.GETTER))
			.isFalse();
		assertThat(this.propagator.carries(null, new Headers(), Headers.GETTER)).isFalse();
	}

	@Test
	void headersWithoutIdsNameNoSpan() {
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(this.propagator.carries(span, Headers.of("b3", "1", "sw8-x", "1"), Headers.GETTER)).isFalse();
	}

	@Test
	void anyFormatThatNamesTheSpanCounts() {
		ApmSpan span = this.tracer.nextSpan().start();
		Headers headers = Headers.of("traceparent", TRACEPARENT, "b3", span.traceId() + "-" + span.spanId() + "-1");
		assertThat(this.propagator.carries(span, headers, Headers.GETTER)).isTrue();
	}

	@Test
	void fieldsAreThoseOfAllFormats() {
		assertThat(propagator(List.of("sw8", "w3c"), List.of("w3c", "baggage")).fields()).containsExactly("traceparent",
				"tracestate", "baggage", "sw8", "sw8-correlation", "sw8-x");
		assertThat(propagator(List.of(), List.of("b3")).fields()).contains("b3", "X-B3-TraceId");
		assertThat(propagator(List.of(), List.of("b3-multi")).fields()).containsExactly("X-B3-TraceId", "X-B3-SpanId",
				"X-B3-ParentSpanId", "X-B3-Sampled", "X-B3-Flags");
		assertThat(new BaggageFieldCodec(List.of("x-tenant")).fields()).containsExactly("x-tenant");
	}

	private ApmPropagator propagator(List<String> consume, List<String> produce) {
		return new ApmPropagator(this.tracer, this.formats.codecs(consume), this.formats.codecs(produce));
	}

	private ApmSpanBuilder extract(Headers headers) {
		return this.propagator.extract(headers, Headers.GETTER);
	}

	private Headers inject(ApmSpan span) {
		return write(span.context());
	}

	private Headers write(TraceContext context) {
		Headers headers = new Headers();
		this.propagator.inject(context, headers, Headers.SETTER);
		return headers;
	}

	private record ForeignContext(String traceId, String spanId, Boolean sampled) implements TraceContext {

		@Override
		public String parentId() {
			return null;
		}

	}

}
