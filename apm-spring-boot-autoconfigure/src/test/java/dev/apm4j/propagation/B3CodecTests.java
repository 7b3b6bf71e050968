package dev.apm4j.propagation;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SamplingPolicy;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The B3 headers. Cases come from the B3 specification and from how Brave reads them.
 */
class B3CodecTests {

	private static final String TRACE = "80f198ee56343ba864fe8b2a57d3eff7";

	private static final String SPAN = "e457b5a2e4d86bd1";

	private static final String PARENT = "05e3ac9a4f6e3b90";

	private final B3Codec single = B3Codec.single();

	private final B3Codec multi = B3Codec.multi();

	private final ApmTracer tracer = ApmTracer.builder().build();

	@ParameterizedTest
	@CsvSource({
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90, 80f198ee56343ba864fe8b2a57d3eff7, true, 05e3ac9a4f6e3b90",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0-05e3ac9a4f6e3b90, 80f198ee56343ba864fe8b2a57d3eff7, false, 05e3ac9a4f6e3b90",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d-05e3ac9a4f6e3b90, 80f198ee56343ba864fe8b2a57d3eff7, true, 05e3ac9a4f6e3b90",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1, 80f198ee56343ba864fe8b2a57d3eff7, true,",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0, 80f198ee56343ba864fe8b2a57d3eff7, false,",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d, 80f198ee56343ba864fe8b2a57d3eff7, true,",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1, 80f198ee56343ba864fe8b2a57d3eff7,,",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-05e3ac9a4f6e3b90, 80f198ee56343ba864fe8b2a57d3eff7,, 05e3ac9a4f6e3b90",
			"64fe8b2a57d3eff7-e457b5a2e4d86bd1-1, 000000000000000064fe8b2a57d3eff7, true,",
			"000000000000000064fe8b2a57d3eff7-e457b5a2e4d86bd1-1, 000000000000000064fe8b2a57d3eff7, true,",
			"80f198ee56343ba80000000000000000-e457b5a2e4d86bd1-1, 80f198ee56343ba80000000000000000, true,",
			"64fe8b2a57d3eff7-e457b5a2e4d86bd1, 000000000000000064fe8b2a57d3eff7,,",
			"'  64fe8b2a57d3eff7-e457b5a2e4d86bd1-0 ', 000000000000000064fe8b2a57d3eff7, false," })
	void readsSingleHeader(String header, String traceId, Boolean sampled, String parentId) {
		PropagatedContext context = Headers.of("b3", header).read(this.single);
		assertThat(context.traceId()).isEqualTo(traceId);
		assertThat(context.spanId()).isEqualTo(SPAN);
		assertThat(context.sampled()).isEqualTo(sampled);
		assertThat(context.parentId()).isEqualTo(parentId);
	}

	@ParameterizedTest
	@CsvSource({ "1, true", "0, false", "d, true" })
	void readsDecisionAlone(String header, boolean sampled) {
		PropagatedContext context = Headers.of("b3", header).read(this.single);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isEqualTo(sampled);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "2", "D", "x", "-", "--", "-1", "1-", "0-1", "80f198ee56343ba864fe8b2a57d3eff7",
			"80f198ee56343ba864fe8b2a57d3eff7-", "80f198ee56343ba864fe8b2a57d3eff7-1", "-e457b5a2e4d86bd1-1",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-2",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-11",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-true",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1--05e3ac9a4f6e3b90",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b9",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b900",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90-1",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05E3AC9A4F6E3B90",
			"80F198EE56343BA864FE8B2A57D3EFF7-e457b5a2e4d86bd1-1",
			"80f198ee56343ba864fe8b2a57d3eff7-E457B5A2E4D86BD1-1", "80f198ee56343ba864fe8b2a57d3eff-e457b5a2e4d86bd1-1",
			"80f198ee56343ba864fe8b2a57d3eff71-e457b5a2e4d86bd1-1",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd-1",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd11-1",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1x1", "4fe8b2a57d3eff7-e457b5a2e4d86bd1-1",
			"00000000000000000000000000000000-e457b5a2e4d86bd1-1", "0000000000000000-e457b5a2e4d86bd1-1",
			"80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1",
			"80f198ee56343ba864fe8b2a57d3efgh-e457b5a2e4d86bd1-1",
			"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1\r\nX: 1",
			"80f198ee56343ba864fe8b2a57d3ef\u0661\u0662-e457b5a2e4d86bd1-1" })
	void ignoresInvalidSingleHeader(String header) {
		PropagatedContext context = Headers.of("b3", header).read(this.single);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "1,, true", "0,, false", "true,, true", "false,, false", "TRUE,, true", "False,, false", ",,",
			",1, true", "0,1, true", "1,1, true", "1,0, true", ",2,", ",abc," })
	void readsMultipleHeaders(String sampled, String flags, Boolean expected) {
		Headers headers = Headers.of("X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, "X-B3-ParentSpanId", PARENT);
		if (sampled != null) {
			headers.add("X-B3-Sampled", sampled);
		}
		if (flags != null) {
			headers.add("X-B3-Flags", flags);
		}
		for (B3Codec codec : new B3Codec[] { this.single, this.multi }) {
			PropagatedContext context = headers.read(codec);
			assertThat(context.traceId()).isEqualTo(TRACE);
			assertThat(context.spanId()).isEqualTo(SPAN);
			assertThat(context.parentId()).isEqualTo(PARENT);
			assertThat(context.sampled()).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@CsvSource({ "80f198ee56343ba864fe8b2a57d3eff7,,,", ", e457b5a2e4d86bd1,,",
			"80F198EE56343BA864FE8B2A57D3EFF7, e457b5a2e4d86bd1,,",
			"80f198ee56343ba864fe8b2a57d3eff7, E457B5A2E4D86BD1,,",
			"0f198ee56343ba864fe8b2a57d3eff7, e457b5a2e4d86bd1,,",
			"80f198ee56343ba864fe8b2a57d3eff7, 457b5a2e4d86bd1,,",
			"80f198ee56343ba864fe8b2a57d3eff7, e457b5a2e4d86bd1, 5e3ac9a4f6e3b90,",
			"80f198ee56343ba864fe8b2a57d3eff7, e457b5a2e4d86bd1,, d",
			"80f198ee56343ba864fe8b2a57d3eff7, e457b5a2e4d86bd1,, yes",
			"00000000000000000000000000000000, e457b5a2e4d86bd1,,",
			"80f198ee56343ba864fe8b2a57d3eff7, 0000000000000000,," })
	void ignoresInvalidMultipleHeaders(String traceId, String spanId, String parentId, String sampled) {
		Headers headers = new Headers();
		String[] names = { "X-B3-TraceId", "X-B3-SpanId", "X-B3-ParentSpanId", "X-B3-Sampled" };
		String[] values = { traceId, spanId, parentId, sampled };
		for (int i = 0; i < names.length; i++) {
			if (values[i] != null) {
				headers.add(names[i], values[i]);
			}
		}
		PropagatedContext context = headers.read(this.multi);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isNull();
	}

	@Test
	void padsShortTraceIdOfMultipleHeaders() {
		assertThat(Headers.of("X-B3-TraceId", "64fe8b2a57d3eff7", "X-B3-SpanId", SPAN).read(this.multi).traceId())
			.isEqualTo("000000000000000064fe8b2a57d3eff7");
	}

	@Test
	void readsDecisionAloneFromMultipleHeaders() {
		assertThat(Headers.of("X-B3-Sampled", "0").read(this.multi).sampled()).isFalse();
		assertThat(Headers.of("X-B3-Flags", "1").read(this.multi).sampled()).isTrue();
		assertThat(new Headers().read(this.multi).sampled()).isNull();
	}

	@Test
	void validSingleHeaderWins() {
		Headers headers = Headers.of("b3", TRACE + "-" + SPAN + "-1", "X-B3-TraceId", "1".repeat(32), "X-B3-SpanId",
				"2".repeat(16), "X-B3-Sampled", "0");
		assertThat(headers.read(this.single).traceId()).isEqualTo(TRACE);
		assertThat(headers.read(this.single).sampled()).isTrue();
		assertThat(headers.read(this.multi).traceId()).isEqualTo("1".repeat(32));
		headers.set("b3", "garbage");
		assertThat(headers.read(this.single).traceId()).isEqualTo("1".repeat(32));
	}

	@Test
	void decisionInSingleHeaderWins() {
		Headers headers = Headers.of("b3", "0", "X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, "X-B3-Sampled", "1");
		PropagatedContext context = headers.read(this.single);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "d", "0", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d" })
	void decisionForAnotherTraceIsIgnored(String header) {
		Headers headers = Headers.of("traceparent", "00-" + "1".repeat(32) + "-" + SPAN + "-01", "b3", header,
				"X-B3-TraceId", "1".repeat(32), "X-B3-SpanId", SPAN, "X-B3-Flags", "1");
		PropagatedContext context = headers.read(new W3cCodec(), this.single);
		assertThat(context.sampled()).isTrue();
		assertThat(context.extensions()).isEmpty();
	}

	@Test
	void debugOfTheSameTraceIsAddedToWhatAnotherFormatFound() {
		Headers headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "b3",
				TRACE + "-" + SPAN + "-d");
		assertThat(headers.read(new W3cCodec(), this.single).extensions()).containsEntry("X-B3-Flags", "1");
	}

	@Test
	void decisionIsTakenFromTheFormatThatHasOne() {
		Headers headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-00", "b3", TRACE + "-" + SPAN);
		assertThat(headers.read(this.single, new W3cCodec()).sampled()).isFalse();
	}

	@Test
	void firstOfRepeatedHeadersWins() {
		assertThat(Headers.of("b3", TRACE + "-" + SPAN, "b3", "1".repeat(32) + "-" + SPAN).read(this.single).traceId())
			.isEqualTo(TRACE);
	}

	@Test
	void writesSingleHeader() {
		ApmSpan root = this.tracer.nextSpan().start();
		assertThat(write(this.single, root).get("b3")).isEqualTo(root.traceId() + "-" + root.spanId() + "-1");
		ApmSpan child = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
		assertThat(write(this.single, child).get("b3"))
			.isEqualTo(root.traceId() + "-" + child.spanId() + "-1-" + root.spanId());
		ApmSpan producer = this.tracer.nextSpan(root).kind(Span.Kind.PRODUCER).start();
		assertThat(write(this.single, producer).get("b3")).isEqualTo(root.traceId() + "-" + producer.spanId() + "-1");
	}

	@Test
	void writesMultipleHeaders() {
		ApmSpan root = this.tracer.nextSpan().start();
		ApmSpan child = this.tracer.nextSpan(root).start();
		Headers written = write(this.multi, child);
		assertThat(written.get("X-B3-TraceId")).isEqualTo(root.traceId());
		assertThat(written.get("X-B3-SpanId")).isEqualTo(child.spanId());
		assertThat(written.get("X-B3-ParentSpanId")).isEqualTo(root.spanId());
		assertThat(written.get("X-B3-Sampled")).isEqualTo("1");
		assertThat(write(this.multi, root).names()).doesNotContain("x-b3-parentspanid", "x-b3-flags");
	}

	@Test
	void writesThatATraceIsNotSampled() {
		ApmSpan span = ApmTracer.builder().sampling(SamplingPolicy.NEVER).build().nextSpan().start();
		assertThat(write(this.single, span).get("b3")).endsWith("-0");
		assertThat(write(this.multi, span).get("X-B3-Sampled")).isEqualTo("0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "d", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d" })
	void debugKeepsTravelling(String header) {
		ApmTracer never = ApmTracer.builder().sampling(SamplingPolicy.NEVER).build();
		ApmSpan span = never.spanBuilder().setParent(Headers.of("b3", header).read(this.single)).start();
		assertThat(span.sampled()).isTrue();
		ApmSpan otherThread = never.nextSegment(span).start();
		for (ApmSpan sender : new ApmSpan[] { span, otherThread }) {
			assertThat(write(this.single, sender).get("b3")).contains("-d");
			Headers written = write(this.multi, sender);
			assertThat(written.get("X-B3-Flags")).isEqualTo("1");
			assertThat(written.get("X-B3-Sampled")).isNull();
		}
	}

	private static Headers write(HeaderCodec codec, ApmSpan span) {
		Headers headers = new Headers();
		codec.inject(span, headers, Headers.SETTER);
		return headers;
	}

}
