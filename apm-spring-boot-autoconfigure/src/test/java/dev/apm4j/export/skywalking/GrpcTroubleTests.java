package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SpanObject;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Servers that are there and yet of no use, and others beside them.
 */
class GrpcTroubleTests {

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@Test
	void segmentThatIsTooLargeForTheServerCostsNoOther() throws Exception {
		FakeCollector collector = collector();
		collector.stop();
		collector.maxMessageSize = 64 << 10;
		collector.start();
		GrpcTransport transport = transport(DEADLINE, collector.address());
		List<SegmentObject> batch = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			batch.add((i == 3 || i == 17) ? large("large-" + i) : GrpcTransportTests.segment("small-" + i));
		}
		assertThatExceptionOfType(ExportRejectedException.class).isThrownBy(() -> transport.segments(batch))
			.withMessageContaining("apm.skywalking.max-message-size")
			.satisfies((ex) -> assertThat(ex.rejectedOf(20)).isEqualTo(2));
		assertThat(collector.segments).extracting(SegmentObject::getTraceSegmentId)
			.contains(batch.stream()
				.map(SegmentObject::getTraceSegmentId)
				.filter((id) -> id.startsWith("small"))
				.toArray(String[]::new))
			.noneMatch((id) -> id.startsWith("large"));
	}

	@Test
	void serverThatCancelsEverythingIsNotTakenForOneWithASmallLimit() throws Exception {
		FakeCollector collector = collector();
		collector.status = Status.CANCELLED;
		GrpcTransport transport = transport(DEADLINE, collector.address());
		assertThatExceptionOfType(IOException.class).isThrownBy(
				() -> transport.segments(List.of(GrpcTransportTests.segment("a"), GrpcTransportTests.segment("b"))));
	}

	@Test
	void theOneServerThatWorksIsFoundAmongThoseThatDoNot() throws Exception {
		FakeCollector refusing = collector();
		refusing.token = "another";
		FakeCollector good = collector();
		GrpcTransport transport = transport(Duration.ofSeconds(2), new ServerAddress("127.0.0.1", 1),
				refusing.address(), reset(), silent(), good.address());
		await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
			transport.segments(List.of(GrpcTransportTests.segment("a")));
			return true;
		});
		assertThat(good.segments).isNotEmpty();
		long connections = transport.connections();
		for (int i = 0; i < 5; i++) {
			transport.segments(List.of(GrpcTransportTests.segment("b")));
		}
		assertThat(transport.connections()).as("it stays there").isEqualTo(connections);
	}

	@Test
	void serverThatNeverAnswersEndsTheCallWithTheDeadline() throws Exception {
		GrpcTransport transport = transport(Duration.ofMillis(500), silent());
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("did not answer within 500 ms");
	}

	@Test
	void connectionThatIsResetIsLeftForAnotherServerWithinTheCall() throws Exception {
		for (int i = 0; i < 4; i++) {
			FakeCollector good = collector();
			GrpcTransport transport = transport(DEADLINE, reset(), good.address());
			transport.keepAlive(InstancePingPkg.getDefaultInstance());
			transport.segments(List.of(GrpcTransportTests.segment("a")));
			assertThat(good.segments).hasSize(1);
		}
	}

	/**
	 * Has a name for its server, which stands for whatever address there is at the time.
	 */
	private GrpcTransport transportByName(int port, AtomicReference<String> address) {
		GrpcTransport transport = new GrpcTransport(settings(DEADLINE, new ServerAddress("oap.example", port)),
				(host) -> new InetAddress[] { InetAddress.getByName(address.get()) });
		this.open.add(() -> transport.close(DEADLINE));
		return transport;
	}

	@Test
	void nameThatMovesIsFollowedAlthoughTheOldServerIsStillThere() throws Exception {
		FakeCollector before = collector();
		FakeCollector after = new FakeCollector(null, "127.0.0.2", before.address().port());
		this.open.add(after);
		AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
		GrpcTransport transport = transportByName(before.address().port(), address);
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		transport.refreshAddresses();
		transport.segments(List.of(GrpcTransportTests.segment("b")));
		assertThat(before.segments).hasSize(2);
		address.set("127.0.0.2");
		transport.segments(List.of(GrpcTransportTests.segment("c")));
		assertThat(before.segments).as("not looked for yet").hasSize(3);
		transport.refreshAddresses();
		transport.segments(List.of(GrpcTransportTests.segment("d")));
		assertThat(after.segments).extracting(SegmentObject::getTraceSegmentId).containsExactly("d");
	}

	@Test
	void nameThatMovesIsFollowedWhenTheOldServerIsGone() throws Exception {
		FakeCollector before = collector();
		FakeCollector after = new FakeCollector(null, "127.0.0.2", before.address().port());
		this.open.add(after);
		AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
		GrpcTransport transport = transportByName(before.address().port(), address);
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		address.set("127.0.0.2");
		before.stop();
		transport.segments(List.of(GrpcTransportTests.segment("b")));
		assertThat(after.segments).extracting(SegmentObject::getTraceSegmentId).containsExactly("b");
	}

	private FakeCollector collector() {
		FakeCollector collector = new FakeCollector();
		this.open.add(collector);
		return collector;
	}

	/** Takes connections, and that is all. */
	private ServerAddress silent() throws IOException {
		ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		this.open.add(server);
		return new ServerAddress("127.0.0.1", server.getLocalPort());
	}

	/** Takes connections, reads something and resets them. */
	private ServerAddress reset() throws IOException {
		ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		this.open.add(server);
		Thread thread = new Thread(() -> {
			while (!server.isClosed()) {
				try (Socket socket = server.accept()) {
					socket.setSoLinger(true, 0);
					socket.getInputStream().read(new byte[16]);
				}
				catch (IOException ex) {
					// The end, of the connection or of the test.
				}
			}
		});
		thread.setDaemon(true);
		thread.start();
		return new ServerAddress("127.0.0.1", server.getLocalPort());
	}

	private GrpcTransport transport(Duration deadline, ServerAddress... servers) {
		GrpcTransport transport = new GrpcTransport(settings(deadline, servers));
		this.open.add(0, () -> transport.close(DEADLINE));
		return transport;
	}

	private static ChannelSettings settings(Duration deadline, ServerAddress... servers) {
		return new ChannelSettings(List.of(servers), null, null, deadline, 1 << 20);
	}

	private static SegmentObject large(String id) {
		return GrpcTransportTests.segment(id)
			.toBuilder()
			.addSpans(SpanObject.newBuilder()
				.setSpanId(1)
				.addTags(KeyStringValuePair.newBuilder().setKey("text").setValue("x".repeat(100 << 10))))
			.build();
	}

}
