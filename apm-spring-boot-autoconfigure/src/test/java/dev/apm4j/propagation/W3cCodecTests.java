package dev.apm4j.propagation;

import java.util.Map;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import dev.apm4j.trace.SamplingPolicy;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The {@code traceparent} header. Cases come from the ABNF of W3C Trace Context level 2
 * and from what the specification's own test suite sends.
 */
class W3cCodecTests {

	private static final String TRACE = "12345678901234567890123456789012";

	private static final String SPAN = "1234567890123456";

	private final W3cCodec codec = new W3cCodec();

	private final ApmTracer tracer = ApmTracer.builder().build();

	@ParameterizedTest
	@ValueSource(strings = { "00-12345678901234567890123456789012-1234567890123456-01",
			"00-12345678901234567890123456789012-1234567890123456-00",
			"00-12345678901234567890123456789012-1234567890123456-02",
			"00-12345678901234567890123456789012-1234567890123456-03",
			"00-12345678901234567890123456789012-1234567890123456-ff",
			"00-12345678901234567890123456789012-1234567890123456-09",
			" 00-12345678901234567890123456789012-1234567890123456-01",
			"\t00-12345678901234567890123456789012-1234567890123456-01",
			"00-12345678901234567890123456789012-1234567890123456-01 ",
			"00-12345678901234567890123456789012-1234567890123456-01\t",
			"\t 00-12345678901234567890123456789012-1234567890123456-01 \t",
			"01-12345678901234567890123456789012-1234567890123456-01",
			"cc-12345678901234567890123456789012-1234567890123456-01",
			"fe-12345678901234567890123456789012-1234567890123456-01",
			"01-12345678901234567890123456789012-1234567890123456-01-",
			"cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
			"fe-12345678901234567890123456789012-1234567890123456-01-00,;=",
			"09-12345678901234567890123456789012-1234567890123456-00-x" })
	void readsValidHeader(String header) {
		PropagatedContext context = Headers.of("traceparent", header).read(this.codec);
		assertThat(context.traceId()).isEqualTo(TRACE);
		assertThat(context.spanId()).isEqualTo(SPAN);
		assertThat(context.sampled()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t", "-", "00", "00-", "00-12345678901234567890123456789012",
			"00-12345678901234567890123456789012-1234567890123456",
			"00-12345678901234567890123456789012-1234567890123456-",
			"00-12345678901234567890123456789012-1234567890123456-0",
			"00-12345678901234567890123456789012-1234567890123456-1",
			"00-12345678901234567890123456789012-1234567890123456-001",
			"00-12345678901234567890123456789012-1234567890123456-01.",
			"00-12345678901234567890123456789012-1234567890123456-01-",
			"00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
			"00-12345678901234567890123456789012-1234567890123456-.0",
			"00-12345678901234567890123456789012-1234567890123456-0.",
			"00-12345678901234567890123456789012-1234567890123456-0A",
			"00-12345678901234567890123456789012-1234567890123456-0g",
			"00-00000000000000000000000000000000-1234567890123456-01",
			"00-12345678901234567890123456789012-0000000000000000-01",
			"00-00000000000000000000000000000000-0000000000000000-00",
			"00-.2345678901234567890123456789012-1234567890123456-01",
			"00-1234567890123456789012345678901.-1234567890123456-01",
			"00-123456789012345678901234567890123-1234567890123456-01",
			"00-1234567890123456789012345678901-1234567890123456-01",
			"00-ABCDEF78901234567890123456789012-1234567890123456-01",
			"00-1234567890123456789012345678901G-1234567890123456-01",
			"00-12345678901234567890123456789012-.234567890123456-01",
			"00-12345678901234567890123456789012-123456789012345.-01",
			"00-12345678901234567890123456789012-12345678901234567-01",
			"00-12345678901234567890123456789012-123456789012345-01",
			"00-12345678901234567890123456789012-ABCDEF7890123456-01",
			"ff-12345678901234567890123456789012-1234567890123456-01",
			"ff-12345678901234567890123456789012-1234567890123456-01-x",
			"FF-12345678901234567890123456789012-1234567890123456-01",
			"CC-12345678901234567890123456789012-1234567890123456-01",
			".0-12345678901234567890123456789012-1234567890123456-01",
			"0.-12345678901234567890123456789012-1234567890123456-01",
			"0x-12345678901234567890123456789012-1234567890123456-01",
			"000-12345678901234567890123456789012-1234567890123456-01",
			"0000-12345678901234567890123456789012-1234567890123456-01",
			"0-12345678901234567890123456789012-1234567890123456-01",
			"-12345678901234567890123456789012-1234567890123456-01",
			"00_12345678901234567890123456789012_1234567890123456_01",
			"00-12345678901234567890123456789012_1234567890123456-01",
			"00-12345678901234567890123456789012-1234567890123456_01",
			"00-12345678901234567890123456789012 1234567890123456-01",
			"cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-like",
			"cc-12345678901234567890123456789012-1234567890123456-01 x",
			"cc-12345678901234567890123456789012-1234567890123456-012",
			"cc-12345678901234567890123456789012-1234567890123456-0",
			"cc-00000000000000000000000000000000-1234567890123456-01",
			"cc-12345678901234567890123456789012-0000000000000000-01",
			"00-12345678901234567890123456789012-1234567890123456-01,00-12345678901234567890123456789012-1234567890123456-01",
			"00-12345678901234567890123456789012-1234567890123456-01\r\nX-Evil: 1",
			"00-1234567890123456789012345678901\n-1234567890123456-01",
			"00-1234567890123456789012345678901\u0661-1234567890123456-01",
			"00-1234567890123456789012345678901\u00b2-1234567890123456-01",
			"\u00a000-12345678901234567890123456789012-1234567890123456-01" })
	void ignoresInvalidHeaderAndItsState(String header) {
		PropagatedContext context = Headers.of("traceparent", header, "tracestate", "foo=1").read(this.codec);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isNull();
		assertThat(context.traceState()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "00, false, false", "01, true, false", "02, false, true", "03, true, true", "08, false, false",
			"09, true, false", "fc, false, false", "fe, false, true", "ff, true, true" })
	void keepsOnlyTheKnownFlags(String flags, boolean sampled, boolean random) {
		Headers headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-" + flags);
		PropagatedContext context = headers.read(this.codec);
		assertThat(context.sampled()).isEqualTo(sampled);
		assertThat(context.randomTraceId()).isEqualTo(random);
		assertThat(write(child(context)).get("traceparent")).endsWith("-0" + ((sampled ? 1 : 0) + (random ? 2 : 0)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "traceparent", "TraceParent", "TrAcEpArEnT", "TRACEPARENT" })
	void findsHeaderInAnyCase(String name) {
		assertThat(Headers.of(name, "00-" + TRACE + "-" + SPAN + "-01").read(this.codec).traceId()).isEqualTo(TRACE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "trace-parent", "trace.parent", "x-traceparent" })
	void doesNotReadOtherHeaders(String name) {
		assertThat(Headers.of(name, "00-" + TRACE + "-" + SPAN + "-01").read(this.codec).hasTrace()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "00-12345678901234567890123456789011-1234567890123456-01",
			"00-12345678901234567890123456789012-1234567890123456-01", "" })
	void ignoresRepeatedHeader(String second) {
		Headers headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "traceparent", second,
				"tracestate", "foo=1");
		assertThat(headers.read(this.codec).hasTrace()).isFalse();
	}

	@Test
	void readsThroughGetterOfOneValue() {
		PropagatedContextBuilder into = PropagatedContext.builder();
		Propagator.Getter<Map<String, String>> getter = Map::get;
		this.codec.extract(Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", "foo=1"), getter,
				into);
		assertThat(into.build().traceId()).isEqualTo(TRACE);
		assertThat(into.build().traceState()).isEqualTo("foo=1");
	}

	@Test
	void invalidStateLeavesTheTrace() {
		PropagatedContext context = Headers
			.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", "foo=1,BAR=2")
			.read(this.codec);
		assertThat(context.traceId()).isEqualTo(TRACE);
		assertThat(context.traceState()).isEmpty();
	}

	@Test
	void passesStateOnWithANewParent() {
		PropagatedContext context = Headers
			.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", "rojo=00f067aa0ba902b7", "tracestate",
					" congo=t61rcWkgMzE")
			.read(this.codec);
		ApmSpan span = child(context);
		Headers written = write(span);
		assertThat(written.get("traceparent")).isEqualTo("00-" + TRACE + "-" + span.spanId() + "-01");
		assertThat(written.get("tracestate")).isEqualTo("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
	}

	@Test
	void newTraceIsRandomAndSampled() {
		ApmSpan span = this.tracer.nextSpan().start();
		Headers written = write(span);
		assertThat(written.get("traceparent")).isEqualTo("00-" + span.traceId() + "-" + span.spanId() + "-03");
		assertThat(written.names()).containsExactly("traceparent");
	}

	@Test
	void segmentThatASegmentCausesIsStillRandom() {
		ApmSpan span = this.tracer.nextSegment(this.tracer.nextSpan().start()).start();
		assertThat(write(span).get("traceparent")).endsWith("-03");
	}

	@Test
	void unsampledTraceSaysSo() {
		ApmTracer never = ApmTracer.builder().sampling(SamplingPolicy.NEVER).build();
		assertThat(write(never.nextSpan().start()).get("traceparent")).endsWith("-02");
	}

	@Test
	void versionIsBroughtDownToTheOneWeKnow() {
		PropagatedContext context = Headers.of("traceparent", "cc-" + TRACE + "-" + SPAN + "-03-more").read(this.codec);
		ApmSpan span = child(context);
		assertThat(write(span).get("traceparent")).isEqualTo("00-" + TRACE + "-" + span.spanId() + "-03");
	}

	private ApmSpan child(PropagatedContext context) {
		return this.tracer.spanBuilder().setParent(context).start();
	}

	private Headers write(ApmSpan span) {
		Headers headers = new Headers();
		this.codec.inject(span, headers, Headers.SETTER);
		return headers;
	}

}
