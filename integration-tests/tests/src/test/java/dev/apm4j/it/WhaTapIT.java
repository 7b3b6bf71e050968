package dev.apm4j.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.export.whatap.UdpAgent;
import dev.apm4j.export.whatap.UdpAgent.Received;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Jdk;
import dev.apm4j.it.app.Program;
import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.Traces;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample application with WhaTap as a backend, and what stands for the local agent:
 * it reads every datagram and takes nothing that isn't exactly right.
 */
class WhaTapIT {

	private static final List<String> JVM_OPTIONS = List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	private static final Set<String> STATEMENTS = Set.of("TX_SQL", "TX_SQL_PARAM");

	@RegisterExtension
	final Applications applications = new Applications();

	private final List<UdpAgent> agents = new ArrayList<>();

	@AfterEach
	void close() {
		this.agents.forEach(UdpAgent::close);
	}

	private UdpAgent agent() {
		UdpAgent agent = new UdpAgent();
		this.agents.add(agent);
		return agent;
	}

	private Application start(String name, int port, String... more) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--demo.traffic=false",
				"--spring.application.name=" + name, "--apm.backend=embedded,whatap", "--apm.whatap.port=" + port,
				"--apm.whatap.project-code=31337", "--apm.export.poll-interval=20ms", "--apm.export.linger=20ms"));
		arguments.addAll(List.of(more));
		return this.applications
			.add(Application.launch("sample whatap " + name, Jdk.running(),
					Program.jar(Path.of(System.getProperty("it.sample"))), JVM_OPTIONS, arguments))
			.awaitStarted();
	}

	@Test
	void transactionsAreWhatTheEmbeddedStoreSaw() {
		UdpAgent agent = agent();
		Caller caller = new Caller(start("one-to-one", agent.port()));
		List<CompletableFuture<String>> requests = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			String path = List.of("/orders/" + (i % 40 + 1), "/customers/1/orders", "/orders/999999").get(i % 3);
			requests.add(CompletableFuture.supplyAsync(() -> {
				String traceId = Traces.newTraceId();
				caller.get(path, "traceparent", Traces.traceparent(traceId));
				return traceId;
			}));
		}
		List<RecordedTrace> traces = stored(caller, requests.stream().map(CompletableFuture::join).toList());
		int entries = traces.stream().mapToInt((trace) -> trace.ofKind("SERVER").size()).sum();
		assertThat(entries).isGreaterThan(100);
		Set<Long> expected = traces.stream()
			.flatMap((trace) -> trace.ofKind("SERVER").stream())
			.map((span) -> txid(span.id()))
			.collect(Collectors.toSet());
		eventually().until(() -> of(agent, "TX_END").stream().map(Received::txid).toList().containsAll(expected));
		Map<Long, List<Received>> packets = byTransaction(agent);
		for (RecordedTrace trace : traces) {
			for (RecordedSpan entry : trace.ofKind("SERVER")) {
				assertTransaction(trace, entry, packets.get(txid(entry.id())));
			}
		}
		assertThat(agent.failures()).isEmpty();
		assertThat(backend(caller).path("dropped").toString()).doesNotContainPattern("[1-9]");
	}

	private static void assertTransaction(RecordedTrace trace, RecordedSpan entry, List<Received> packets) {
		assertThat(packets).as("packets of %s", entry).isNotNull();
		Received start = packets.get(0);
		Received end = packets.get(packets.size() - 1);
		assertThat(start.type()).isEqualTo("TX_START");
		// The route, if the request had got so far by then.
		assertThat(start.field("uri")).isIn(entry.attribute("url.path"), entry.attribute("http.route"));
		assertThat(start.field("httpMethod")).isEqualTo("GET");
		assertThat(end.type()).isEqualTo("TX_END");
		assertThat(packets).filteredOn((packet) -> packet.type().startsWith("TX_START")).hasSize(1);
		assertThat(packets).filteredOn((packet) -> packet.type().equals("TX_END")).hasSize(1);
		assertThat(end.field("uri")).isEqualTo(entry.attribute("http.route"));
		assertThat(end.field("status")).isEqualTo(entry.attribute("http.response.status_code"));
		assertThat(end.field("mtid")).isEqualTo(String.valueOf(txid(trace.id().substring(16))));
		assertThat(start.time()).isEqualTo(entry.start() / 1000);
		assertThat((double) (end.time() - start.time())).isCloseTo(entry.duration() / 1000.0,
				org.assertj.core.data.Offset.offset(2.0));

		List<RecordedSpan> steps = stepsOf(trace, entry);
		assertSteps(steps, packets, WhaTapIT::isStatement, (packet) -> STATEMENTS.contains(packet.type()));
		assertSteps(steps, packets, (span) -> span.kind().equals("CLIENT") && !isDatabase(span),
				(packet) -> packet.type().equals("TX_HTTPC"));
		boolean failed = entry.failed() || Integer.parseInt(end.field("status")) >= 400
				|| steps.stream().anyMatch(RecordedSpan::failed);
		assertThat(packets.stream().anyMatch((packet) -> packet.type().equals("TX_ERROR"))).as("error in %s", packets)
			.isEqualTo(failed);
	}

	private static void assertSteps(List<RecordedSpan> spans, List<Received> packets, Predicate<RecordedSpan> kind,
			Predicate<Received> type) {
		List<Long> starts = spans.stream().filter(kind).map((span) -> span.start() / 1000).sorted().toList();
		assertThat(packets.stream().filter(type).map(Received::time).sorted().toList()).isEqualTo(starts);
	}

	private static boolean isDatabase(RecordedSpan span) {
		return span.attributes().has("db.system.name");
	}

	private static boolean isStatement(RecordedSpan span) {
		return isDatabase(span) && span.attributes().has("db.query.text");
	}

	/** What is below an entry without belonging to another one. */
	private static List<RecordedSpan> stepsOf(RecordedTrace trace, RecordedSpan parent) {
		List<RecordedSpan> steps = new ArrayList<>();
		for (RecordedSpan child : trace.childrenOf(parent.id())) {
			if (!child.kind().equals("SERVER")) {
				steps.add(child);
				steps.addAll(stepsOf(trace, child));
			}
		}
		return steps;
	}

	/** The traces once nothing more comes to any of them. */
	private static List<RecordedTrace> stored(Caller caller, List<String> traceIds) {
		Traces traces = new Traces(caller);
		List<RecordedTrace> found = new ArrayList<>();
		eventually().pollInterval(Duration.ofMillis(300)).until(() -> {
			List<RecordedTrace> before = List.copyOf(found);
			found.clear();
			traceIds.forEach((traceId) -> traces.find(traceId).ifPresent(found::add));
			return found.size() == traceIds.size() && sizes(found).equals(sizes(before));
		});
		return found;
	}

	private static List<Integer> sizes(List<RecordedTrace> traces) {
		return traces.stream().map((trace) -> trace.spans().size()).toList();
	}

	@Test
	void calleeCarriesTheIdsOfItsCaller() {
		UdpAgent agent = agent();
		Application back = start("back", agent.port(), "--apm.whatap.version=20106");
		UdpAgent frontAgent = agent();
		Application front = start("front", frontAgent.port(), "--apm.whatap.version=20106",
				"--shop.services.base-url=http://127.0.0.1:" + back.port());
		assertThat(new Caller(front).get("/orders/1").statusCode()).isEqualTo(200);
		eventually().until(() -> of(frontAgent, "TX_END").stream()
			.anyMatch((packet) -> packet.field("uri").equals("/orders/{id}")));
		Received caller = of(frontAgent, "TX_END").stream()
			.filter((packet) -> packet.field("uri").equals("/orders/{id}"))
			.findFirst()
			.orElseThrow();
		List<String> calls = of(frontAgent, "TX_HTTPC").stream()
			.filter((packet) -> packet.txid() == caller.txid())
			.map((packet) -> packet.field("stepId"))
			.toList();
		assertThat(calls).isNotEmpty();
		eventually().until(() -> called(agent, caller).size() >= calls.size());
		for (Received callee : called(agent, caller)) {
			assertThat(callee.field("mtid")).isEqualTo(caller.field("mtid"));
			assertThat(callee.field("mdepth")).isEqualTo("1");
			assertThat(calls).contains(callee.field("mcallerStepId"));
			assertThat(callee.field("mcallerPoidKey").replace(" ", "")).startsWith("xuj9,");
			assertThat(callee.field("mcallerUrl")).isNotEmpty();
		}
	}

	private static List<Received> called(UdpAgent agent, Received caller) {
		return of(agent, "TX_END").stream()
			.filter((packet) -> packet.field("mcallerTxid").equals(String.valueOf(caller.txid())))
			.toList();
	}

	@Test
	void stackOfARequestThatSleepsIsAnswered() {
		UdpAgent agent = agent();
		Caller caller = new Caller(start("control", agent.port()));
		assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
		eventually().until(() -> !of(agent, "TX_END").isEmpty());
		agent.send("not a question");
		eventually().untilAsserted(() -> {
			CompletableFuture<Integer> slow = CompletableFuture
				.supplyAsync(() -> caller.get("/reports/sales").statusCode());
			eventually().until(() -> slow.isDone() || of(agent, "TX_START").stream()
				.anyMatch((packet) -> packet.field("uri").equals("/reports/sales")));
			agent.send("0,1,0 0");
			assertThat(slow.join()).isEqualTo(200);
			assertThat(of(agent, "ACTIVE_STACK")).anySatisfy(
					(packet) -> assertThat(packet.field("data")).contains("dev.apm4j.sample.shop.report.SalesTax.rate")
						.contains("java.lang.Thread.sleep"));
		});
		Set<String> transactions = of(agent, "TX_START").stream()
			.map((packet) -> String.valueOf(packet.txid()))
			.collect(Collectors.toSet());
		assertThat(of(agent, "ACTIVE_STACK"))
			.allSatisfy((packet) -> assertThat(transactions).contains(packet.field("data").split(", ", 3)[1]));
		assertThat(of(agent, "ACTIVE_STATS")).isNotEmpty();
		assertThat(backend(caller).path("notice").asText()).contains("1");
	}

	@Test
	void countersAndLogLinesArrive() {
		UdpAgent agent = agent();
		Caller caller = new Caller(start("signals", agent.port(), "--apm.whatap.counters.interval=1s",
				"--apm.whatap.logs.enabled=true", "--logging.level.dev.apm4j.sample=debug"));
		caller.get("/orders/999999");
		assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> {
			List<Received> packs = of(agent, "RELAY_PACK");
			assertThat(packs).filteredOn((pack) -> pack.field("pack").equals("TagCountPack"))
				.anySatisfy((pack) -> assertThat(pack.entries().keySet()).anyMatch((name) -> name.contains("heap")));
			assertThat(packs).allSatisfy((pack) -> assertThat(pack.field("pcode")).isEqualTo("31337"));
			assertThat(of(agent, "ACTIVE_STATS")).isNotEmpty();
		});
		assertThat(agent.failures()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("deployments")
	void reportsOnEveryLine(Deployment deployment) {
		UdpAgent agent = agent();
		Application application = this.applications.start(deployment, "whatap", "--apm.backend=whatap",
				"--apm.whatap.port=" + agent.port());
		assertThat(new Caller(application).get("/products/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> assertThat(of(agent, "TX_END"))
			.anySatisfy((packet) -> assertThat(packet.field("uri")).isEqualTo("/products/{id}")));
		eventually().until(() -> !of(agent, "CONFIG_INFO").isEmpty());
		application.terminate();
		application.awaitExit(Duration.ofSeconds(30));
		List<String> started = of(agent, "TX_START").stream().map((packet) -> packet.txid() + "").sorted().toList();
		assertThat(of(agent, "TX_END").stream().map((packet) -> packet.txid() + "").sorted().toList())
			.isEqualTo(started);
		assertThat(agent.failures()).isEmpty();
		assertThat(application.log()).doesNotContain(" WARN ");
	}

	static Stream<Deployment> deployments() {
		return Deployment.all().filter((deployment) -> !deployment.virtualThreads());
	}

	@Test
	void jobsAreTransactionsToo() {
		UdpAgent agent = agent();
		start("jobs", agent.port());
		eventually().untilAsserted(() -> assertThat(of(agent, "TX_END")).anySatisfy((packet) -> {
			assertThat(packet.field("uri")).containsIgnoringCase("import");
			assertThat(packet.field("status")).isEmpty();
		}));
	}

	@Test
	void applicationDoesNotNoticeThatTheAgentIsAway() {
		UdpAgent first = new UdpAgent();
		int port = first.port();
		Caller caller = new Caller(start("away", port));
		assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
		eventually().until(() -> !of(first, "TX_END").isEmpty());
		first.close();
		eventually().untilAsserted(() -> {
			assertThat(caller.get("/orders/1").statusCode()).isEqualTo(200);
			JsonNode backend = backend(caller);
			assertThat(dropped(backend)).isPositive();
			assertThat(backend.path("lastError").asText()).contains("127.0.0.1:" + port);
		});
		UdpAgent second = new UdpAgent(port);
		this.agents.add(second);
		eventually().untilAsserted(() -> {
			assertThat(caller.get("/orders/2").statusCode()).isEqualTo(200);
			assertThat(of(second, "TX_END")).isNotEmpty();
			assertThat(backend(caller).path("state").asText()).isEqualTo("up");
		});
		assertThat(second.failures()).isEmpty();
	}

	private static long dropped(JsonNode backend) {
		return StreamSupport.stream(backend.path("dropped").spliterator(), false).mapToLong(JsonNode::asLong).sum();
	}

	private static JsonNode backend(Caller caller) {
		return StreamSupport.stream(caller.json("/actuator/apm").path("backends").spliterator(), false)
			.filter((backend) -> backend.path("name").asText().equals("whatap"))
			.findFirst()
			.orElseThrow();
	}

	private static List<Received> of(UdpAgent agent, String type) {
		return agent.received().stream().filter((packet) -> packet.type().equals(type)).toList();
	}

	private static Map<Long, List<Received>> byTransaction(UdpAgent agent) {
		Map<Long, List<Received>> transactions = new HashMap<>();
		for (Received packet : agent.received()) {
			transactions.computeIfAbsent(packet.txid(), (txid) -> new ArrayList<>()).add(packet);
		}
		return transactions;
	}

	private static long txid(String spanId) {
		return Long.parseUnsignedLong(spanId, 16);
	}

	private static ConditionFactory eventually() {
		return Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(100));
	}

}
