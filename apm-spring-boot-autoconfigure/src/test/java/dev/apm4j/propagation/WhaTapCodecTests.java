package dev.apm4j.propagation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Hexa32;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.TransactionReference;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * WhaTap's headers. Values are such as its Go API 0.1.14 has read and written.
 */
class WhaTapCodecTests {

	private static final String MST = "x4hk5tdv98uf,3,z2d";

	private static final String PO = "xuij,0,x1a2b3c";

	private static final String SP1 = "ver1.0,-1893213421";

	/** The number 5123927591658447, which the header has. */
	private static final String TRACE = "00000000000000000012342f5bf4a3cf";

	private static final String CALLER = "ffffffffffffffb3";

	private static final int NAME_HASH = 541803615;

	private final ApmTracer tracer = ApmTracer.builder().build();

	private boolean enabled = true;

	private String object = Hexa32.encodeAll(31337, 0, -12345);

	private final WhaTapCodec codec = new WhaTapCodec(WhaTapHeaderNames.DEFAULT, () -> this.enabled, () -> this.object,
			(root) -> NAME_HASH);

	@Test
	void readsWhatTheLibraryReads() {
		PropagatedContext context = Headers
			.of("X-Wtap-Mst", MST, "X-Wtap-Po", PO, "X-Wtap-Sp1", SP1, "X-Wtap-Tx", "x7f")
			.read(this.codec);
		assertThat(context.traceId()).isEqualTo(TRACE).endsWith(Long.toHexString(5123927591658447L));
		assertThat(context.transaction())
			.isEqualTo(new TransactionReference(3, -77, 0, "xuij,0,x1a2b3c", "ver1.0", -1893213421));
		assertThat(context.sampled()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(value = { "4608363089300219344 | 0 | 4606051474103764641 | 0 | x3vt1hq12s5peg,1,x3vqvrd5lht1l1",
			"5123927591658447 | 3 | 4599897206779121264 | 0 | x4hk5tdv98uf,4,x3vlgu4dim33jg",
			"5123927591658447 | 3 | 239 | 0 | x4hk5tdv98uf,4,x7f",
			"5123927591658447 | 3 | 239 | -77 | x4hk5tdv98uf,4,x7f,z2d" }, delimiter = '|')
	void writesWhatTheLibraryWrites(long mtid, int depth, long txid, long stepId, String header) {
		assertThat(WhaTapCodec.transaction(mtid, depth + 1, txid, stepId, new StringBuilder())).hasToString(header);
	}

	@Test
	void writesTheIdsOfTheTrace() {
		ApmSpan root = this.tracer.nextSpan().start();
		ApmSpan exit = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
		Headers written = write(exit);
		assertThat(written.get("x-wtap-mst"))
			.isEqualTo(hexa(root.traceId().substring(16)) + ",1," + hexa(root.spanId()) + "," + hexa(exit.spanId()));
		assertThat(written.get("x-wtap-po")).isEqualTo("xuj9,0,zc1p");
		assertThat(written.get("x-wtap-sp1")).isEqualTo(",541803615");
		assertThat(written.names()).containsExactly("x-wtap-mst", "x-wtap-po", "x-wtap-sp1");
	}

	@Test
	void aProcessWithoutAProjectDoesNotNameOne() {
		this.object = "";
		assertThat(write(this.tracer.nextSpan().start()).names()).containsExactly("x-wtap-mst", "x-wtap-sp1");
	}

	@Test
	void eachCallIsOneDeeper() {
		ApmSpan called = follow("x-wtap-mst", MST);
		assertThat(called.traceId()).isEqualTo(TRACE);
		assertThat(write(called).read(this.codec).transaction().depth()).isEqualTo(4);
		ApmSpan calledNext = this.tracer.spanBuilder().setParent(write(called).read(this.codec)).start();
		assertThat(write(calledNext).get("x-wtap-mst"))
			.isEqualTo("x4hk5tdv98uf,5," + hexa(calledNext.spanId()) + "," + hexa(calledNext.spanId()));
	}

	@Test
	void workThatIsCausedWithinTheProcessIsAsDeepAsItsCause() {
		ApmSpan cause = follow("x-wtap-mst", MST);
		ApmSpan later = this.tracer.nextSegment(cause).start();
		assertThat(later.owner()).isNotSameAs(cause.owner());
		assertThat(later.owner().cause().transaction()).isEqualTo(cause.owner().cause().transaction());
		assertThat(later.parentId()).isEqualTo(cause.spanId());
		assertThat(write(later).read(this.codec).transaction().depth()).isEqualTo(4);
	}

	@ParameterizedTest
	@CsvSource(value = { MST + " | " + CALLER, MST + ",0 | " + CALLER, MST + ",xv | 000000000000001f",
			MST + ",xv,more,to,come | 000000000000001f", "x4hk5tdv98uf,3,5,z1 | ffffffffffffffff",
			"' x4hk5tdv98uf , 3 , z2d , xv ' | 000000000000001f" }, delimiter = '|')
	void parentIsTheStepOrElseTheTransaction(String header, String parent) {
		ApmSpan span = follow("x-wtap-mst", header);
		assertThat(span.traceId()).isEqualTo(TRACE);
		assertThat(span.parentId()).isEqualTo(parent);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ",", ",,", ",,,", "x1", "x1,0", "x1,0,", ",0,x1", "x1,,x2", "0,0,x1", "x1,0,0",
			"x,0,x1", "z,0,x1", "x1,-1,x2", "x1,z1,x2", "x1,1000000000,x2", "x1,2147483648,x2",
			"x1,99999999999999999999,x2", "x1,1.5,x2", "x1,one,x2", "x8000000000000,0,x1", "z8000000000001,0,x1",
			"xvvvvvvvvvvvvvv,0,x1", "9223372036854775808,0,x1", "x1,0,x8000000000000", "x1w,0,x2", "x1-2,0,x2",
			"x-1,0,x2", "x+1,0,x2", "x1,0,x2,w", "x1,0,x2,", "x1,0,x2,xvvvvvvvvvvvvvv", "x1,0,x 2", "x1;0;x2",
			"x1,0,x2\r\nX-Evil: 1", "x\u0661,0,x2", "\u0661\u0662,0,x2", "x1,\u0660,x2", "${jndi:x},0,x1" })
	void ignoresWhatIsMalformed(String header) {
		for (String text : List.of(header, header + " ".repeat(10_000), header + ",x1".repeat(4_000))) {
			PropagatedContext context = Headers.of("x-wtap-mst", text, "x-wtap-po", PO, "x-wtap-sp1", SP1)
				.read(this.codec);
			assertThat(context.hasTrace()).as(text).isFalse();
			assertThat(context.transaction()).isNull();
			assertThat(context.sampled()).isNull();
			assertThat(context.spanId()).isEmpty();
		}
	}

	@Test
	void aHeaderThatComesTwiceIsIgnored() {
		assertThat(Headers.of("x-wtap-mst", MST).add("x-wtap-mst", MST).read(this.codec).hasTrace()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(value = { "'xuij, 0, x1a2b3c' | xuij,0,x1a2b3c", "5,0,z1 | 5,0,z1", "31337,0,-12345 | xuj9,0,zc1p",
			"xuij,0 | ''", "xuij | ''", "'' | ''", ",, | ''", "xuij,0,w | ''", "z1,0,x1 | ''",
			"xuij,0,x1vvvvvv | xuij,0,x1vvvvvv", "xuij,0,x2000000 | ''", "xuij,x20000000,x1 | ''",
			"xvvvvvvvvvvvvvv,0,x1 | ''", "<b>,0,x1 | ''" }, delimiter = '|')
	void objectOfTheCallerHasThreeNumbers(String header, String object) {
		for (String text : List.of(header, header + "\u0000")) {
			TransactionReference caller = Headers.of("x-wtap-mst", MST, "x-wtap-po", text)
				.read(this.codec)
				.transaction();
			assertThat(caller.poid()).isEqualTo(text.equals(header) ? object : "");
			assertThat(caller.txid()).isEqualTo(-77);
		}
		assertThat(Headers.of("x-wtap-mst", MST, "x-wtap-po", header + ",1".repeat(5_000))
			.read(this.codec)
			.transaction()
			.poid()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(value = { "x-wtap-sp1 | ver1.0,-1893213421 | ver1.0 | -1893213421",
			"x-wtap-sp1 | ', 541803615' | '' | 541803615", "x-wtap-sp1 | ',0' | '' | 0", "x-wtap-sp1 | 'v1' | v1 | 0",
			"x-wtap-sp1 | '2401753875' | '2401753875' | 0", "x-wtap-sp1 | 'v,2401753875' | v | -1893213421",
			"x-wtap-sp1 | 'a,b,7' | a,b | 7", "x-wtap-inf | ver1.0,77 | ver1.0 | 77", "x-wtap-sp | ver1.0 | ver1.0 | 0",
			"x-wtap-sp1 | 'v,4294967296' | '' | 0", "x-wtap-sp1 | 'v,-2147483649' | '' | 0",
			"x-wtap-sp1 | 'v,x' | '' | 0", "x-wtap-sp1 | 'v,' | '' | 0", "x-wtap-sp1 | '\u00e4,7' | '' | 0" },
			delimiter = '|')
	void serviceOfTheCallerHasAVersionAndAHash(String name, String header, String spec, int hash) {
		TransactionReference caller = Headers.of("x-wtap-mst", MST, name, header).read(this.codec).transaction();
		assertThat(caller.spec()).isEqualTo(spec);
		assertThat(caller.urlHash()).isEqualTo(hash);
		for (String text : List.of("v".repeat(10_000) + "," + header, header + "\n", "\u001b" + header)) {
			assertThat(Headers.of("x-wtap-mst", MST, name, text).read(this.codec).transaction().spec()).isEmpty();
		}
	}

	@Test
	void theNewestFormOfTheServiceCounts() {
		assertThat(Headers.of("x-wtap-mst", MST, "x-wtap-sp", "old,1", "x-wtap-inf", "older,2", "x-wtap-sp1", "new,3")
			.read(this.codec)
			.transaction()
			.spec()).isEqualTo("new");
	}

	/** What it says of the trace, the span and the transaction. */
	@ParameterizedTest
	@CsvSource(value = { "12342f5bf4a3cf | 1f | x4hk5tdv98uf,3,z2d,xv | agree",
			"12342f5bf4a3cf | 1f | x4hk5tdv98uf,3,z2d | agree",
			"12342f5bf4a3cf | 20 | x4hk5tdv98uf,3,z2d,xv | another step",
			"12342f5bf4a3ce | 1f | x4hk5tdv98uf,3,z2d,xv | another trace" }, delimiter = '|')
	void traceparentDecides(String low, String span, String header, String relation) {
		String trace = "0af7651916cd43dd" + "0".repeat(16 - low.length()) + low;
		Headers headers = Headers.of("x-wtap-mst", header, "traceparent",
				"00-" + trace + "-" + "0".repeat(14) + span + "-00");
		PropagatedContext context = headers.read(new W3cCodec(), this.codec);
		assertThat(context.traceId()).isEqualTo(trace);
		assertThat(context.spanId()).endsWith(span);
		assertThat(context.sampled()).isFalse();
		assertThat(context.transaction() != null).isEqualTo(relation.equals("agree"));
		// Whoever reads WhaTap's first still gets the other half of the trace id.
		PropagatedContext reversed = headers.read(this.codec, new W3cCodec());
		assertThat(reversed.traceId()).isEqualTo(relation.equals("another trace") ? TRACE : trace);
		assertThat(reversed.spanId()).endsWith(relation.equals("agree") ? span : "1f");
		assertThat(reversed.transaction()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void allFormatsInOneCarrierAreOneTrace(boolean freeTraceId) {
		Sw8Codec sw8 = new Sw8Codec(() -> "orders", () -> "orders-1");
		List<HeaderCodec> all = new ArrayList<>(
				List.of(new W3cCodec(), B3Codec.single(), B3Codec.multi(), sw8, this.codec));
		ApmSpan root = !freeTraceId ? this.tracer.nextSpan().start()
				: this.tracer.spanBuilder()
					.setParent(Headers
						.of("sw8", "1-My40LjU=-MS4yLjM=-4-c2VydmljZQ==-aW5zdGFuY2U=-L2FwcA==-MTI3LjAuMC4xOjgwODA=")
						.read(sw8))
					.start();
		ApmSpan exit = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
		Headers headers = new Headers();
		all.forEach((each) -> each.inject(exit, headers, Headers.SETTER));
		for (int i = 0; i < all.size(); i++) {
			Collections.rotate(all, 1);
			PropagatedContext context = headers.read(all.toArray(HeaderCodec[]::new));
			assertThat(context.traceId()).isEqualTo(root.traceId());
			assertThat(context.spanId()).isEqualTo(exit.spanId());
			assertThat(context.reference().segmentId()).isEqualTo(root.owner().id());
			assertThat(context.transaction().txid()).isEqualTo(root.spanIdNumber());
			assertThat(context.transaction().stepId()).isEqualTo(exit.spanIdNumber());
		}
	}

	@Test
	void writesNothingForUnsampledTrace() {
		ApmTracer never = ApmTracer.builder().sampling(SamplingPolicy.NEVER).build();
		assertThat(write(never.nextSpan().start()).names()).isEmpty();
	}

	@Test
	void writesNothingForATraceThatHasNothingInItsRightHalf() {
		PropagatedContext context = Headers.of("traceparent", "00-0af7651916cd43dd0000000000000000-b7ad6b7169203331-01")
			.read(new W3cCodec());
		assertThat(write(this.tracer.spanBuilder().setParent(context).start()).names()).isEmpty();
	}

	@Test
	void callersHeadersPassThroughToTheLetterWhileNothingIsRecorded() {
		this.tracer.pause();
		Headers written = write(follow("x-wtap-mst", MST + ",xv", "x-wtap-po", PO, "x-wtap-sp1", SP1));
		assertThat(written.get("x-wtap-mst")).isEqualTo(MST + ",xv");
		assertThat(written.get("x-wtap-po")).isEqualTo(PO);
		assertThat(written.get("x-wtap-sp1")).isEqualTo(SP1);
		assertThat(write(this.tracer.nextSpan().start()).names()).isEmpty();
	}

	@Test
	void switchedOffItNeitherReadsNorWrites() {
		this.enabled = false;
		assertThat(Headers.of("x-wtap-mst", MST).read(this.codec).hasTrace()).isFalse();
		assertThat(write(this.tracer.nextSpan().start()).names()).isEmpty();
		this.enabled = true;
		assertThat(Headers.of("x-wtap-mst", MST).read(this.codec).hasTrace()).isTrue();
	}

	@Test
	void headersMayHaveOtherNames() {
		WhaTapHeaderNames names = new WhaTapHeaderNames("m", "p", "s1", "s", "i");
		WhaTapCodec other = new WhaTapCodec(names, () -> true, () -> this.object, (root) -> 7);
		Headers written = new Headers();
		other.inject(this.tracer.nextSpan().start(), written, Headers.SETTER);
		assertThat(written.names()).containsExactly("m", "p", "s1");
		assertThat(written.read(other).transaction().urlHash()).isEqualTo(7);
		assertThat(Headers.of("m", MST, "i", "v2,3").read(other).transaction().spec()).isEqualTo("v2");
		assertThat(Headers.of("x-wtap-mst", MST).read(other).hasTrace()).isFalse();
		assertThat(other.fields()).containsExactly("m", "p", "s1", "s", "i");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a\r\nb", "a:b", "\u00e4" })
	void whatCantBeTheNameOfAHeaderIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new WhaTapHeaderNames(name, "p", "s1", "s", "i"));
	}

	@Test
	void theCalleeKnowsItsCaller() {
		ApmTracer calleesTracer = ApmTracer.builder().build();
		ApmPropagator caller = new ApmPropagator(this.tracer, List.of(this.codec), List.of(this.codec));
		ApmPropagator callee = new ApmPropagator(calleesTracer, List.of(new WhaTapCodec()), List.of());
		Random random = new Random(5);
		for (int i = 0; i < 1_000; i++) {
			long project = random.nextLong() >>> 1 + random.nextInt(63);
			this.object = Hexa32.encodeAll(project, random.nextInt(), random.nextInt());
			ApmSpan root = this.tracer.nextSpan().start();
			ApmSpan exit = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
			Headers headers = new Headers();
			assertThat(caller.carries(exit, headers, Headers.GETTER)).isFalse();
			caller.inject(exit, headers, Headers.SETTER);
			assertThat(caller.carries(exit, headers, Headers.GETTER)).isTrue();
			assertThat(caller.carries(root, headers, Headers.GETTER)).isFalse();
			ApmSpan called = callee.extract(headers, Headers.GETTER).start();
			assertThat(called.owner().traceIdLow()).isEqualTo(root.owner().traceIdLow());
			assertThat(called.parentId()).isEqualTo(exit.spanId());
			assertThat(called.sampled()).isTrue();
			assertThat(called.owner().cause().transaction()).isEqualTo(
					new TransactionReference(1, root.spanIdNumber(), exit.spanIdNumber(), this.object, "", NAME_HASH));
		}
	}

	@Test
	void nothingIsCarriedOnWhereTracingIsSuppressed() {
		ApmPropagator propagator = new ApmPropagator(this.tracer, List.of(this.codec), List.of(this.codec));
		Headers headers = new Headers();
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			propagator.inject(this.tracer.nextSpan().context(), headers, Headers.SETTER);
		}
		assertThat(headers.names()).isEmpty();
	}

	private ApmSpan follow(String... headers) {
		return this.tracer.spanBuilder().setParent(Headers.of(headers).read(this.codec)).start();
	}

	private Headers write(ApmSpan span) {
		Headers headers = new Headers();
		this.codec.inject(span, headers, Headers.SETTER);
		return headers;
	}

	private static String hexa(String hex) {
		return Hexa32.encode(Long.parseUnsignedLong(hex, 16));
	}

}
