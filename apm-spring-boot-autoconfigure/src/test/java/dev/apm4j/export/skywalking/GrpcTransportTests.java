package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SpanObject;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class GrpcTransportTests {

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	@TempDir
	static Path directory;

	private static Certificate serverCertificate;

	private static Certificate clientCertificate;

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void makeCertificates() throws Exception {
		serverCertificate = Certificate.create(directory, "server");
		clientCertificate = Certificate.create(directory, "client");
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@Test
	void segmentsMetricsAndEventsArrive() throws Exception {
		FakeCollector collector = collector(null);
		GrpcTransport transport = transport(settings(collector.address()));
		transport.segments(List.of(segment("a"), segment("b")));
		transport.jvmMetrics(JVMMetricCollection.newBuilder().setService("shop").build());
		transport.event(Event.newBuilder().setName("Start").build(), DEADLINE);
		assertThat(collector.segments).containsExactly(segment("a"), segment("b"));
		assertThat(collector.metrics).extracting(JVMMetricCollection::getService).containsExactly("shop");
		assertThat(collector.events).extracting(Event::getName).containsExactly("Start");
	}

	@Test
	void anotherServerTakesOverWithinTheSameCall() throws Exception {
		FakeCollector one = collector(null);
		FakeCollector other = collector(null);
		GrpcTransport transport = transport(settings(one.address(), other.address()));
		transport.segments(List.of(segment("a")));
		FakeCollector used = one.segments.isEmpty() ? other : one;
		FakeCollector spare = (used == one) ? other : one;
		used.stop();
		transport.segments(List.of(segment("b")));
		assertThat(spare.segments).containsExactly(segment("b"));
	}

	@Test
	void everyServerIsTheFirstForSomeInstances() throws Exception {
		FakeCollector one = collector(null);
		FakeCollector other = collector(null);
		// 1 - 2 ^ -39 of all runs come to both
		for (int i = 0; i < 40 && (one.segments.isEmpty() || other.segments.isEmpty()); i++) {
			GrpcTransport transport = new GrpcTransport(settings(one.address(), other.address()));
			transport.segments(List.of(segment("a")));
			transport.close(DEADLINE);
		}
		assertThat(one.segments).isNotEmpty();
		assertThat(other.segments).isNotEmpty();
	}

	@Test
	void serverThatIsOverloadedOrRefusesIsLeftForAnother() throws Exception {
		for (Status status : List.of(Status.RESOURCE_EXHAUSTED, Status.UNKNOWN, Status.PERMISSION_DENIED,
				Status.UNAUTHENTICATED, Status.UNAVAILABLE)) {
			FakeCollector one = collector(null);
			FakeCollector other = collector(null);
			one.status = status;
			GrpcTransport transport = transport(settings(one.address(), other.address()));
			transport.segments(List.of(segment("a")));
			transport.segments(List.of(segment("b")));
			assertThat(other.segments).as("%s", status).hasSize(2);
		}
	}

	@Test
	void restartedServerIsUsedAgainAndCountsAsANewConnection() throws Exception {
		FakeCollector collector = collector(null);
		GrpcTransport transport = transport(settings(collector.address()));
		transport.segments(List.of(segment("a")));
		long connections = transport.connections();
		collector.stop();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> transport.segments(List.of(segment("b"))))
			.withMessageContaining(collector.address() + " cannot be reached");
		collector.start();
		transport.segments(List.of(segment("c")));
		assertThat(collector.segments).containsExactly(segment("a"), segment("c"));
		await().untilAsserted(() -> assertThat(transport.connections()).isGreaterThan(connections));
	}

	@Test
	void tokenIsSentAndAWrongOneIsSaidWithoutShowingIt() throws Exception {
		FakeCollector collector = collector(null);
		collector.token = "right";
		transport(settings(collector.address(), "right", null)).segments(List.of(segment("a")));
		assertThat(collector.segments).hasSize(1);
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport(settings(collector.address(), "s3cr3t", null)).segments(List.of(segment("b"))))
			.withMessageContaining("apm.skywalking.token is not the one it knows")
			.withMessageNotContaining("s3cr3t");
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport(settings(collector.address())).segments(List.of(segment("b"))))
			.withMessageContaining("wants a token, see apm.skywalking.token");
	}

	@Test
	void serverThatHangsEndsTheCallWithTheDeadline() throws Exception {
		FakeCollector collector = collector(null);
		collector.hanging = true;
		ChannelSettings settings = new ChannelSettings(List.of(collector.address()), null, null, Duration.ofMillis(300),
				1 << 20);
		GrpcTransport transport = transport(settings);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> transport.segments(List.of(segment("a"))))
			.withMessageContaining("did not answer within 300 ms");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("did not answer within 300 ms");
		collector.hanging = false;
		// On a busy machine an answer may take longer than this deadline.
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
			transport.segments(List.of(segment("b")));
			return true;
		});
		assertThat(collector.segments).containsOnly(segment("b"));
	}

	@Test
	void interruptEndsTheCall() throws Exception {
		FakeCollector collector = collector(null);
		collector.hanging = true;
		GrpcTransport transport = transport(settings(collector.address()));
		for (SkyWalkingSchedule.Task task : List.<SkyWalkingSchedule.Task>of(
				() -> transport.segments(List.of(segment("a"))),
				() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))) {
			Thread thread = new Thread(() -> {
				try {
					task.run();
				}
				catch (Exception ex) {
					// The end is what counts.
				}
			});
			thread.start();
			await().until(
					() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
			thread.interrupt();
			thread.join(30_000);
			assertThat(thread.isAlive()).isFalse();
		}
	}

	@Test
	void serviceThatTheServerDoesNotKnowIsUnsupported() throws Exception {
		FakeCollector collector = collector(null);
		GrpcTransport transport = transport(settings(collector.address()));
		assertThatExceptionOfType(UnsupportedSignalException.class)
			.isThrownBy(() -> transport.meters(List.of(MeterData.getDefaultInstance())));
	}

	@Test
	void tlsAndClientCertificate() throws Exception {
		FakeCollector collector = collector(serverTls(ClientAuth.REQUIRE));
		transport(settings(collector.address(), null,
				new TlsSettings(serverCertificate.trust(), clientCertificate.key())))
			.segments(List.of(segment("a")));
		assertThat(collector.segments).hasSize(1);
		assertThatExceptionOfType(IOException.class).isThrownBy(
				() -> transport(settings(collector.address(), null, new TlsSettings(serverCertificate.trust(), null)))
					.segments(List.of(segment("b"))))
			.withMessageContaining("apm.skywalking.tls.client-certificate");
	}

	@Test
	void certificateThatIsNotTrustedIsSaid() throws Exception {
		FakeCollector collector = collector(serverTls(ClientAuth.NONE));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(settings(collector.address(), null, new TlsSettings(null, null)))
				.segments(List.of(segment("a"))))
			.withMessageContaining("not trusted: see apm.skywalking.tls.ca-certificate");
	}

	@Test
	void plaintextToATlsServerIsSaid() throws Exception {
		FakeCollector collector = collector(serverTls(ClientAuth.NONE));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(settings(collector.address())).segments(List.of(segment("a"))))
			.withMessageContaining("apm.skywalking.tls.enabled should");
	}

	@Test
	void tlsToAPlaintextServerIsSaid() throws Exception {
		FakeCollector collector = collector(null);
		assertThatExceptionOfType(IOException.class).isThrownBy(
				() -> transport(settings(collector.address(), null, new TlsSettings(serverCertificate.trust(), null)))
					.segments(List.of(segment("a"))))
			.withMessageContaining("does not speak TLS");
	}

	@Test
	void portOfAnHttpServerIsSaid() throws Exception {
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		server.start();
		this.open.add(() -> server.stop(0));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(settings(new ServerAddress("127.0.0.1", server.getAddress().getPort())))
				.segments(List.of(segment("a"))))
			.withMessageContaining("not in gRPC: a wrong port");
	}

	@Test
	void portOfSomethingElseIsSaid() throws Exception {
		ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.open.add(server);
		Thread thread = new Thread(() -> {
			try {
				while (true) {
					server.accept().getOutputStream().write("220 mail ready\r\n\r\n".getBytes(StandardCharsets.UTF_8));
				}
			}
			catch (IOException ex) {
				// The end of the test.
			}
		});
		thread.setDaemon(true);
		thread.start();
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(settings(new ServerAddress("127.0.0.1", server.getLocalPort())))
				.segments(List.of(segment("a"))))
			.withMessageContaining("not in gRPC: a wrong port");
	}

	@Test
	void nameThatCannotBeResolvedIsSaid() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(
					() -> transport(settings(new ServerAddress("oap.invalid", 11800))).segments(List.of(segment("a"))))
			.withMessageContaining("oap.invalid:11800")
			.withMessageContaining("cannot be resolved");
	}

	@Test
	void nothingIsLeftAfterClose() throws Exception {
		FakeCollector collector = collector(null);
		GrpcTransport transport = transport(settings(collector.address()));
		transport.segments(List.of(segment("a")));
		assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
		transport.close(DEADLINE);
		// A thread whose work has ended is alive for a moment.
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> transport.segments(List.of(segment("b"))))
			.withMessageContaining("closed");
	}

	@Test
	void nothingIsLeftAfterCloseByAThreadThatIsOutOfTime() throws Exception {
		GrpcTransport transport = transport(settings(collector(null).address()));
		transport.segments(List.of(segment("a")));
		Thread.currentThread().interrupt();
		transport.close(DEADLINE);
		assertThat(Thread.interrupted()).isTrue();
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void settingsDoNotShowTheToken() {
		assertThat(settings(new ServerAddress("oap", 1), "s3cr3t", null))
			.hasToString("ChannelSettings[addresses=[oap:1], tls=null, deadline=PT10S]");
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("apm-skywalking"))
			.toList();
	}

	private FakeCollector collector(@Nullable SslContext tls) {
		FakeCollector collector = new FakeCollector(tls);
		this.open.add(collector);
		return collector;
	}

	private GrpcTransport transport(ChannelSettings settings) {
		GrpcTransport transport = new GrpcTransport(settings);
		this.open.add(0, () -> transport.close(DEADLINE));
		return transport;
	}

	private static SslContext serverTls(ClientAuth clientAuth) throws Exception {
		return GrpcSslContexts
			.configure(SslContextBuilder.forServer(serverCertificate.key())
				.trustManager(clientCertificate.trust())
				.clientAuth(clientAuth), SslProvider.JDK)
			.build();
	}

	private static ChannelSettings settings(ServerAddress... addresses) {
		return new ChannelSettings(List.of(addresses), null, null, DEADLINE, 1 << 20);
	}

	private static ChannelSettings settings(ServerAddress address, @Nullable String token, @Nullable TlsSettings tls) {
		return new ChannelSettings(List.of(address), token, tls, DEADLINE, 1 << 20);
	}

	static SegmentObject segment(String id) {
		return SegmentObject.newBuilder()
			.setTraceId("t")
			.setTraceSegmentId(id)
			.setService("shop")
			.setServiceInstance("shop-1")
			.addSpans(SpanObject.newBuilder().setSpanId(0).setParentSpanId(-1).setOperationName("GET:/"))
			.build();
	}

}
