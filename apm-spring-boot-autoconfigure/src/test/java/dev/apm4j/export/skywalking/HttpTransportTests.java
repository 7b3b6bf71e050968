package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.LogDataBody;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SpanLayer;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.skywalking.proto.SpanType;
import dev.apm4j.skywalking.proto.TextLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class HttpTransportTests {

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	@TempDir
	Path directory;

	private final List<AutoCloseable> open = new ArrayList<>();

	private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

	private volatile int status = 200;

	private volatile boolean hanging;

	/** Whether the answer has a body of which only the first byte comes. */
	private volatile boolean endless;

	private volatile int largestBody = Integer.MAX_VALUE;

	private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@Test
	void segmentsAreReadByProtobufsOwnParser() throws Exception {
		SegmentObject segment = GrpcTransportTests.segment("a")
			.toBuilder()
			.setIsSizeLimited(true)
			.addSpans(SpanObject.newBuilder()
				.setSpanId(1)
				.setStartTime(1_700_000_000_123L)
				.setEndTime(1_700_000_000_456L)
				.setSpanType(SpanType.Exit)
				.setSpanLayer(SpanLayer.Database)
				.setIsError(true)
				.addTags(
						KeyStringValuePair.newBuilder().setKey("db.statement").setValue("a\"\\\n\t\u0001 \u2028 ä 😀")))
			.build();
		transport(settings(server(null))).segments(List.of(segment, GrpcTransportTests.segment("b")));
		Request request = this.requests.remove();
		assertThat(request.path()).isEqualTo("/v3/segments");
		assertThat(request.contentType()).startsWith("application/json");
		assertThat(request.token()).isNull();
		assertThat(parseAll(request, SegmentObject.newBuilder())).containsExactly(segment,
				GrpcTransportTests.segment("b"));
	}

	@Test
	void theOtherSignalsHaveTheirPaths() throws Exception {
		HttpTransport transport = transport(settings(server(null)));
		InstanceProperties properties = InstanceProperties.newBuilder()
			.setService("shop")
			.addProperties(KeyStringValuePair.newBuilder().setKey("language").setValue("java"))
			.build();
		transport.properties(properties);
		transport.keepAlive(InstancePingPkg.newBuilder().setService("shop").build());
		LogData log = LogData.newBuilder()
			.setService("shop")
			.setBody(LogDataBody.newBuilder().setText(TextLog.newBuilder().setText("hello")))
			.build();
		transport.logs(List.of(log));
		Event event = Event.newBuilder()
			.setName("Start")
			.addParameters(KeyStringValuePair.newBuilder().setKey("OPTS").setValue("-Xmx1g"))
			.addParameters(KeyStringValuePair.newBuilder().setKey("a").setValue("b"))
			.build();
		transport.event(event, DEADLINE);
		assertThat(this.requests).extracting(Request::path)
			.containsExactly("/v3/management/reportProperties", "/v3/management/keepAlive", "/v3/logs", "/v3/events");
		assertThat(parse(this.requests.remove().body(), InstanceProperties.newBuilder())).isEqualTo(properties);
		this.requests.remove();
		assertThat(parseAll(this.requests.remove(), LogData.newBuilder())).containsExactly(log);
		assertThat(this.requests.remove().body())
			.isEqualTo("[{\"name\":\"Start\",\"parameters\":{\"OPTS\":\"-Xmx1g\",\"a\":\"b\"}}]");
	}

	@Test
	void largeBatchesGoInSeveralRequests() throws Exception {
		int one = ProtoJson.object(GrpcTransportTests.segment("a")).length();
		ServerAddress server = server(null);
		transport(new ChannelSettings(List.of(server), null, null, DEADLINE, one * 2 + 1)).segments(List
			.of(GrpcTransportTests.segment("a"), GrpcTransportTests.segment("b"), GrpcTransportTests.segment("c")));
		assertThat(this.requests).hasSize(2);
	}

	@Test
	void whatHttpDoesNotCarryIsUnsupported() throws Exception {
		HttpTransport transport = transport(settings(server(null)));
		assertThatExceptionOfType(UnsupportedSignalException.class)
			.isThrownBy(() -> transport.jvmMetrics(JVMMetricCollection.getDefaultInstance()))
			.withMessageContaining("'http'");
		assertThat(this.requests).isEmpty();
	}

	@Test
	void tokenIsSentAndAWrongOneIsSaidWithoutShowingIt() throws Exception {
		ServerAddress server = server(null);
		HttpTransport transport = transport(new ChannelSettings(List.of(server), "s3cr3t", null, DEADLINE, 1 << 20));
		transport.keepAlive(InstancePingPkg.getDefaultInstance());
		assertThat(this.requests.remove().token()).isEqualTo("s3cr3t");
		this.status = 401;
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("apm.skywalking.token is not the one it knows")
			.withMessageNotContaining("s3cr3t");
	}

	@Test
	void statusSaysWhetherItIsWorthTryingAgain() throws Exception {
		HttpTransport transport = transport(settings(server(null)));
		this.status = 400;
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))));
		this.status = 404;
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("a wrong port? SkyWalking takes HTTP on 12800");
		this.status = 503;
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("HTTP 503");
	}

	@Test
	void anotherServerTakesOver() throws Exception {
		ServerAddress gone = server(null);
		this.open.get(0).close();
		ServerAddress there = server(null);
		HttpTransport transport = transport(settings(gone, there));
		for (int i = 0; i < 3; i++) {
			transport.keepAlive(InstancePingPkg.getDefaultInstance());
		}
		assertThat(this.requests).hasSize(3);
	}

	@Test
	void grpcPortIsSaid() throws Exception {
		try (FakeCollector collector = new FakeCollector()) {
			HttpTransport transport = transport(settings(collector.address()));
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))
				.withMessageContaining("a wrong port");
		}
	}

	@Test
	void serverThatHangsEndsTheCallWithTheDeadline() throws Exception {
		this.hanging = true;
		HttpTransport transport = transport(
				new ChannelSettings(List.of(server(null)), null, null, Duration.ofMillis(300), 1 << 20));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("did not answer within 300 ms");
	}

	@Test
	void answerThatDoesNotEndEndsTheCallWithTheDeadline() throws Exception {
		this.endless = true;
		HttpTransport transport = transport(
				new ChannelSettings(List.of(server(null)), null, null, Duration.ofMillis(300), 1 << 20));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("did not answer within 300 ms");
		this.endless = false;
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
			transport.keepAlive(InstancePingPkg.getDefaultInstance());
			return true;
		});
	}

	@Test
	void interruptEndsTheCall() throws Exception {
		this.hanging = true;
		HttpTransport transport = transport(settings(server(null)));
		Thread thread = new Thread(() -> {
			try {
				transport.keepAlive(InstancePingPkg.getDefaultInstance());
			}
			catch (Exception ex) {
				// The end is what counts.
			}
		});
		thread.start();
		await().until(() -> !this.requests.isEmpty());
		thread.interrupt();
		thread.join(30_000);
		assertThat(thread.isAlive()).isFalse();
	}

	@Test
	void segmentThatIsTooLargeForTheServerCostsNoOther() throws Exception {
		HttpTransport transport = transport(settings(server(null)));
		this.largestBody = 1000;
		List<SegmentObject> batch = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			batch.add(GrpcTransportTests.segment((i == 4) ? "large-".repeat(500) : "small-" + i));
		}
		assertThatExceptionOfType(ExportRejectedException.class).isThrownBy(() -> transport.segments(batch))
			.withMessageContaining("apm.skywalking.max-message-size")
			.satisfies((ex) -> assertThat(ex.rejectedOf(9)).isEqualTo(1));
		String taken = this.requests.stream()
			.map(Request::body)
			.filter((body) -> body.length() <= 1000)
			.collect(Collectors.joining());
		for (int i = 0; i < 9; i++) {
			assertThat(taken.contains("small-" + i)).isEqualTo(i != 4);
		}
	}

	/** What is sent has a token with it. */
	@Test
	void redirectIsNotFollowed() throws Exception {
		HttpTransport transport = transport(settings(server(null)));
		this.status = 307;
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("HTTP 307");
		assertThat(this.requests).hasSize(1);
	}

	@Test
	void oneConnectionCarriesManyRequests() throws Exception {
		HttpTransport transport = transport(settings(server(null)));
		for (int i = 0; i < 20; i++) {
			transport.keepAlive(InstancePingPkg.getDefaultInstance());
		}
		assertThat(this.clients).hasSize(1);
	}

	@Test
	void tls() throws Exception {
		Certificate certificate = Certificate.create(this.directory, "server");
		ServerAddress server = server(certificate);
		transport(new ChannelSettings(List.of(server), null, new TlsSettings(certificate.trust(), null), DEADLINE,
				1 << 20))
			.keepAlive(InstancePingPkg.getDefaultInstance());
		assertThat(this.requests).hasSize(1);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(
					new ChannelSettings(List.of(server), null, new TlsSettings(null, null), DEADLINE, 1 << 20))
				.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("apm.skywalking.tls.ca-certificate");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(settings(server)).keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("apm.skywalking.tls.enabled should be true");
		ServerAddress plain = server(null);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(new ChannelSettings(List.of(plain), null, new TlsSettings(null, null),
					Duration.ofMillis(500), 1 << 20))
				.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("does not speak TLS");
	}

	private ServerAddress server(@Nullable Certificate certificate) throws Exception {
		HttpServer server;
		if (certificate != null) {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(certificate.key().getKeyManagers(), null, null);
			HttpsServer https = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
			https.setHttpsConfigurator(new HttpsConfigurator(context));
			server = https;
		}
		else {
			server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		}
		ExecutorService executor = Executors.newCachedThreadPool();
		server.setExecutor(executor);
		server.createContext("/", this::handle);
		server.start();
		this.open.add(() -> {
			server.stop(0);
			executor.shutdownNow();
		});
		return new ServerAddress("127.0.0.1", server.getAddress().getPort());
	}

	private void handle(HttpExchange exchange) throws IOException {
		this.requests.add(new Request(exchange.getRequestMethod() + " " + exchange.getRequestURI(),
				String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
				exchange.getRequestHeaders().getFirst("authentication"),
				new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
		this.clients.add(exchange.getRemoteAddress());
		if (this.endless) {
			exchange.sendResponseHeaders(this.status, 100);
			exchange.getResponseBody().write('{');
			exchange.getResponseBody().flush();
		}
		else if (!this.hanging) {
			boolean tooLarge = Integer
				.parseInt(exchange.getRequestHeaders().getFirst("Content-Length")) > this.largestBody;
			exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/elsewhere");
			exchange.sendResponseHeaders(tooLarge ? 413 : this.status, -1);
			exchange.close();
		}
	}

	private HttpTransport transport(ChannelSettings settings) {
		HttpTransport transport = new HttpTransport(settings);
		this.open.add(() -> transport.close(DEADLINE));
		return transport;
	}

	private static ChannelSettings settings(ServerAddress... servers) {
		return new ChannelSettings(List.of(servers), null, null, DEADLINE, 1 << 20);
	}

	private static Message parse(String json, Message.Builder builder) throws IOException {
		JsonFormat.parser().merge(json, builder);
		return builder.build();
	}

	private static List<Message> parseAll(Request request, Message.Builder builder) throws IOException {
		List<Message> messages = new ArrayList<>();
		for (String element : elements(request.body())) {
			messages.add(parse(element, builder.clone().clear()));
		}
		return messages;
	}

	/** The elements of an array of objects. */
	private static List<String> elements(String array) {
		List<Object> objects = JsonParserFactory.getJsonParser().parseList(array);
		List<String> elements = new ArrayList<>();
		int depth = 0;
		int begin = 0;
		boolean text = false;
		for (int i = 0; i < array.length(); i++) {
			char c = array.charAt(i);
			if (c == '\\') {
				i++;
			}
			else if (c == '"') {
				text = !text;
			}
			else if (!text && c == '{' && depth++ == 0) {
				begin = i;
			}
			else if (!text && c == '}' && --depth == 0) {
				elements.add(array.substring(begin, i + 1));
			}
		}
		assertThat(objects).hasSameSizeAs(elements).allSatisfy((object) -> assertThat(object).isInstanceOf(Map.class));
		return elements;
	}

	private record Request(String method, String contentType, @Nullable String token, String body) {

		String path() {
			assertThat(this.method).startsWith("POST ");
			return this.method.substring(5);
		}

	}

}
