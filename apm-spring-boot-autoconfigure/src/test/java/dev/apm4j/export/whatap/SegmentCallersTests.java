package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.propagation.Sw8Codec;
import dev.apm4j.propagation.W3cCodec;
import dev.apm4j.propagation.WhaTapCodec;
import dev.apm4j.propagation.WhaTapHeaderNames;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Hexa32;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whom a transaction tells as its caller, by the headers that its request had.
 */
class SegmentCallersTests {

	private static final long MTID = 5123927591658447L;

	private WhaTapSettings settings = settings(31337, -12345, true);

	private final CallIdentity identity = new CallIdentity(() -> this.settings, (text, from, to) -> false);

	private final SegmentCallers callers = new SegmentCallers(() -> this.settings);

	private final WhaTapCodec codec = new WhaTapCodec(WhaTapHeaderNames.DEFAULT, this.identity::enabled,
			this.identity::object, this.identity::nameHash);

	private final List<Segment> ended = new ArrayList<>();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.ended::add).build();

	private static WhaTapSettings settings(long project, int oid, boolean multiServer) {
		return new WhaTapSettings("127.0.0.1", 6600, 20106, project, oid, 0, Duration.ofMinutes(5), multiServer);
	}

	private Segment follow(Map<String, String> headers, HeaderCodec... codecs) {
		return new ApmPropagator(this.tracer, List.of(codecs), List.of()).extract(headers, Map::get).start().owner();
	}

	@Test
	void aRootHasNoCallerButTheIdOfTheWhole() {
		Segment segment = this.tracer.nextSpan().start().owner();
		assertThat(this.callers.of(segment)).isEqualTo(new Caller(segment.traceIdLow(), 0, 0, 0, null, 0, null, 0));
	}

	@Test
	void theHeadersOfWhaTapsAgentsTellEverything() {
		Segment segment = follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d,x7f", "x-wtap-po", "xuij, 0, x1a2b3c",
				"x-wtap-sp1", "ver1.0,-1893213421"), this.codec);
		assertThat(this.callers.of(segment))
			.isEqualTo(new Caller(MTID, 3, -77, 31315, "ver1.0", -1893213421, "xuij,0,x1a2b3c", 239));
	}

	@Test
	void anOlderAgentTellsNoStep() {
		Segment segment = follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d"), this.codec);
		assertThat(this.callers.of(segment)).isEqualTo(new Caller(MTID, 3, -77, 0, null, 0, null, 0));
	}

	@Test
	void traceparentTellsTheStepThatAnOlderAgentDoesNot() {
		Segment segment = follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d", "traceparent",
				"00-0af7651916cd43dd0012342f5bf4a3cf-00000000000000ef-01"), new W3cCodec(), this.codec);
		assertThat(this.callers.of(segment)).isEqualTo(new Caller(MTID, 3, -77, 0, null, 0, null, 239));
	}

	@Test
	void traceparentAloneTellsTheWholeAndTheStep() {
		Segment segment = follow(Map.of("traceparent", "00-0af7651916cd43dd0012342f5bf4a3cf-00000000000000ef-01"),
				new W3cCodec(), this.codec);
		assertThat(this.callers.of(segment)).isEqualTo(new Caller(MTID, 0, 0, 0, null, 0, null, 239));
	}

	@Test
	void workThatIsCausedWithinTheProcessIsAsDeepAsItsCause() {
		Segment segment = follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d,x7f", "x-wtap-po", "xuij,0,x1a2b3c"),
				this.codec);
		ApmSpan cause = ((ApmSpan) segment.root()).name("GET /orders/{id}");
		Segment later = this.tracer.nextSegment(cause).start().owner();
		assertThat(this.callers.of(later)).isEqualTo(new Caller(MTID, 3, segment.rootSpanId(), 31337, null,
				WireHash.hash32("/orders/{id}"), "xuj9,0,zc1p", cause.spanIdNumber()));
		Segment latest = this.tracer.nextSegment(later.root() instanceof ApmSpan root ? root : null).start().owner();
		assertThat(this.callers.of(latest).depth()).isEqualTo(3);
		assertThat(this.callers.of(latest).txid()).isEqualTo(later.rootSpanId());
	}

	@Test
	void whatSkyWalkingsAgentsTellIsNoTransaction() {
		Segment segment = follow(Map.of("sw8",
				"1-My40LjU=-MS4yLjM0NTY3ODkwYWJjZGVmMDE=-4-c2VydmljZQ==-aW5zdGFuY2U=-L2FwcA==-MTI3LjAuMC4xOjgwODA="),
				new Sw8Codec(() -> "orders", () -> "orders-1"), this.codec);
		assertThat(this.callers.of(segment)).isEqualTo(new Caller(segment.traceIdLow(), 0, 0, 0, null, 0, null, 0));
	}

	@Test
	void switchedOffNobodyHasACaller() {
		Segment segment = follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d,x7f"), this.codec);
		this.settings = settings(31337, -12345, false);
		assertThat(this.callers.of(segment)).isEqualTo(Caller.NONE);
		assertThat(follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d,x7f"), this.codec).cause()).isNull();
	}

	@Test
	void headersTellTheObjectOfTheMoment() {
		assertThat(this.identity.object()).isEqualTo("xuj9,0,zc1p").isSameAs(this.identity.object());
		this.settings = settings(31337, 77, true);
		assertThat(this.identity.object()).isEqualTo("xuj9,0,x2d");
		this.settings = settings(0, 77, true);
		assertThat(this.identity.object()).isEmpty();
	}

	@Test
	void theNameInTheHeaderIsTheOneThatTheAgentShows() {
		ApmSpan request = this.tracer.nextSpan()
			.kind(Span.Kind.SERVER)
			.name("GET /orders/{id}")
			.tag("http.request.method", "GET")
			.tag("url.path", "/orders/7")
			.start();
		assertThat(this.identity.nameHash(request)).isEqualTo(WireHash.hash32("/orders/7"));
		request.tag("http.route", "/orders/{id}");
		assertThat(this.identity.nameHash(request)).isEqualTo(WireHash.hash32("/orders/{id}"));
		// The agent puts a slash before a name that has none.
		assertThat(this.identity.nameHash(this.tracer.nextSpan().name("nightly").start()))
			.isEqualTo(WireHash.hash32("/nightly"));
	}

	/** Two processes, over the headers and the packets. */
	@Test
	void theCalleesEndOfTransactionTellsItsCaller() throws IOException {
		SentTransactions callee = new SentTransactions();
		ApmPropagator out = new ApmPropagator(this.tracer, List.of(), List.of(new W3cCodec(), this.codec));
		ApmPropagator in = new ApmPropagator(callee.tracer(), List.of(new W3cCodec(), new WhaTapCodec()), List.of());
		Segment callers = follow(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d,x7f"), this.codec);
		ApmSpan root = ((ApmSpan) callers.root()).kind(Span.Kind.SERVER)
			.name("GET /shop")
			.tag("http.request.method", "GET")
			.tag("http.route", "/shop");
		ApmSpan exit = this.tracer.nextSpan(root).kind(Span.Kind.CLIENT).start();
		Map<String, String> headers = new HashMap<>();
		out.inject(exit, headers, Map::put);
		in.extract(headers, Map::get).kind(Span.Kind.SERVER).name("GET /stock").start().end();
		assertThat(callee.ended().only(PacketType.TX_END).fields()).containsEntry("mtid", Long.toString(MTID))
			.containsEntry("mdepth", "4")
			.containsEntry("mcallerTxid", Long.toString(root.spanIdNumber()))
			.containsEntry("mcallerPcode", "31337")
			.containsEntry("mcallerPoidKey", Hexa32.encodeAll(31337, 0, -12345))
			.containsEntry("mcallerUrl", Integer.toString(WireHash.hash32("/shop")))
			.containsEntry("mcallerStepId", Long.toString(exit.spanIdNumber()));
	}

}
