package dev.apm4j.propagation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.SegmentReference;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SkyWalking's headers. Cases come from its protocol documents and from how its Java
 * agent reads them.
 */
class Sw8CodecTests {

	/** Trace 3.4.5, segment 1.2.3, span 4, service, instance, /app, 127.0.0.1:8080. */
	private static final String KNOWN = "1-My40LjU=-MS4yLjM=-4-c2VydmljZQ==-aW5zdGFuY2U=-L2FwcA==-MTI3LjAuMC4xOjgwODA=";

	private final ApmTracer tracer = ApmTracer.builder().build();

	private String service = "orders";

	private final Sw8Codec codec = new Sw8Codec(() -> this.service, () -> "orders-1");

	@Test
	void readsHeaderOfTheJavaAgent() {
		PropagatedContext context = Headers.of("sw8", KNOWN).read(this.codec);
		assertThat(context.traceId()).isEqualTo("3.4.5");
		assertThat(context.spanId()).isEmpty();
		assertThat(context.sampled()).isTrue();
		assertThat(context.reference())
			.isEqualTo(new SegmentReference("1.2.3", 4, "service", "instance", "/app", "127.0.0.1:8080"));
	}

	@Test
	void readsExampleOfTheProtocol() {
		String header = header("1", "TRACEID", "SEGMENTID", "3", "PARENT_SERVICE", "PARENT_INSTANCE", "PARENT_ENDPOINT",
				"IPPORT");
		PropagatedContext context = Headers.of("sw8", header).read(this.codec);
		assertThat(context.traceId()).isEqualTo("TRACEID");
		assertThat(context.reference()).isEqualTo(
				new SegmentReference("SEGMENTID", 3, "PARENT_SERVICE", "PARENT_INSTANCE", "PARENT_ENDPOINT", "IPPORT"));
	}

	@Test
	void callersHeaderPassesThroughToTheLetterWhileNothingIsRecorded() {
		this.tracer.pause();
		ApmSpan span = this.tracer.spanBuilder().setParent(Headers.of("sw8", KNOWN).read(this.codec)).start();
		assertThat(write(span).get("sw8")).isEqualTo(KNOWN);
		assertThat(write(this.tracer.nextSpan().start()).get("sw8")).isNull();
	}

	/**
	 * Headers as SkyWalking's Java and Python agents write them, the latter with a UUID's
	 * digits for an id.
	 */
	@ParameterizedTest
	@ValueSource(strings = { KNOWN,
			"1-VFJBQ0VJRA==-U0VHTUVOVElE-3-UEFSRU5UX1NFUlZJQ0U=-UEFSRU5UX0lOU1RBTkNF-UEFSRU5UX0VORFBPSU5U-SVBQT1JU",
			"1-YTRlYzZmYzhjY2FiNGJiNGI2ODIwNjQ2OThjYzk3ZTYuNzQuMTYyMTgzODExMDQ1NTAwMDk="
					+ "-YTRlYzZmYzhjY2FiNGJiNGI2ODIwNjQ2OThjYzk3ZTYuNzQuMTYyMTgzODExMDQ1NTAwMDg=-2-b25lbW9yZS1h"
					+ "-ZTFkMmZiYjYzYmJhNDMwNDk5YWY4OTVjMDQwZTMyZmVAMTkyLjE2OC4xLjEwMQ==-L29uZW1vcmUtYS9nZXQ="
					+ "-MTkyLjE2OC4xLjEwMjo4MA==",
			"1-MmM5ZDQzYzJjOGRlMTFlZWI5ZDEwMjQyYWMxMjAwMDI=-MmM5ZDQ2OWNjOGRlMTFlZWI5ZDEwMjQyYWMxMjAwMDI=-0-cHJvdmlkZXI="
					+ "-cHl0aG9uLTE=-L3VzZXJz-Y29uc3VtZXI6OTA5MA==" })
	void whatItReadsItWritesToTheLetter(String header) {
		PropagatedContext context = Headers.of("sw8", header).read(this.codec);
		SegmentReference caller = context.reference();
		assertThat(header("1", context.traceId(), caller.segmentId(), Integer.toString(caller.spanNumber()),
				caller.service(), caller.instance(), caller.endpoint(), caller.address()))
			.isEqualTo(header);
		this.tracer.pause();
		assertThat(write(this.tracer.spanBuilder().setParent(context).start()).get("sw8")).isEqualTo(header);
	}

	@Test
	void writesTheEndpointAndTheAddressAsTheyAreReported() {
		Sw8Codec reporting = new Sw8Codec(() -> "orders||eu", () -> "orders-1", () -> "eu",
				(root) -> root.name().replace(' ', ':'));
		ApmSpan root = this.tracer.nextSpan().name("GET /orders/{id}").kind(Span.Kind.SERVER).start();
		ApmSpan exit = this.tracer.nextSpan(root)
			.kind(Span.Kind.CLIENT)
			.tag("server.address", "stock")
			.tag("server.port", 8080)
			.start();
		Headers headers = new Headers();
		reporting.inject(exit, headers, Headers.SETTER);
		assertThat(headers.read(this.codec).reference()).isEqualTo(new SegmentReference(root.owner().id(), 1,
				"orders||eu", "orders-1", "GET:/orders/{id}", "eu/stock:8080"));
		reporting.inject(root, headers, Headers.SETTER);
		assertThat(headers.read(this.codec).reference().address()).isEqualTo("unknown");
	}

	@ParameterizedTest
	@CsvSource({ "1, true", "0, false" })
	void readsDecision(String sample, boolean sampled) {
		assertThat(Headers.of("sw8", sample + KNOWN.substring(1)).read(this.codec).sampled()).isEqualTo(sampled);
	}

	static Stream<String> invalid() {
		return Stream.of("", " ", "-", "-------", "1", KNOWN + "-", KNOWN + "-MQ==", KNOWN.substring(1),
				"2" + KNOWN.substring(1), "x" + KNOWN.substring(1), "11" + KNOWN.substring(1),
				KNOWN.substring(0, KNOWN.lastIndexOf('-')), KNOWN.substring(0, KNOWN.lastIndexOf('-') + 1),
				KNOWN.replace("-4-", "--"), KNOWN.replace("-4-", "--1-"), KNOWN.replace("-4-", "-+4-"),
				KNOWN.replace("-4-", "-x-"), KNOWN.replace("-4-", "-4.0-"), KNOWN.replace("-4-", "-99999999999-"),
				KNOWN.replace("L2FwcA==", base64("/" + "a".repeat(10_000))), KNOWN + "-" + base64("b".repeat(10_000)),
				KNOWN.replace("-4-", "-\u0664-"), KNOWN.replace("My40LjU=", ""), KNOWN.replace("My40LjU=", "!!!!"),
				KNOWN.replace("My40LjU=", "My40LjU"), KNOWN.replace("My40LjU=", "My40LjU=="),
				KNOWN.replace("My40LjU=", "===="), KNOWN.replace("MS4yLjM=", ""), KNOWN.replace("c2VydmljZQ==", ""),
				KNOWN.replace("aW5zdGFuY2U=", ""), KNOWN.replace("L2FwcA==", ""),
				KNOWN.replace("MTI3LjAuMC4xOjgwODA=", ""), KNOWN.replace('-', '_'), KNOWN.replace('-', '.'),
				KNOWN.replace("L2FwcA==", base64("/" + "a".repeat(1500))), KNOWN + "\r\nX-Evil: 1",
				KNOWN.replace("c2VydmljZQ==", base64("ser\nvice")), KNOWN.replace("L2FwcA==", base64("\u2028")),
				KNOWN.replace("MS4yLjM=", base64("seg\r\nment")), withTraceId("a b"), withTraceId("a\nb"),
				withTraceId("a\tb"), withTraceId("a\u0000b"), withTraceId("a\"b"), withTraceId("a'b"),
				withTraceId("a\\b"), withTraceId("<script>"), withTraceId("${jndi:ldap://x}"), withTraceId("\u00e4"),
				withTraceId("\u202e"), withTraceId("\u001b[31m"), withTraceId("t".repeat(257)),
				withTraceId("0".repeat(32)), "x".repeat(3000), "-".repeat(3000));
	}

	@ParameterizedTest
	@MethodSource("invalid")
	void ignoresInvalidHeader(String header) {
		PropagatedContext context = Headers.of("sw8", header).read(this.codec);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isNull();
		assertThat(context.reference()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "3.4.5", "0af7651916cd43dd8448eb211c80319c", "0AF7651916CD43DD",
			"c2d4aa5ce4d34b1f8e2ee0ac0e8e6e1e.58.16027439048040001", "a_b-c:d/e@f" })
	void keepsTraceIdAsItIs(String traceId) {
		PropagatedContext context = Headers.of("sw8", withTraceId(traceId)).read(this.codec);
		assertThat(context.traceId()).isEqualTo(traceId);
		ApmSpan span = this.tracer.spanBuilder().setParent(context).start();
		assertThat(span.traceId()).isEqualTo(traceId);
		assertThat(write(span).read(this.codec).traceId()).isEqualTo(traceId);
	}

	@Test
	void w3cCarriesANumberForTheFreeTraceId() {
		ApmSpan span = this.tracer.spanBuilder().setParent(Headers.of("sw8", KNOWN).read(this.codec)).start();
		Headers headers = new Headers();
		new W3cCodec().inject(span, headers, Headers.SETTER);
		assertThat(headers.get("traceparent"))
			.isEqualTo("00-" + span.owner().traceIdHex() + "-" + span.spanId() + "-01");
	}

	@Test
	void writesEightFieldsOfTheCallingSpan() {
		ApmSpan root = this.tracer.nextSpan().name("GET /orders/{id}").kind(Span.Kind.SERVER).start();
		ApmSpan exit = this.tracer.nextSpan(root)
			.kind(Span.Kind.CLIENT)
			.tag("server.address", "stock")
			.tag("server.port", 8080)
			.start();
		assertThat(write(exit).get("sw8")).isEqualTo(header("1", root.traceId(), root.owner().id(), "1", "orders",
				"orders-1", "GET /orders/{id}", "stock:8080"));
	}

	@Test
	void refersToTheRootInsteadOfASpanThatIsNotReported() {
		ApmSpan root = this.tracer.nextSpan().kind(Span.Kind.SERVER).start();
		List<Integer> numbers = new ArrayList<>();
		ApmSpan last = root;
		for (int i = 1; i <= 301; i++) {
			last = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
			numbers.add(write(last).read(this.codec).reference().spanNumber());
		}
		assertThat(numbers).startsWith(1, 2, 3).endsWith(298, 299, 0, 0);
		ApmPropagator propagator = new ApmPropagator(this.tracer, List.of(this.codec), List.of(this.codec));
		assertThat(propagator.carries(last.context(), write(last), Headers.GETTER)).isTrue();
	}

	@Test
	void writesUnknownForWhatIsEmpty() {
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(write(span).read(this.codec).reference())
			.isEqualTo(new SegmentReference(span.owner().id(), 0, "orders", "orders-1", "unknown", "unknown"));
	}

	@Test
	void cutsLongNames() {
		this.service = "\u670d".repeat(60);
		ApmSpan span = this.tracer.nextSpan().name("\u540d".repeat(200)).tag("server.address", "h".repeat(300)).start();
		SegmentReference reference = write(span).read(this.codec).reference();
		assertThat(reference.service()).isEqualTo("\u670d".repeat(50));
		assertThat(reference.endpoint()).isEqualTo("\u540d".repeat(150));
		assertThat(reference.address()).isEqualTo("h".repeat(200));
	}

	@Test
	void keepsNamespaceAndClusterOfALongName() {
		this.service = "s".repeat(50) + "|production|east";
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(write(span).read(this.codec).reference().service()).isEqualTo(this.service);
	}

	@Test
	void passesACallerWithALongNameOnToTheLetter() {
		String header = KNOWN.replace("c2VydmljZQ==", base64("s".repeat(50) + "|production|east"));
		this.tracer.pause();
		ApmSpan span = this.tracer.spanBuilder().setParent(Headers.of("sw8", header).read(this.codec)).start();
		assertThat(write(span).get("sw8")).isEqualTo(header);
	}

	@Test
	void neverWritesTwoKilobytes() {
		this.service = "\u670d".repeat(60);
		PropagatedContext context = Headers.of("sw8", withTraceId("t".repeat(256))).read(this.codec);
		ApmSpan span = this.tracer.spanBuilder()
			.setParent(context)
			.name("\u540d".repeat(200))
			.tag("server.address", "\u540d".repeat(300))
			.start();
		Headers written = write(span);
		assertThat(written.get("sw8")).hasSizeLessThan(2048);
		assertThat(written.read(this.codec).traceId()).isEqualTo("t".repeat(256));
	}

	@Test
	void writesNoNameThatNobodyWouldRead() {
		ApmSpan span = this.tracer.nextSpan().name("a\nb\u0085c\u2028d").tag("peer.service", "x\ty").start();
		SegmentReference reference = write(span).read(this.codec).reference();
		assertThat(reference.endpoint()).isEqualTo("a b c d");
		assertThat(reference.address()).isEqualTo("x y");
	}

	@Test
	void doesNotCutACharacterInHalf() {
		this.service = "s".repeat(49) + "\ud83d\ude00";
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(write(span).read(this.codec).reference().service()).isEqualTo("s".repeat(49));
	}

	@Test
	void readsSpanNumberOfSeveralDigits() {
		String header = KNOWN.replace("-4-", "-129-");
		assertThat(Headers.of("sw8", header).read(this.codec).reference().spanNumber()).isEqualTo(129);
	}

	@Test
	void doesNotWriteATraceIdThatNobodyWouldRead() {
		TraceContext odd = this.tracer.traceContextBuilder().traceId("a\"b").spanId("1").sampled(true).build();
		assertThat(write(this.tracer.spanBuilder().setParent(odd).start()).get("sw8")).isNull();
	}

	@Test
	void followsANameThatChanges() {
		ApmSpan span = this.tracer.nextSpan().start();
		assertThat(write(span).read(this.codec).reference().service()).isEqualTo("orders");
		this.service = "orders-v2";
		assertThat(write(span).read(this.codec).reference().service()).isEqualTo("orders-v2");
	}

	@Test
	void writesNothingForUnsampledTraceButItsCorrelation() {
		ApmTracer never = ApmTracer.builder().sampling(SamplingPolicy.NEVER).build();
		PropagatedContext context = Headers.of("sw8-correlation", base64("test") + ":" + base64("true"))
			.read(this.codec);
		Headers written = write(never.spanBuilder().setParent(context).start());
		assertThat(written.get("sw8")).isNull();
		assertThat(written.get("sw8-correlation")).isEqualTo("dGVzdA==:dHJ1ZQ==");
	}

	@Test
	void readsCorrelation() {
		assertThat(correlation("dGVzdA==:dHJ1ZQ==")).isEqualTo(Map.of("test", "true"));
		assertThat(correlation(pair("a", "1") + "," + pair("b", "\u20ac") + "," + pair("c", "x y")))
			.isEqualTo(Map.of("a", "1", "b", "\u20ac", "c", "x y"));
	}

	@Test
	void readsAtMostThreeCorrelations() {
		assertThat(correlation(pair("a", "1") + "," + pair("b", "2") + "," + pair("c", "3") + "," + pair("d", "4")))
			.containsOnlyKeys("a", "b", "c");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", ":", "dGVzdA==", "dGVzdA==:", ":dHJ1ZQ==", "test:true!", "dGVzdA:dHJ1ZQ", "a:b:c",
			"YQpi:dHJ1ZQ==", "YSBi:dHJ1ZQ==", "w6Q=:dHJ1ZQ==" })
	void skipsInvalidCorrelation(String entry) {
		assertThat(correlation(entry)).isEmpty();
		assertThat(correlation(entry + "," + pair("a", "1"))).isEqualTo(Map.of("a", "1"));
	}

	@Test
	void skipsLongCorrelation() {
		assertThat(correlation(pair("a", "v".repeat(128)))).containsKey("a");
		assertThat(correlation(pair("a", "v".repeat(129)))).isEmpty();
		assertThat(correlation(pair("k".repeat(129), "v"))).isEmpty();
		assertThat(correlation(pair("a", "1") + ",".repeat(5000))).isEmpty();
	}

	@Test
	void writesTheFirstThreeShortItemsAsCorrelation() {
		PropagatedContext context = Headers.of("baggage", "a=1,long=" + "x".repeat(129) + ",empty=,b=2%0A,c=3,d=4")
			.read(new W3cBaggageCodec());
		Headers written = write(this.tracer.spanBuilder().setParent(context).start());
		assertThat(written.get("sw8-correlation"))
			.isEqualTo(pair("a", "1") + "," + pair("b", "2\n") + "," + pair("c", "3"));
	}

	@ParameterizedTest
	@CsvSource(value = { "1|1", "1-|1", "'1- '|1", "1-1602743904804|1", "0|", "0-1602743904804|", "'0- '|", "-|",
			"-1602743904804|" }, delimiter = '|')
	void passesTheFlagToSkipTheAnalysisOn(String header, String passedOn) {
		PropagatedContext context = Headers.of("sw8", KNOWN, "sw8-x", header).read(this.codec);
		assertThat(context.extensions()).containsEntry("sw8-x", header);
		assertThat(write(this.tracer.spanBuilder().setParent(context).start()).get("sw8-x")).isEqualTo(passedOn);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "2", "x", "1x", "1-x", "1-1\n", "10", "1-99999999999999999999999999", "1-\u0661" })
	void ignoresInvalidExtension(String header) {
		assertThat(Headers.of("sw8", KNOWN, "sw8-x", header).read(this.codec).extensions()).isEmpty();
	}

	@Test
	void producersWriteTheTimeOfSending() {
		long before = System.currentTimeMillis();
		String written = write(this.tracer.nextSpan().kind(Span.Kind.PRODUCER).start()).get("sw8-x");
		assertThat(written).startsWith("0-");
		assertThat(Long.parseLong(written.substring(2))).isBetween(before, System.currentTimeMillis());
	}

	private Map<String, String> correlation(String header) {
		return Headers.of("sw8-correlation", header).read(this.codec).baggage().asMap();
	}

	private Headers write(ApmSpan span) {
		Headers headers = new Headers();
		this.codec.inject(span, headers, Headers.SETTER);
		return headers;
	}

	private static String pair(String key, String value) {
		return base64(key) + ":" + base64(value);
	}

	private static String withTraceId(String traceId) {
		return KNOWN.replace("My40LjU=", base64(traceId));
	}

	private static String header(String sample, String traceId, String segmentId, String span, String... names) {
		StringBuilder header = new StringBuilder(sample + "-" + base64(traceId) + "-" + base64(segmentId) + "-" + span);
		for (String name : names) {
			header.append('-').append(base64(name));
		}
		return header.toString();
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
