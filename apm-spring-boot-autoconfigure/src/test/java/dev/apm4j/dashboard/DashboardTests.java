package dev.apm4j.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apm4j.export.embedded.EmbeddedExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.Segments;
import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.export.embedded.Statements;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Link;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DashboardTests {

	private final Segments segments = new Segments();

	private final EmbeddedStore store = new EmbeddedStore(EmbeddedStore.MIN_BYTES, Duration.ofSeconds(1));

	private final EndpointAggregates aggregates = new EndpointAggregates();

	private final StatementAggregates statements = new StatementAggregates();

	private Dashboard dashboard = dashboard(DashboardSettings.DEFAULT);

	private Dashboard dashboard(DashboardSettings settings) {
		return new Dashboard(settings, this.store, this.aggregates, this.statements, null, DashboardTests::snapshot);
	}

	static DashboardStatus.Snapshot snapshot() {
		return new DashboardStatus.Snapshot("shop", "shop-1", "0.1.0", Instant.ofEpochMilli(1234), true,
				new DashboardStatus.Sampling(0.5, 10, Duration.ofMillis(500), true),
				List.of(new DashboardStatus.Backend("embedded", "up", 1, 2, 3, Map.of("queue-full", 4L), "it's <down>",
						Instant.ofEpochMilli(5678), null, "keep-alive <b>fails</b>")),
				List.of(new DashboardStatus.Instrumentation("servlet", false, "switched off")));
	}

	private void add(Segment segment) {
		new EmbeddedExporter(this.store, "shop", "shop-1").export(List.of(segment));
		this.aggregates.count(segment);
		this.statements.count(segment);
	}

	private DashboardResponse get(String path, String query) {
		return this.dashboard.handle(request("127.0.0.1", false, "localhost:8080", path, query));
	}

	private static DashboardRequest request(String peer, boolean forwarded, String host, String path, String query) {
		return new DashboardRequest("GET", "apm", path, query, peer, forwarded, host, List.of());
	}

	private static String body(DashboardResponse response) {
		try {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			response.body().writeTo(out);
			return out.toString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static JsonNode json(DashboardResponse response) throws IOException {
		assertThat(response.headers()).containsEntry("Content-Type", "application/json")
			.containsEntry("Cache-Control", "no-store");
		return new ObjectMapper().readTree(body(response));
	}

	@Test
	void statusIsTheContract() throws IOException {
		JsonNode status = json(get("/api/status", null));
		long bytes = status.get("store").get("bytes").asLong();
		assertThat(bytes).isPositive();
		assertThat(status).isEqualTo(new ObjectMapper().readTree(
				"""
						{"service":"shop","instance":"shop-1","version":"0.1.0","startedAt":1234,"paused":true,
						"sampling":{"rate":0.5,"maxPer3s":10,"keepSlow":"500ms","keepErrors":true},
						"store":{"bytes":%d,"maxBytes":1048576,"configuredBytes":1048576,"traces":0,"evicted":0,"droppedSegments":0},
						"backends":[{"name":"embedded","state":"up","queue":1,"offered":2,"sent":3,"dropped":{"queue-full":4},
						"lastError":"it's <down>","lastErrorAt":5678,"lastSuccessAt":null,"notice":"keep-alive <b>fails</b>"}],
						"instrumentations":[{"name":"servlet","enabled":false,"reason":"switched off"}]}
						"""
					.formatted(bytes)));
	}

	@Test
	void tracesAreTheContract() throws IOException {
		add(this.segments.segment(Segments.traceId(1), "GET /orders/{id}", 0, 2000,
				(span) -> span.tag("http.response.status_code", 200)));
		add(this.segments.segment(Segments.traceId(2), "GET /\"<b>", 10, 2_000_000,
				(span) -> span.tag("error.type", "x")));
		assertThat(json(get("/api/traces", null))).isEqualTo(new ObjectMapper().readTree(
				"""
						{"traces":[
						{"traceId":"%s","name":"GET /\\"<b>","service":"shop","services":["shop"],"kind":"SERVER",
						"start":1700000000000010,"duration":2000000,"spanCount":1,"error":true,"slow":true,"repeated":false,"status":null},
						{"traceId":"%s","name":"GET /orders/{id}","service":"shop","services":["shop"],"kind":"SERVER",
						"start":1700000000000000,"duration":2000,"spanCount":1,"error":false,"slow":false,"repeated":false,"status":200}]}
						"""
					.formatted(Segments.traceId(2), Segments.traceId(1))));
	}

	@Test
	void oneTraceIsTheContract() throws IOException {
		String[] childId = new String[1];
		Segment segment = this.segments.segment(Segments.traceId(1), "GET /orders/{id}", 0, 2000, (span) -> {
			span.tag("double", Double.NaN).tag("<key>", "\u2028");
			span.event("started", Segments.EPOCH + 5, TimeUnit.MICROSECONDS);
			span.addLink(new Link(
					PropagatedContext.builder().traceId(Segments.traceId(9)).spanId("00000000000000ff").build()));
			ApmSpan child = this.segments.tracer()
				.nextSpan(span)
				.name("query")
				.startTimestamp(Segments.EPOCH + 100, TimeUnit.MICROSECONDS)
				.start();
			child.error(new IllegalStateException("<no>"));
			childId[0] = child.spanId();
			child.end(Segments.EPOCH + 300, TimeUnit.MICROSECONDS);
			span.tag("error.type", "500");
		});
		add(segment);
		JsonNode trace = json(get("/api/traces/" + Segments.traceId(1), null));
		String stack = trace.at("/spans/1/error/stack").asText();
		assertThat(stack).startsWith("java.lang.IllegalStateException: <no>\n\tat ");
		assertThat(trace).isEqualTo(new ObjectMapper().readTree("""
				{"traceId":"%s","start":1700000000000000,"duration":2000,"spans":[
				{"id":"%s","parentId":"00000000000000aa","name":"GET /orders/{id}","kind":"SERVER","service":"shop",
				"instance":"shop-1","start":1700000000000000,"duration":2000,
				"attributes":{"double":null,"<key>":"\\u2028","error.type":"500"},
				"events":[{"name":"started","time":1700000000000005}],
				"links":[{"traceId":"%s","spanId":"00000000000000ff"}],
				"error":{"type":"500","message":null,"stack":null}},
				{"id":"%s","parentId":"%s","name":"query","kind":"LOCAL","service":"shop","instance":"shop-1",
				"start":1700000000000100,"duration":200,"attributes":{},"events":[],"links":[],
				"error":{"type":"java.lang.IllegalStateException","message":"<no>","stack":%s}}],
				"droppedSpans":0}
				""".formatted(Segments.traceId(1), segment.root().spanId(), Segments.traceId(9), childId[0],
				segment.root().spanId(), new ObjectMapper().writeValueAsString(stack))));
	}

	@Test
	void endpointsAreTheContract() throws IOException {
		add(this.segments.segment(Segments.traceId(1), "GET /orders", 0, 2000, (span) -> span.tag("error.type", "x")));
		JsonNode endpoints = json(get("/api/endpoints", null));
		long minute = endpoints.at("/endpoints/0/minutes/0/minute").asLong();
		assertThat(minute % 60).isZero();
		assertThat(endpoints).isEqualTo(new ObjectMapper().readTree("""
				{"since":%d,"endpoints":[{"name":"GET /orders","kind":"SERVER","count":1,"errors":1,"total":2000,
				"p50":2000,"p95":2000,"p99":2000,"max":2000,"sqlCalls":0,"sqlRepeated":0,
				"minutes":[{"minute":%d,"count":1,"errors":1,"p50":2000,"p95":2000,"p99":2000}]}]}
				""".formatted(this.aggregates.since(), minute)));
	}

	@Test
	void statementsAreTheContract() throws IOException {
		Statements sql = new Statements(this.segments);
		add(sql.request("GET /orders/{id}", () -> {
			sql.execute(Statements.select("items"), 3, 2_000_000);
			sql.execute(Statements.select("items"), 5);
			sql.fail(Statements.select("items"), new IllegalStateException());
		}));
		JsonNode answer = json(get("/api/sql", null));
		JsonNode statement = answer.at("/statements/0");
		assertThat(statement.get("max").asLong()).isPositive();
		assertThat(answer).isEqualTo(new ObjectMapper().readTree("""
				{"since":%s,"total":%s,"known":1,"statements":[{"name":"SELECT items",
				"text":"SELECT * FROM items WHERE id = ?","system":"h2database","namespace":"shop",
				"operation":"SELECT","collection":"items","count":7,"errors":1,"total":%s,"average":%s,
				"p50":%s,"p95":%s,"p99":%s,"max":%s,"rows":3,"connectionWait":2000,"requests":1,
				"callsPerRequest":7.0,"maxCallsPerRequest":7,"repeated":1,
				"callers":[{"name":"GET /orders/{id}","kind":"SERVER","count":7,"requests":1}]}]}
				""".formatted(answer.get("since"), statement.get("total"), statement.get("total"),
				statement.get("average"), statement.get("p50"), statement.get("p95"), statement.get("p99"),
				statement.get("max"))));
		assertThat(answer.get("since").asLong()).isGreaterThan(1_700_000_000_000L);
		assertThat(json(get("/api/endpoints", null)).at("/endpoints/0/sqlCalls").asLong()).isEqualTo(7);
	}

	@ParameterizedTest
	@CsvSource({ "'', 2", "limit=1, 1", "text=ORDERS, 1", "text=%20where%20, 2", "text=x, 0",
			"endpoint=GET+/orders/%7Bid%7D, 1", "endpoint=GET+/orders, 0", "sort=total, 2", "sort=count, 2",
			"sort=average, 2", "sort=p95, 2", "sort=rows, 2", "sort=errors, 2", "sort=callsPerRequest, 2",
			"sort=repeated, 2" })
	void statementsFollowTheQuery(String query, int expected) throws IOException {
		Statements sql = new Statements(this.segments);
		add(sql.request("GET /orders/{id}", () -> sql.execute(Statements.select("orders"), 1)));
		add(sql.request("GET /items", () -> sql.execute(Statements.select("items"), 1)));
		assertThat(json(get("/api/sql", query)).get("statements")).hasSize(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "limit=0|'limit' must be a number from 1 to 500", "sort=TOTAL|'sort' must be total, count",
					"endpoint=%ff|'endpoint' must be percent-encoded UTF-8",
					"text=%|'text' must be percent-encoded UTF-8" })
	void badValuesForStatementsAreNamed(String query, String message) throws IOException {
		DashboardResponse response = get("/api/sql", query);
		assertThat(response.status()).isEqualTo(400);
		assertThat(json(response).get("error").asText()).startsWith(message);
	}

	@ParameterizedTest
	@CsvSource({ "minDuration=2000, 1", "minDuration=2001, 0", "minDuration=2ms, 1", "minDuration=2.001ms, 0",
			"minDuration=1s, 0", "minDuration=0.002s, 1", "minDuration=2000us, 1", "minDuration=999999999999999s, 0",
			"error=true, 0", "error=false, 1", "service=shop, 1", "service=sho, 0", "name=get%20%2Forders, 1",
			"name=GET+/ORDERS, 1", "name=%EC%A3%BC, 0", "limit=1, 1", "limit=500, 1", "limit=&name=&error=, 1",
			"unknown=1, 1", "'', 1", "&&=, 1" })
	void filtersFollowTheQuery(String query, int expected) throws IOException {
		add(this.segments.segment(Segments.traceId(1), "GET /orders/{id}", 0, 2000, (span) -> {
		}));
		assertThat(json(get("/api/traces", query)).get("traces")).hasSize(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			limit=0|'limit' must be a number from 1 to 500
			limit=501|'limit' must be a number from 1 to 500
			limit=-1|'limit' must be a number from 1 to 500
			limit=99999999999999|'limit' must be a number from 1 to 500
			limit=ten|'limit' must be a number from 1 to 500
			minDuration=fast|'minDuration' must be a number of microseconds
			minDuration=-5|'minDuration' must be
			minDuration=5m|'minDuration' must be
			minDuration=1e9|'minDuration' must be
			error=yes|'error' must be true or false
			name=%|'name' must be percent-encoded UTF-8
			name=%ff|'name' must be percent-encoded UTF-8
			service=%2|'service' must be percent-encoded UTF-8
			%3Cb=%ff|'query' must be percent-encoded UTF-8
			""")
	void badValuesAreNamed(String query, String message) throws IOException {
		DashboardResponse response = get("/api/traces", query);
		assertThat(response.status()).isEqualTo(400);
		assertThat(json(response).get("error").asText()).startsWith(message.replace("''", "'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/traces/00000000000000000000000000000000", "/api/traces/", "/api/traces/%", "/api/",
			"/api/x", "/api/status/", "/api//status" })
	void whatIsNotThereIsNotFound(String path) throws IOException {
		DashboardResponse response = get(path, null);
		assertThat(response.status()).isEqualTo(404);
		assertThat(json(response).get("error").asText()).isNotEmpty();
	}

	@Test
	void aForeignTraceIdIsFoundByItsEncodedForm() throws IOException {
		add(this.segments.segment("a b/%\u00e4", "n", 0, 10, (span) -> {
		}));
		assertThat(json(get("/api/traces/a%20b%2F%25%C3%A4", null)).get("traceId").asText()).isEqualTo("a b/%\u00e4");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.255.0.3", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::1%lo" })
	void thisMachineIsAnswered(String peer) {
		assertThat(this.dashboard.handle(request(peer, false, "localhost", "/api/status", null)).status())
			.isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.168.0.1", "10.0.0.1", "203.0.113.9", "fe80::1%lo", "::ffff:10.0.0.1", "localhost", "",
			"unknown", "127.0.0.1.evil.example", "0.0.0.0", "127.0.0.1, 10.0.0.1" })
	void othersAreRefusedUnlessAllowed(String peer) throws IOException {
		DashboardRequest request = request(peer, false, "localhost", "/api/status", null);
		DashboardResponse refused = this.dashboard.handle(request);
		assertThat(refused.status()).isEqualTo(403);
		assertThat(json(refused).get("error").asText()).contains("apm.dashboard.allow-remote");
		assertThat(dashboard(new DashboardSettings(true, List.of())).handle(request).status()).isEqualTo(200);
	}

	@Test
	void aProxyIsRefusedUnlessRemoteIsAllowed() {
		DashboardRequest request = request("127.0.0.1", true, "localhost", "/", null);
		DashboardResponse refused = this.dashboard.handle(request);
		assertThat(refused.status()).isEqualTo(403);
		assertThat(body(refused)).contains("proxy", "apm.dashboard.allow-remote").endsWith("\n").hasLineCount(1);
		assertThat(dashboard(new DashboardSettings(true, List.of())).handle(request).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "null",
			value = { "localhost, 200", "LOCALHOST:1, 200", "127.0.0.1:8080, 200", "[::1], 200", "[::1]:8080, 200",
					"evil.example, 403", "localhost.evil.example, 403", "127.0.0.1.evil.example:8080, 403",
					"localhost:evil, 403", "localhost@evil.example, 403", "'', 403", "null, 403", "::1, 403",
					"[::2], 403", "shop.example, 403", "localhost., 403" })
	void onlyNamesOfThisMachineAreServed(String host, int status) {
		DashboardResponse response = this.dashboard.handle(request("127.0.0.1", false, host, "/api/status", null));
		assertThat(response.status()).isEqualTo(status);
		if (status == 403) {
			assertThat(body(response)).contains("apm.dashboard.allowed-hosts").doesNotContain("evil");
		}
	}

	@Test
	void furtherNamesCanBeAllowed() {
		Dashboard named = dashboard(new DashboardSettings(false, List.of(" Shop.example", "other.example:8443")));
		Map<String, Integer> expected = Map.of("shop.example", 200, "SHOP.example:9", 200, "other.example:8443", 200,
				"other.example", 403, "other.example:1", 403, "localhost", 200, "evil.example", 403);
		expected.forEach((host,
				status) -> assertThat(named.handle(request("127.0.0.1", false, host, "/api/status", null)).status())
					.as(host)
					.isEqualTo(status));
		Dashboard remote = dashboard(new DashboardSettings(true, List.of("shop.example")));
		assertThat(remote.handle(request("10.0.0.1", false, "evil.example", "/", null)).status()).isEqualTo(403);
		assertThat(remote.handle(request("10.0.0.1", true, "shop.example", "/", null)).status()).isEqualTo(200);
		assertThatIllegalArgumentException().isThrownBy(() -> new DashboardSettings(false, List.of("*.example")))
			.withMessageContaining("apm.dashboard.allowed-hosts")
			.withMessageContaining("*.example");
	}

	@Test
	void aFailureInsideIsAnAnswerWithoutDetails() throws IOException {
		this.dashboard = new Dashboard(DashboardSettings.DEFAULT, this.store, this.aggregates, this.statements, null,
				() -> {
					throw new IllegalStateException("secret");
				});
		DashboardResponse response = get("/api/status", null);
		assertThat(response.status()).isEqualTo(500);
		assertThat(body(response)).doesNotContain("secret");
		assertThat(response.headers()).containsEntry("X-Content-Type-Options", "nosniff");
	}

	@Test
	void everyModuleThatThePageNeedsIsServed() {
		JsonNode imports = importMap();
		Set<String> seen = new TreeSet<>();
		for (String script : List.of("js/main.js", "js/core/theme.js")) {
			follow(script, imports, seen);
		}
		assertThat(seen).contains("lib/lit/index.js", "lib/lit-html/lit-html.js", "lib/lit-element/lit-element.js",
				"lib/@lit/reactive-element/reactive-element.js");
		for (String file : List.of("favicon.svg", "css/tokens.css", "css/page.css")) {
			assertThat(get("/" + file, null).status()).as(file).isEqualTo(200);
		}
	}

	private JsonNode importMap() {
		String index = body(get("/", null));
		String map = index.substring(index.indexOf("<script type=\"importmap\">") + 25);
		try {
			return new ObjectMapper().readTree(map.substring(0, map.indexOf("</script>"))).get("imports");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private void follow(String path, JsonNode imports, Set<String> seen) {
		if (!seen.add(path)) {
			return;
		}
		DashboardResponse response = get("/" + path, null);
		assertThat(response.status()).as(path).isEqualTo(200);
		assertThat(response.headers()).containsEntry("Content-Type", "text/javascript;charset=UTF-8");
		Matcher imported = Pattern.compile("(?:from|import)\\s*[\"']([^\"'\\s]+)[\"']").matcher(body(response));
		while (imported.find()) {
			follow(resolve(path, imported.group(1), imports), imports, seen);
		}
	}

	private static String resolve(String from, String name, JsonNode imports) {
		if (name.startsWith(".")) {
			return URI.create(from).resolve(name).toString();
		}
		if (imports.has(name)) {
			return imports.get(name).asText().substring(2);
		}
		for (Map.Entry<String, JsonNode> each : imports.properties()) {
			if (each.getKey().endsWith("/") && name.startsWith(each.getKey())) {
				return each.getValue().asText().substring(2) + name.substring(each.getKey().length());
			}
		}
		throw new AssertionError("The import map has nothing for " + name + " in " + from);
	}

}
