package dev.apm4j.usage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

import dev.apm4j.usage.CollectorException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the calls of a collector: recorded ones, and what else a network can bring.
 */
class CollectorClientTests {

	private static final String KEY = "11111111-2222-3333-4444-555555555555";

	private static final String JVM = "00000000-1111-2222-3333-444444444444";

	private static final String GRPC_WEB = "application/grpc-web+proto";

	private RawServer server;

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
	}

	private CollectorClient client(RawServer.Answer answer) {
		this.server = new RawServer(answer);
		return client("http://127.0.0.1:" + this.server.port());
	}

	private static CollectorClient client(String url) {
		return new CollectorClient(settings(url, KEY));
	}

	private static CollectorSettings settings(String url, String key) {
		return new CollectorSettings(URI.create(url), key, "app", "1", "test", "host", Duration.ofSeconds(5),
				Duration.ofSeconds(5), null, false, 10 << 20);
	}

	private CollectorAddress address() {
		return new CollectorAddress(false, "127.0.0.1", this.server.port());
	}

	private static Frame frame(int length) {
		return Frame.seal(new byte[length], 0, length);
	}

	private CollectorException failure(RawServer.Answer answer) {
		CollectorClient client = client(answer);
		return failureOf(() -> client.publishInvocations(address(), frame(100)));
	}

	private static CollectorException failureOf(ThrowingCallable call) {
		return assertThatExceptionOfType(CollectorException.class).isThrownBy(call).actual();
	}

	static List<String[]> exchanges() {
		return Vectors.read("exchanges.txt");
	}

	@ParameterizedTest
	@MethodSource("exchanges")
	void callsAsWasRecorded(String method, String contentType, String requestHead, String requestBody,
			String responseHead, String responseBody) throws Exception {
		byte[] sent = HexFormat.of().parseHex(requestBody);
		CollectorClient client = client((request, connection) -> {
			connection.getOutputStream().write(RawServer.bytes(responseHead.replace("\\r\\n", "\r\n") + "\r\n\r\n"));
			return HexFormat.of().parseHex(responseBody);
		});
		if (!contentType.equals(GRPC_WEB)) {
			// Its status is in trailers, which can't be seen: not a success.
			assertThat(failureOf(() -> call(client, method, sent)).kind()).isEqualTo(Kind.UNREACHABLE);
			return;
		}
		call(client, method, sent);
		RawServer.Request request = this.server.requests().get(0);
		assertThat(request.line()).isEqualTo("POST /GrpcAgentService/" + method + " HTTP/1.1");
		assertThat(request.head()).containsIgnoringCase("Content-Type: " + contentType)
			.containsIgnoringCase("Content-Length: " + sent.length)
			.doesNotContainIgnoringCase("Upgrade");
		assertThat(request.body()).isEqualTo(sent);
	}

	private void call(CollectorClient client, String method, byte[] body) throws Exception {
		switch (method) {
			case "PollConfig" ->
				assertThat(client.poll(address(), JVM).invocations()).isEqualTo(Duration.ofSeconds(126));
			case "SendCodeBasePublication" -> client.publishCodeBase(address(), new Frame(body, 0, body.length));
			default -> client.publishInvocations(address(), new Frame(body, 0, body.length));
		}
	}

	static List<String[]> responses() {
		return Vectors.read("responses.txt");
	}

	@ParameterizedTest
	@MethodSource("responses")
	void tellsFailuresApart(String what, String status, String detail) throws Exception {
		int number = List
			.of("OK", "", "UNKNOWN", "INVALID_ARGUMENT", "", "", "", "", "RESOURCE_EXHAUSTED", "", "", "", "", "", "",
					"", "UNAUTHENTICATED")
			.indexOf(status);
		byte[] body = (number == 0)
				? HexFormat.of().parseHex("00000000040a024f4b8000000010677270632d7374617475733a20300d0a") : new byte[0];
		CollectorClient client = client((request,
				connection) -> RawServer.bytes("HTTP/1.1 200 OK\r\nContent-Type: " + GRPC_WEB + "\r\n"
						+ ((number == 0) ? "" : "grpc-status: " + number + "\r\ngrpc-message: " + detail + "\r\n")
						+ "Content-Length: " + body.length + "\r\n\r\n"
						+ new String(body, StandardCharsets.ISO_8859_1)));
		int length = what.contains("bytes") ? 2_000_000 : 500;
		if (number == 0) {
			client.publishCodeBase(address(), frame(length));
			return;
		}
		CollectorException failure = failureOf(() -> client.publishCodeBase(address(), frame(length)));
		assertThat(failure.kind()).isEqualTo(switch (number) {
			case 16 -> Kind.UNAUTHENTICATED;
			case 3 -> Kind.REFUSED;
			default -> Kind.TOO_LARGE;
		});
		assertThat(failure).hasMessageContaining(status);
	}

	@Test
	void hasUnknownForRefusedIfTheMessageIsSmall() {
		assertThat(failure(grpcStatus(2, "")).kind()).isEqualTo(Kind.REFUSED);
	}

	@Test
	void hasUnavailableForUnreachableAsAProxyAnswersForACollectorThatIsAway() {
		assertThat(failure(grpcStatus(14, "no healthy upstream")).kind()).isEqualTo(Kind.UNREACHABLE);
	}

	private static RawServer.Answer grpcStatus(int status, String message) {
		return (request, connection) -> RawServer.bytes("HTTP/1.1 200 OK\r\nContent-Type: " + GRPC_WEB
				+ "\r\ngrpc-status: " + status + "\r\ngrpc-message: " + message + "\r\nContent-Length: 0\r\n\r\n");
	}

	@Test
	void readsAFailureInTheTrailersOfTheBody() {
		byte[] trailers = RawServer.bytes("grpc-status:16\r\ngrpc-message:who%20are%20you\r\n");
		byte[] body = new byte[5 + trailers.length];
		body[0] = (byte) 0x80;
		body[4] = (byte) trailers.length;
		System.arraycopy(trailers, 0, body, 5, trailers.length);
		CollectorException failure = failure((request, connection) -> RawServer.ok(GRPC_WEB, body));
		assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
		assertThat(failure).hasMessageContaining("UNAUTHENTICATED (who are you)");
	}

	static List<String> brokenBodies() {
		return List.of("", "00", "0000000004", "00000000040a024f4b", "00000000040a024f4b80000000",
				"00000000040a024f4b8000000010677270632d737461", "00ffffffff0a", "01000000040a024f4b",
				// A trailer without a status, one with a status that is none, one
				// without a message.
				"00000000040a024f4b8000000000", "00000000040a024f4b8000000010677270632d7374617475733a20780d0a",
				"8000000010677270632d7374617475733a20300d0a");
	}

	@ParameterizedTest
	@MethodSource("brokenBodies")
	void neverTakesABrokenAnswerForASuccess(String body) {
		CollectorException failure = failure(
				(request, connection) -> RawServer.ok(GRPC_WEB, HexFormat.of().parseHex(body)));
		assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\ngrpc-status: zero\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n" })
	void hasGarbageForUnreachable(String answer) {
		CollectorException failure = failure((request, connection) -> {
			connection.getOutputStream().write(RawServer.bytes(answer));
			connection.close();
			return null;
		});
		assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
		assertThat(this.server.requests()).hasSize(1);
	}

	@Test
	void hasAResetConnectionForUnreachable() {
		assertThat(failure((request, connection) -> {
			RawServer.reset(connection);
			return null;
		}).kind()).isEqualTo(Kind.UNREACHABLE);
	}

	@Test
	void reachesNobodyOnAPortWhereNobodyIs() throws Exception {
		int port;
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			port = free.getLocalPort();
		}
		CollectorException failure = failureOf(() -> client("http://127.0.0.1:" + port).initConfig());
		assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
		assertThat(failure).hasMessageContaining("initConfig at 127.0.0.1:" + port + ": ConnectException");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200 OK\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: 30\r\n\r\nx" })
	void doesNotWaitForeverForACollectorThatHangs(String begin) {
		this.server = new RawServer((request, connection) -> RawServer.bytes(begin));
		CollectorSettings settings = new CollectorSettings(URI.create("http://127.0.0.1:" + this.server.port()), KEY,
				"app", "1", "test", "host", Duration.ofMillis(100), Duration.ofMillis(100), null, false, 10 << 20);
		CollectorException failure = failureOf(
				() -> new CollectorClient(settings).publishInvocations(address(), frame(100)));
		assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
	}

	@Test
	void doesNotReadAnEndlessAnswer() {
		CollectorException failure = failure((request, connection) -> {
			connection.getOutputStream()
				.write(RawServer.bytes("HTTP/1.1 200 OK\r\nContent-Type: " + GRPC_WEB + "\r\n\r\n"));
			byte[] much = new byte[1 << 20];
			while (true) {
				connection.getOutputStream().write(much);
			}
		});
		assertThat(failure).hasMessageContaining("longer than");
	}

	@Test
	void hasContentTooLargeForTooLarge() {
		CollectorClient client = client((request, connection) -> RawServer
			.bytes("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"));
		assertThat(failureOf(() -> client.publishCodeBase(address(), frame(100_000))).kind()).isEqualTo(Kind.TOO_LARGE);
	}

	static List<String[]> initConfigs() {
		return Vectors.read("initconfig.txt");
	}

	@ParameterizedTest
	@MethodSource("initConfigs")
	void readsWhatInitConfigAnswered(String key, String host, int status, String collectorUrl) throws Exception {
		this.server = new RawServer((request, connection) -> (status == 200)
				? RawServer.ok("application/json", "{\"collectorUrl\":\"" + collectorUrl + "\"}")
				: RawServer.bytes("HTTP/1.1 " + status + " Bad Request\r\nContent-Length: 0\r\n\r\n"));
		CollectorClient client = new CollectorClient(settings("http://127.0.0.1:" + this.server.port() + "/", key));
		if (status != 200) {
			assertThat(failureOf(client::initConfig)).hasMessageContaining("HTTP status 400");
			return;
		}
		String expected = collectorUrl.contains(":") ? collectorUrl : collectorUrl + ":80";
		assertThat(client.initConfig()).hasToString(expected);
		assertThat(this.server.requests().get(0).line())
			.isEqualTo("GET /javaagent/v5/initConfig?licenseKey=" + key + " HTTP/1.1");
	}

	@Test
	void keepsThePathOfTheServerAndEscapesTheKey() throws Exception {
		this.server = new RawServer(
				(request, connection) -> RawServer.ok("application/json", "{\"collectorUrl\":\"[::1]:81\"}"));
		CollectorClient client = new CollectorClient(
				settings("http://127.0.0.1:" + this.server.port() + "/scavenger//", "a b&c=ä"));
		assertThat(client.initConfig()).hasToString("[::1]:81");
		assertThat(this.server.requests().get(0).line())
			.isEqualTo("GET /scavenger/javaagent/v5/initConfig?licenseKey=a+b%26c%3D%C3%A4 HTTP/1.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:///etc/passwd", "http://10.0.0.1:80", "//other", "other/path", "user@other",
			"other:0", "other:65536", "other:99999999", "", " ", "a b", "other:80\\u000d\\u000aX: y", "[::1",
			"[file]:1", "a_b:80", "other?x", "other#x", "-other" })
	void isSentNowhereButToAHostAndAPort(String collectorUrl) {
		CollectorClient client = client((request, connection) -> RawServer.ok("application/json",
				"{\"collectorUrl\":\"" + collectorUrl + "\"}"));
		assertThat(failureOf(client::initConfig)).hasMessageContaining("the answer is not a collector's");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null", "{}", "{\"collectorUrl\"", "{\"collectorUrl\":",
			"{\"collectorUrl\":\"a", "{\"collectorUrl\":\"a\\u00", "{\"collectorUrl\":\"a\"", "{\"collectorUrl\":7}",
			"{\"a\":[[[[", "<html>", "{\"x\":{\"collectorUrl\":\"inner\"}}", "{collectorUrl:\"a\"}" })
	void takesNothingElseForTheAnswerOfInitConfig(String answer) {
		assertThat(InitConfigAnswer.collectorUrl(answer)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"collectorUrl\":\"a:1\"}", " {\n\t\"collectorUrl\" : \"a:1\"\r\n}\n",
			"{\"x\":[1,{\"y\":\"}],\"}],\"z\":-1.5e3,\"n\":null,\"collectorUrl\":\"a:1\",\"q\":\"\\\"\"}",
			"{\"collectorUrl\":\"\\u0061:1\"}", "{\"collector_url\":\"a:1\"}",
			"{\"collectorUrl\":\"a:1\",\"t\":true}" })
	void readsAnyJsonWithACollectorUrl(String answer) {
		assertThat(InitConfigAnswer.collectorUrl(answer)).isEqualTo("a:1");
	}

	@Test
	void isSentOverTlsIfItCameOverTls() {
		assertThat(CollectorAddress.parse("collector", true).resolve("/x"))
			.isEqualTo(URI.create("https://collector:443/x"));
		assertThat(CollectorAddress.of(URI.create("https://collector/scavenger")).resolve("/x"))
			.isEqualTo(URI.create("https://collector:443/x"));
	}

	@Test
	void callsAnIpv6AddressWhereItAskedAsTheCollectorCannotSayWhereItIs() throws Exception {
		try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
			assertThat(probe.isBound()).isTrue();
		}
		catch (IOException ex) {
			Assumptions.abort("No IPv6 on this machine");
		}
		this.server = new RawServer(InetAddress.getByName("::1"),
				(request, connection) -> RawServer.bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
		assertThat(client("http://[::1]:" + this.server.port()).initConfig())
			.hasToString("[::1]:" + this.server.port());
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:///etc/passwd", "ftp://a", "collector:8080", "/path", "http:///x",
			"http://u:secret@a", "http://a?secret", "http://a#secret", "http://a_b:80", "http://a:99999" })
	void refusesWhatCannotBeTheUrlOfACollector(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> client(url))
			.withMessageContaining("URL of the collector")
			.satisfies((ex) -> assertThat(ex).message().doesNotContain("secret"));
	}

	@Test
	void saysTheKeyToNobody() {
		CollectorException status = failure(grpcStatus(3, "your key " + KEY + " is odd"));
		assertThat(status).message().contains("***").doesNotContain(KEY);
		stop();
		CollectorClient client = client((request, connection) -> {
			connection.getOutputStream().write(RawServer.bytes("HTTP/1.1 200 " + KEY + "\r\n" + KEY + "\r\n\r\n"));
			connection.close();
			return null;
		});
		assertThat(failureOf(client::initConfig)).message().doesNotContain(KEY).doesNotContain("licenseKey");
		assertThat(settings("http://a", KEY)).asString().doesNotContain(KEY);
	}

	@Test
	void saysAKeyWithSpecialCharactersToNobodyEither() {
		String key = "se cret&ä";
		this.server = new RawServer((request,
				connection) -> RawServer.bytes("HTTP/1.1 200 OK\r\nContent-Type: " + GRPC_WEB
						+ "\r\ngrpc-status: 3\r\ngrpc-message: se%20cret%26%C3%A4 and se+cret%2526%25C3%25A4\r\n"
						+ "Content-Length: 0\r\n\r\n"));
		CollectorClient client = new CollectorClient(settings("http://127.0.0.1:" + this.server.port(), key));
		assertThat(failureOf(() -> client.publishInvocations(address(), frame(100))))
			.hasMessageContaining("INVALID_ARGUMENT (*** and ***)");
	}

	@Test
	void takesTheKeyNowhereElse() {
		try (RawServer other = new RawServer(
				(request, connection) -> RawServer.ok("application/json", "{\"collectorUrl\":\"a\"}"))) {
			CollectorClient client = client((request, connection) -> RawServer
				.bytes("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:" + other.port()
						+ "/\r\nContent-Length: 0\r\n\r\n"));
			assertThat(failureOf(client::initConfig)).hasMessageContaining("HTTP status 307");
			assertThat(other.requests()).isEmpty();
		}
	}

	@Test
	void saysWhatWasSaidInOneShortLine() {
		CollectorException failure = failure(grpcStatus(3, "a%0Ab%1B[31m%E2%80%AE" + "x".repeat(5000)));
		assertThat(failure.getMessage()).hasSizeLessThanOrEqualTo(200)
			.contains("a b")
			.doesNotContain("\n", "\u001b", "\u202e");
	}

}
