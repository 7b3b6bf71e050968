package dev.apm4j.dashboard;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import dev.apm4j.export.embedded.EmbeddedExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.Segments;
import dev.apm4j.export.embedded.StatementAggregates;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.web.filter.ForwardedHeaderFilter;

import static org.assertj.core.api.Assertions.assertThat;

class DashboardServletTests {

	private static final String CSP = "default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
			+ "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

	private final Tomcat tomcat = new Tomcat();

	private final EmbeddedStore store = new EmbeddedStore(EmbeddedStore.MIN_BYTES, Duration.ofSeconds(1));

	private int port;

	@TempDir
	Path folder;

	@AfterEach
	void stop() throws Exception {
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	private Context prepare(String contextPath, DashboardSettings settings) {
		this.tomcat.setBaseDir(this.folder.toString());
		this.tomcat.setPort(0);
		this.tomcat.getConnector().setProperty("address", "127.0.0.1");
		Context context = this.tomcat.addContext(contextPath, this.folder.toString());
		Dashboard dashboard = new Dashboard(settings, this.store, new EndpointAggregates(), new StatementAggregates(),
				null, DashboardTests::snapshot);
		Tomcat.addServlet(context, "apm", new DashboardServlet(dashboard));
		context.addServletMappingDecoded("/apm/*", "apm");
		return context;
	}

	private void start() throws Exception {
		this.tomcat.start();
		this.port = this.tomcat.getConnector().getLocalPort();
	}

	private void start(String contextPath) throws Exception {
		prepare(contextPath, DashboardSettings.DEFAULT);
		start();
	}

	private Answer get(String path, String... headers) throws IOException {
		return send("GET", path, "localhost:" + this.port, headers);
	}

	private Answer send(String method, String path, String host, String... headers) throws IOException {
		StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
		request.append("Host: ").append(host).append("\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
			return new Answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
		}
	}

	private record Answer(String text) {

		int status() {
			return Integer.parseInt(this.text.substring(9, 12));
		}

		String header(String name) {
			return head().lines()
				.filter((line) -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
				.map((line) -> line.substring(name.length() + 1).strip())
				.findFirst()
				.orElse(null);
		}

		String head() {
			return this.text.substring(0, this.text.indexOf("\r\n\r\n"));
		}

		String body() {
			return this.text.substring(this.text.indexOf("\r\n\r\n") + 4);
		}

	}

	private static void assertSecured(Answer answer) {
		assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
		assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
		assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
		assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'; ")
			.contains("frame-ancestors 'none'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/shop" })
	void thePageIsServedBelowAnyContextPath(String context) throws Exception {
		start(context);
		Answer redirect = get(context + "/apm");
		assertThat(redirect.status()).isEqualTo(302);
		assertThat(redirect.header("Location")).isEqualTo("apm/");
		assertSecured(redirect);
		Answer page = get(context + "/apm/");
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
		assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
		assertThat(page.body()).startsWith("<!DOCTYPE html>").contains("<apm-app>");
		String script = page.body().split("<script type=\"importmap\">")[1].split("</script>")[0];
		String hash = Base64.getEncoder()
			.encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
		assertThat(page.header("Content-Security-Policy")).isEqualTo(CSP.formatted(hash));
		assertSecured(page);
		assertThat(get(context + "/apm/index.html").status()).isEqualTo(200);
		assertThat(get(context + "/apm/js/main.js").header("Content-Type")).isEqualTo("text/javascript;charset=UTF-8");
		assertThat(get(context + "/apm/lib/lit/index.js").status()).isEqualTo(200);
		assertThat(get(context + "/apm/api/status").status()).isEqualTo(200);
	}

	@Test
	void filesThatTheBrowserHasAreNotSentAgain() throws Exception {
		start("");
		Answer first = get("/apm/lib/@lit/reactive-element/reactive-element.js");
		assertThat(first.status()).isEqualTo(200);
		String tag = first.header("ETag");
		assertThat(tag).matches("W/\"[A-Za-z0-9_-]{22}\"");
		for (String known : List.of(tag, "\"x\", " + tag, "*")) {
			Answer second = get("/apm/lib/@lit/reactive-element/reactive-element.js", "If-None-Match: " + known);
			assertThat(second.status()).as(known).isEqualTo(304);
			assertThat(second.body()).isEmpty();
			assertSecured(second);
		}
		assertThat(get("/apm/js/main.js", "If-None-Match: " + tag).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/apm/../secret.html", "/apm/js/../../secret.js", "/apm/%2e%2e/index.html",
			"/apm/js/%2e%2e/index.html", "/apm/js%2fmain.js", "/apm/js/main%2ejs", "/apm/js\\main.js",
			"/apm/js//main.js", "/apm//index.html", "/apm/./index.html", "/apm/js/main.js;x=y", "/apm;x=y/index.html",
			"/%61pm/index.html", "/apm/Dashboard.class", "/apm/package-info.class", "/apm/js", "/apm/js/", "/apm/.html",
			"/apm/index.html%00.js", "/apm/index.html/", "/apm/none.js", "/apm/lib/lit", "/apm/lib/lit/",
			"/apm/lib/lit/package.json", "/apm/lib/lit/LICENSE", "/apm/lib/none/index.js", "/apm/lib/@lit",
			"/apm/lib/@lit/none/index.js", "/apm/lib/lit/../../../../application.properties",
			"/apm/lib/lit/..%2f..%2findex.js", "/apm/lib/lit__reactive-element/reactive-element.js",
			"/apm/lib/lit/3.3.2/index.js", "/apm/META-INF/MANIFEST.MF", "/apm/api", "/apm/api/../index.html" })
	void nothingElseOfTheClassPathCanBeReached(String path) throws Exception {
		start("");
		Answer answer = get(path);
		assertThat(answer.status()).isIn(400, 404);
		assertThat(answer.body()).doesNotContain("<apm-app>", "import ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND" })
	void onlyReadingIsAnswered(String method) throws Exception {
		start("");
		for (String path : List.of("/apm", "/apm/", "/apm/api/traces")) {
			Answer answer = send(method, path, "localhost", "Content-Length: 0");
			assertThat(answer.status()).isEqualTo(405);
			assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
			assertSecured(answer);
		}
	}

	@Test
	void headIsGetWithoutBody() throws Exception {
		start("");
		for (String path : List.of("/apm/", "/apm/api/status", "/apm/none.js")) {
			Answer head = send("HEAD", path, "localhost");
			assertThat(head.status()).isEqualTo(get(path).status());
			assertThat(head.body()).isEmpty();
			assertThat(head.header("Content-Type")).isEqualTo(get(path).header("Content-Type"));
			assertSecured(head);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Forwarded: for=127.0.0.1", "X-Forwarded-For: 127.0.0.1", "x-forwarded-proto: https",
			"X-Forwarded-Host: localhost", "X-FORWARDED-ANYTHING: 1", "X-Real-IP: 127.0.0.1", "X-Forwarded-For:",
			"Via: 1.1 proxy" })
	void whatCameThroughAProxyIsRefused(String header) throws Exception {
		start("");
		for (String path : List.of("/apm", "/apm/", "/apm/js/main.js", "/apm/api/traces")) {
			Answer answer = get(path, header);
			assertThat(answer.status()).isEqualTo(403);
			assertThat(answer.body()).contains("apm.dashboard.allow-remote");
			assertSecured(answer);
		}
	}

	@Test
	void aForeignHostNameIsRefused() throws Exception {
		start("");
		Answer answer = send("GET", "/apm/api/traces", "evil.example:" + this.port);
		assertThat(answer.status()).isEqualTo(403);
		assertThat(answer.body()).contains("apm.dashboard.allowed-hosts").doesNotContain("evil");
		assertSecured(answer);
	}

	@Test
	void anotherMachineIsRefusedUnlessAllowed() throws Exception {
		Context context = prepare("", DashboardSettings.DEFAULT);
		context.getPipeline().addValve(new RemotePeer());
		start();
		Answer answer = get("/apm/");
		assertThat(answer.status()).isEqualTo(403);
		assertSecured(answer);
	}

	@Test
	void anotherMachineBehindAProxyIsAnsweredIfAllowed() throws Exception {
		Context context = prepare("", new DashboardSettings(true, List.of()));
		context.getPipeline().addValve(new RemotePeer());
		start();
		assertThat(get("/apm/", "X-Forwarded-For: 203.0.113.9").status()).isEqualTo(200);
		assertThat(send("GET", "/apm/api/status", "shop.example").status()).isEqualTo(200);
	}

	@Test
	void tomcatsForwardingDoesNotMakeALocalPeerOfAnother() throws Exception {
		// As with server.forward-headers-strategy=native: the valve believes a peer in a
		// private network, replaces its address by the header's and removes the header.
		Context context = prepare("", DashboardSettings.DEFAULT);
		context.getPipeline().addValve(new RemotePeer());
		context.getPipeline().addValve(new RemoteIpValve());
		start();
		assertThat(get("/apm/", "X-Forwarded-For: 127.0.0.1").status()).isEqualTo(403);
		assertThat(get("/apm/").status()).isEqualTo(403);
	}

	@Test
	void springsForwardingDoesNotHideTheProxy() throws Exception {
		// As with server.forward-headers-strategy=framework: the filter removes the
		// headers from what the servlet sees.
		Context context = prepare("", DashboardSettings.DEFAULT);
		FilterDef filter = new FilterDef();
		filter.setFilterName("forwarded");
		filter.setFilter(new ForwardedHeaderFilter());
		filter.setAsyncSupported("true");
		context.addFilterDef(filter);
		FilterMap mapping = new FilterMap();
		mapping.setFilterName("forwarded");
		mapping.addURLPattern("/*");
		mapping.setDispatcher(DispatcherType.REQUEST.name());
		context.addFilterMap(mapping);
		start();
		assertThat(get("/apm/", "X-Forwarded-For: 127.0.0.1").status()).isEqualTo(403);
		assertThat(get("/apm/", "Forwarded: for=127.0.0.1;host=localhost").status()).isEqualTo(403);
		assertThat(send("GET", "/apm/", "evil.example").status()).isEqualTo(403);
		assertThat(get("/apm/").status()).isEqualTo(200);
	}

	@Test
	void aTraceIsFoundOverHttp() throws Exception {
		start("/shop");
		new EmbeddedExporter(this.store, "shop", "shop-1")
			.export(List.of(new Segments().segment("a free id", "GET /orders", 0, 10, (span) -> {
			})));
		Answer answer = get("/shop/apm/api/traces/a%20free%20id");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
		assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
		assertThat(answer.body()).contains("\"traceId\":\"a free id\"");
		assertSecured(answer);
		assertThat(get("/shop/apm/api/traces?limit=0").status()).isEqualTo(400);
	}

	/** Pretends that the socket's other end is in the local network. */
	private static final class RemotePeer extends ValveBase {

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			request.setRemoteAddr("192.168.1.5");
			getNext().invoke(request, response);
		}

	}

}
