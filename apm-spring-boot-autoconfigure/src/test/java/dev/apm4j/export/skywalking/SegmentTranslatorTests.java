package dev.apm4j.export.skywalking;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.apm4j.skywalking.proto.Log;
import dev.apm4j.skywalking.proto.RefType;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SpanLayer;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.ExitCall;
import dev.apm4j.trace.ExitCalls;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SegmentReference;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentTranslatorTests {

	private static final SegmentReference CALLER = new SegmentReference("1.2.3", 4, "web", "web-1", "/checkout",
			"shop:8080");

	private final RecordedSegments recorded = new RecordedSegments();

	@Test
	void aRequestWithItsCalls() {
		ApmSpan request = this.recorded.request();
		ApmSpan method = this.recorded.child(request, "OrderService.load", null)
			.tag("code.function.name", "shop.OrderService.load");
		this.recorded.child(method, "SELECT orders", Span.Kind.CLIENT)
			.tag("db.system.name", "h2database")
			.tag("db.namespace", "shop")
			.tag("db.query.text", "SELECT * FROM orders WHERE id = ?")
			.end();
		method.end();
		this.recorded.child(request, "GET /stock/{id}", Span.Kind.CLIENT)
			.tag("http.request.method", "GET")
			.tag("url.template", "/stock/{id}")
			.tag("server.address", "stock")
			.tag("server.port", 8080)
			.tag("url.full", "http://stock:8080/stock/7")
			.tag("http.response.status_code", 500)
			.tag("error.type", "500")
			.end();
		request.end();
		assertThat(RecordedSegments.text(this.recorded.translated())).isEqualTo("""
				shop shop-1
				0 below -1: Entry Http 14 GET:/orders/{id} {url=/orders/7; http.method=GET; http.status_code=200}
				1 below 0: Local Unknown 93 OrderService.load {code.function.name=shop.OrderService.load}
				2 below 1: Exit Database 32 H2/JDBC/SELECT orders @localhost:-1 {db.type=H2; db.instance=shop; \
				db.statement=SELECT * FROM orders WHERE id = ?}
				3 below 0: Exit Http 13 /stock/{id} @stock:8080 {url=http://stock:8080/stock/7; http.method=GET; \
				http.status_code=500; error.type=500} error
				""");
	}

	@Test
	void idsAreThoseOfTheHeaders() {
		ApmSpan request = this.recorded.request();
		request.end();
		SegmentObject segment = this.recorded.translated();
		assertThat(segment.getTraceId()).isEqualTo(request.traceId()).hasSize(32);
		assertThat(segment.getTraceSegmentId()).isEqualTo(request.owner().id());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 239, 240, 256, 257, 400 })
	void theSegmentThatHeadersNameIsTheOneThatIsSent(int length) {
		PropagatedContext cause = PropagatedContext.builder().ids("t".repeat(length), 0).sampled(true).build();
		ApmSpan root = this.recorded.tracer().nextSegment(cause).start();
		root.end();
		String sent = this.recorded.translated().getTraceSegmentId();
		assertThat(sent).isEqualTo(root.owner().id()).hasSizeLessThanOrEqualTo(256);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\u0085b\u2028", "\ud83d", "a\u0000b", " " })
	void theEndpointThatHeadersNameIsTheOneThatIsSent(String name) {
		ApmSpan root = this.recorded.tracer().nextSegment(null).name(name).kind(Span.Kind.SERVER).start();
		root.end();
		assertThat(this.recorded.translated().getSpans(0).getOperationName()).isEqualTo(OperationNames.of(root));
	}

	@Test
	void timesAreMilliseconds() {
		ApmSpan job = this.recorded.tracer().nextSegment(null).name("job");
		job.startTimestamp(1_700_000_000_123L, TimeUnit.MILLISECONDS).start();
		job.end(1_700_000_000_456L, TimeUnit.MILLISECONDS);
		SpanObject root = this.recorded.translated().getSpans(0);
		assertThat(root.getStartTime()).isBetween(1_700_000_000_122L, 1_700_000_000_123L);
		assertThat(root.getEndTime()).isBetween(1_700_000_000_455L, 1_700_000_000_456L);
	}

	@Test
	void refersToTheCallerThatSw8Names() {
		PropagatedContext cause = PropagatedContext.builder().ids("3.4.5", 0).sampled(true).reference(CALLER).build();
		this.recorded.tracer().nextSegment(cause).name("GET").kind(Span.Kind.SERVER).start().end();
		SegmentObject segment = this.recorded.translated();
		assertThat(segment.getTraceId()).isEqualTo("3.4.5");
		assertThat(segment.getSpans(0).getRefsList()).extracting(RecordedSegments::text)
			.containsExactly("CrossProcess 3.4.5 1.2.3/4 web web-1 /checkout @shop:8080");
	}

	@Test
	void aCallerIsCalledWhatItCallsItself() {
		String service = "s".repeat(50) + "|production|east";
		String instance = "orders-7d9c6b5f44-x2x9z.production.svc.east-1.example.internal";
		PropagatedContext cause = PropagatedContext.builder()
			.ids("3.4.5", 0)
			.sampled(true)
			.reference(new SegmentReference("1.2.3", 4, service, instance, "/checkout", "shop:8080"))
			.build();
		this.recorded.tracer().nextSegment(cause).kind(Span.Kind.SERVER).start().end();
		assertThat(this.recorded.translated().getSpans(0).getRefs(0)).satisfies((reference) -> {
			assertThat(reference.getParentService()).isEqualTo(service);
			assertThat(reference.getParentServiceInstance()).isEqualTo(instance);
		});
	}

	@Test
	void aLongServiceKeepsItsNamespaceAndCluster() {
		ServiceIdentity identity = ServiceIdentity.of("s".repeat(60), null, "production", "east", "shop-1", "GENERAL");
		RecordedSegments clustered = new RecordedSegments(identity, SpanLimits.DEFAULT);
		clustered.request().end();
		assertThat(clustered.translated().getService()).isEqualTo("s".repeat(50) + "|production|east");
	}

	@Test
	void aCallerKnownByW3cAloneSharesTheTraceOnly() {
		PropagatedContext cause = PropagatedContext.builder()
			.ids("0af7651916cd43dd8448eb211c80319c", 7)
			.sampled(true)
			.build();
		this.recorded.tracer().nextSegment(cause).kind(Span.Kind.SERVER).start().end();
		SegmentObject segment = this.recorded.translated();
		assertThat(segment.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		assertThat(segment.getSpans(0).getRefsList()).isEmpty();
	}

	@Test
	void workOnAnotherThreadRefersToTheSpanThatCausedIt() {
		ApmSpan request = this.recorded.request();
		ApmSpan method = this.recorded.child(request, "OrderService.load", null);
		this.recorded.tracer().nextSegment(method).name("async").start().end();
		assertThat(RecordedSegments.text(this.recorded.translated().getSpans(0)))
			.isEqualTo("Local Unknown 141 async {}\n    CrossThread " + request.traceId() + " " + request.owner().id()
					+ "/1 shop shop-1 GET:/orders/{id} @");
	}

	@Test
	void aJobThatARequestStartsIsAnEndpointAllTheSame() {
		ApmSpan request = this.recorded.request();
		ApmSpan job = this.recorded.tracer()
			.nextSegment(request)
			.name("Import.run")
			.tag("apm.job.type", "batch")
			.start();
		job.end();
		SpanObject root = this.recorded.translated().getSpans(0);
		assertThat(RecordedSegments.text(root)).startsWith("Local Unknown 93 Import.run {x-le={\"logic-span\":true}; ");
		assertThat(root.getRefs(0).getRefType()).isEqualTo(RefType.CrossThread);
	}

	@Test
	void aMessageOfThisProcessIsNotDrawnAsIfItCameFromABroker() {
		ApmSpan request = this.recorded.request();
		this.recorded.tracer()
			.nextSegment(request)
			.kind(Span.Kind.CONSUMER)
			.name("on")
			.tag("messaging.system", "kafka")
			.tag("messaging.destination.name", "orders")
			.start()
			.end();
		assertThat(this.recorded.translated().getSpans(0).getSpanLayer()).isEqualTo(SpanLayer.Unknown);
	}

	@Test
	void linksAreFurtherReferences() {
		ApmSpan request = this.recorded.request();
		RecordedSegments batches = new RecordedSegments();
		PropagatedContext message = PropagatedContext.builder().ids("3.4.5", 0).reference(CALLER).build();
		PropagatedContext foreign = PropagatedContext.builder().ids("0af7651916cd43dd8448eb211c80319c", 7).build();
		batches.tracer()
			.nextSegment(null)
			.kind(Span.Kind.CONSUMER)
			.start()
			.addLink(new Link(message))
			.addLink(new Link(foreign))
			.addLink(new Link((TraceContext) request))
			.end();
		assertThat(batches.translated().getSpans(0).getRefsList()).extracting(RecordedSegments::text)
			.containsExactly("CrossProcess 3.4.5 1.2.3/4 web web-1 /checkout @shop:8080", "CrossThread "
					+ request.traceId() + " " + request.owner().id() + "/0 shop shop-1 GET:/orders/{id} @");
	}

	@Test
	void anExceptionIsALogOfTheAgentsForm() {
		ApmSpan request = this.recorded.request();
		IllegalStateException error = new IllegalStateException("no stock", new RuntimeException("the cause"));
		request.error(error).end();
		SpanObject root = this.recorded.translated().getSpans(0);
		assertThat(root.getIsError()).isTrue();
		Log log = root.getLogs(0);
		assertThat(log.getTime()).isEqualTo(root.getEndTime());
		Map<String, String> data = data(log);
		assertThat(data).containsEntry("event", "error")
			.containsEntry("error.kind", "java.lang.IllegalStateException")
			.containsEntry("message", "no stock");
		assertThat(data.get("stack")).startsWith("java.lang.IllegalStateException: no stock\n\tat ")
			.contains("Caused by: java.lang.RuntimeException: the cause")
			.hasSizeLessThanOrEqualTo(4000);
	}

	@Test
	void anExceptionThatCannotBeReadIsStillAnError() {
		this.recorded.request().error(new RuntimeException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException();
			}

			@Override
			public StackTraceElement[] getStackTrace() {
				return null;
			}

		}).end();
		SpanObject root = this.recorded.translated().getSpans(0);
		assertThat(root.getIsError()).isTrue();
		assertThat(data(root.getLogs(0))).containsEntry("message", "").containsEntry("event", "error");
	}

	@Test
	void eventsAreLogsWithTheirTime() {
		ApmSpan request = this.recorded.request();
		request.event("retried", 1_700_000_000_123L, TimeUnit.MILLISECONDS);
		request.event("gave up").error(new RuntimeException("x")).end();
		List<Log> logs = this.recorded.translated().getSpans(0).getLogsList();
		assertThat(logs).extracting((log) -> data(log).get("event")).containsExactly("retried", "gave up", "error");
		assertThat(logs.get(0).getTime()).isBetween(1_700_000_000_122L, 1_700_000_000_123L);
	}

	@ParameterizedTest
	@CsvSource({ "1, true", "1-, true", "1-1700000000000, true", "0, false", "0-1700000000000, false", "-, false" })
	void theCallersFlagToSkipTheAnalysisCountsForAllSpans(String extension, boolean skipped) {
		ApmSpan root = consumer(extension);
		this.recorded.child(root, "work", null).end();
		root.end();
		assertThat(this.recorded.translated().getSpansList()).hasSize(2)
			.allMatch((span) -> span.getSkipAnalysis() == skipped);
	}

	@Test
	void theTimeThatAMessageTookIsATag() {
		consumer("0-" + (System.currentTimeMillis() - 5000)).end();
		assertThat(tags(this.recorded.translated().getSpans(0)).get("transmission.latency"))
			.satisfies((latency) -> assertThat(Long.parseLong(latency)).isBetween(5000L, 60_000L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0-99999999999999", "0-9999999999999999999", "0- ", "0", "1-", "0--5" })
	void aTimeThatCannotBeIsNoTag(String extension) {
		consumer(extension).end();
		assertThat(tags(this.recorded.translated().getSpans(0))).doesNotContainKey("transmission.latency");
	}

	private ApmSpan consumer(String extension) {
		PropagatedContext cause = PropagatedContext.builder()
			.ids("3.4.5", 0)
			.reference(CALLER)
			.extension("sw8-x", extension)
			.build();
		return this.recorded.tracer().nextSegment(cause).kind(Span.Kind.CONSUMER).start();
	}

	@Test
	void atMostThreeHundredSpansAreSent() {
		ApmSpan request = this.recorded.request();
		for (int i = 0; i < 400; i++) {
			this.recorded.child(request, "call", null).end();
		}
		request.end();
		SegmentObject segment = this.recorded.translated();
		assertThat(segment.getSpansCount()).isEqualTo(300);
		assertThat(segment.getIsSizeLimited()).isTrue();
		this.recorded.translator().maxSpans(2);
		assertThat(this.recorded.translator().translate(request.owner()).getSpansCount()).isEqualTo(2);
		this.recorded.translator().maxSpans(1000);
		assertThat(this.recorded.translator().translate(request.owner())).satisfies((all) -> {
			assertThat(all.getSpansCount()).isEqualTo(401);
			assertThat(all.getIsSizeLimited()).isFalse();
		});
	}

	@Test
	void spansThatTheTracerDroppedMakeTheSegmentLimited() {
		RecordedSegments small = new RecordedSegments(RecordedSegments.SHOP, new SpanLimits(2, 64, 4096, 64, 32));
		ApmSpan request = small.request();
		small.child(request, "one", null).end();
		small.child(request, "two", null).end();
		request.end();
		assertThat(small.translated().getIsSizeLimited()).isTrue();
	}

	@Test
	void spansKeepTheNumbersThatHeadersHaveNamed() {
		ApmSpan request = this.recorded.request();
		ApmSpan open = this.recorded.child(request, "never ends", null);
		this.recorded.child(open, "exit", Span.Kind.CLIENT).end();
		this.recorded.child(request, "abandoned", null).abandon();
		this.recorded.child(request, "last", null).end();
		request.end();
		assertThat(RecordedSegments.text(this.recorded.translated()))
			.contains("\n2 below 0: Exit Unknown 141 exit {}\n", "\n4 below 0: Local Unknown 141 last {}\n");
	}

	@Test
	void aGroupOfStatementsIsOneExit() {
		ExitCalls calls = new ExitCalls(this.recorded.tracer(), 3,
				() -> Map.of(DatabaseAttributes.CALLERS, List.of("shop.Orders.load(Orders.java:7)")));
		SpanTemplate template = SpanTemplate.of("SELECT items", Span.Kind.CLIENT,
				Map.of(DatabaseAttributes.SYSTEM, "h2database", DatabaseAttributes.QUERY_TEXT, "SELECT 1"),
				SpanLimits.DEFAULT);
		ApmSpan request = this.recorded.request();
		try (Tracer.SpanInScope scope = this.recorded.tracer().withSpan(request)) {
			ExitCall call = calls.newCall();
			for (int i = 0; i < 10; i++) {
				call.begin(template, 0);
				call.succeeded();
			}
		}
		request.end();
		SegmentObject segment = this.recorded.translated();
		assertThat(segment.getSpansCount()).isEqualTo(2);
		assertThat(segment.getSpans(1).getSpanLayer()).isEqualTo(SpanLayer.Database);
		assertThat(tags(segment.getSpans(1))).containsEntry("db.statement", "SELECT 1")
			.containsEntry("apm.db.repeated", "10")
			.containsEntry("apm.db.callers", "shop.Orders.load(Orders.java:7)")
			.containsKeys("apm.db.repeated.min", "apm.db.repeated.max");
	}

	@Test
	void aClusterStandsBeforeEveryPeer() {
		ServiceIdentity identity = new ServiceIdentity("shop|test|eu", "shop-1", "GENERAL", "test", "eu");
		RecordedSegments clustered = new RecordedSegments(identity, SpanLimits.DEFAULT);
		ApmSpan request = clustered.request();
		clustered.child(request, "call", Span.Kind.CLIENT).tag("server.address", "stock").tag("server.port", 80).end();
		clustered.child(request, "call", Span.Kind.CLIENT).end();
		request.end();
		assertThat(clustered.translated().getSpansList()).extracting(SpanObject::getPeer)
			.containsExactly("", "eu/stock:80", "");
	}

	@Test
	void textsAreCut() {
		RecordedSegments cutting = new RecordedSegments(new ServiceIdentity("s".repeat(60), "i".repeat(60)),
				new SpanLimits(100, 64, 10_000, 64, 32));
		ApmSpan request = cutting.tracer().nextSegment(null).name("n".repeat(200)).kind(Span.Kind.SERVER).start();
		cutting.child(request, "c".repeat(200), Span.Kind.CLIENT)
			.tag("db.system.name", "mysql")
			.tag("server.address", "h".repeat(300))
			.tag("db.query.text", "q".repeat(5000))
			.tag("db.query.parameter.0", "p".repeat(5000))
			.tag("other", "o".repeat(5000))
			.end();
		request.error(new RuntimeException("m".repeat(9000))).end();
		SegmentObject segment = cutting.translated();
		assertThat(segment.getService()).isEqualTo("s".repeat(50));
		assertThat(segment.getServiceInstance()).isEqualTo("i".repeat(50));
		assertThat(segment.getSpans(0).getOperationName()).isEqualTo("n".repeat(150));
		assertThat(data(segment.getSpans(0).getLogs(0)).get("stack")).hasSize(4000);
		assertThat(data(segment.getSpans(0).getLogs(0)).get("message")).isEqualTo("m".repeat(1024));
		SpanObject exit = segment.getSpans(1);
		assertThat(exit.getPeer()).hasSize(200);
		assertThat(tags(exit)).containsEntry("db.statement", "q".repeat(2048)).containsEntry("other", "o".repeat(1024));
		assertThat(tags(exit).get("db.sql.parameters")).hasSize(512);
	}

	@Test
	void aTraceIdThatNoColumnHoldsIsReplacedByItsNumber() {
		PropagatedContext cause = PropagatedContext.builder().ids("t".repeat(300), 0).sampled(true).build();
		ApmSpan root = this.recorded.tracer().nextSegment(cause).start();
		root.end();
		assertThat(this.recorded.translated()).satisfies((segment) -> {
			assertThat(segment.getTraceId()).isEqualTo(root.owner().traceIdHex());
			assertThat(segment.getTraceSegmentId()).isEqualTo(root.owner().traceIdHex() + "." + root.spanId());
		});
	}

	@Test
	void baggageThatTheTracerTagsIsATag() {
		RecordedSegments tagging = new RecordedSegments(RecordedSegments.SHOP, SpanLimits.DEFAULT, "tenant");
		PropagatedContext cause = PropagatedContext.builder()
			.ids("3.4.5", 0)
			.baggage(new BaggageItems.Item("tenant", "acme", ""))
			.build();
		tagging.tracer().nextSegment(cause).kind(Span.Kind.SERVER).start().end();
		assertThat(tags(tagging.translated().getSpans(0))).containsEntry("tenant", "acme");
	}

	private static Map<String, String> tags(SpanObject span) {
		Map<String, String> tags = new HashMap<>();
		span.getTagsList().forEach((tag) -> assertThat(tags.put(tag.getKey(), tag.getValue())).isNull());
		return tags;
	}

	private static Map<String, String> data(Log log) {
		Map<String, String> data = new HashMap<>();
		log.getDataList().forEach((pair) -> data.put(pair.getKey(), pair.getValue()));
		return data;
	}

}
