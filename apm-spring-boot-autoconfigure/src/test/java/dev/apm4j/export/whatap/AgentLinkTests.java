package dev.apm4j.export.whatap;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.instrument.SecretNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AgentLink}, over a real socket.
 */
class AgentLinkTests {

	private final UdpAgent agent = new UdpAgent();

	private final TransactionHeader header = new TransactionHeader(4242);

	private final AgentLink link = new AgentLink(this.agent.settings(), SecretNames.STANDARD::contains);

	@AfterEach
	void close() {
		this.link.close();
		this.agent.close();
	}

	private PacketSource message(String text) {
		return (packets) -> packets.transactions().message(this.header.of(7, 1), text, "", text);
	}

	private PacketSource end() {
		return (packets) -> packets.transactions().end(this.header.of(7, 1), "", "/orders", Caller.NONE, 200);
	}

	@Test
	void packetsWaitForOneThatMustLeave() throws IOException {
		this.link.send(message("a"), Flush.LATER);
		this.link.send(message("b"), Flush.LATER);
		this.link.send(end(), Flush.NOW);
		this.link.send(end(), Flush.NOW);
		await().until(() -> this.agent.datagrams().size() == 2);
		assertThat(this.agent.types()).containsExactly("TX_MSG", "TX_MSG", "TX_END", "TX_END");
		assertThat(this.agent.datagrams().get(0)).hasSize(3);
		LinkCounts counts = this.link.counts();
		assertThat(counts.datagrams()).isEqualTo(2);
		assertThat(counts.packets()).isEqualTo(4);
		assertThat(counts.bytes()).isEqualTo(this.agent.sizes().stream().mapToInt(Integer::intValue).sum());
		assertThat(counts.dropped()).isEmpty();
	}

	@Test
	void datagramIsSentBeforeItGetsTooLarge() throws IOException {
		String text = "x".repeat(10_000);
		for (int i = 0; i < 12; i++) {
			this.link.send(message(text), Flush.LATER);
		}
		await().until(() -> this.agent.packets().size() >= 8);
		this.link.flush();
		await().until(() -> this.agent.packets().size() == 12);
		assertThat(this.agent.datagrams()).hasSize(3);
		assertThat(this.agent.sizes()).allSatisfy((size) -> assertThat(size).isBetween(40_000, Datagram.MAX_BYTES));
	}

	@Test
	void onlyWhatHasWaitedIsSentByTheClock() throws IOException {
		long begin = System.nanoTime();
		this.link.send(message("a"), Flush.LATER);
		this.link.flushIdle();
		if (System.nanoTime() - begin < AgentLink.IDLE_NANOS) {
			assertThat(this.link.counts().datagrams()).isZero();
		}
		await().until(() -> {
			this.link.flushIdle();
			return this.agent.types().equals(List.of("TX_MSG"));
		});
	}

	@Test
	void whatFitsIntoNoDatagramIsCountedAndCostsNoOther() throws IOException {
		PacketSource large = (packets) -> packets.relays().logSink(0, "AppLog", (map) -> {
			for (int i = 0; i < 1000; i++) {
				map.put("key" + i, "x".repeat(100));
			}
		}, 0, "line", null);
		this.link.send(message("a"), Flush.LATER);
		this.link.send(large, Flush.LATER);
		this.link.send(end(), Flush.NOW);
		await().until(() -> this.agent.packets().size() == 2);
		assertThat(this.agent.types()).containsExactly("TX_MSG", "TX_END");
		assertThat(this.link.counts().dropped()).containsOnlyKeys(PacketDrop.TOO_LARGE).containsValue(1L);
	}

	@Test
	void packetThatCannotBeWrittenLeavesNoHalfOfItself() throws IOException {
		this.link.send(message("a"), Flush.LATER);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.link.send((packets) -> {
			packets.transactions().message(this.header.of(7, 1), "lost", "", "");
			throw new IllegalStateException("odd");
		}, Flush.NOW));
		this.link.send(end(), Flush.NOW);
		await().until(() -> this.agent.packets().size() == 2);
		assertThat(this.agent.types()).containsExactly("TX_MSG", "TX_END");
	}

	@Test
	void absentAgentIsNoticedAndEveryPacketCountedOnce() {
		this.agent.close();
		int sent = 0;
		List<Throwable> failures = new ArrayList<>();
		while (failures.size() < 50) {
			sent++;
			try {
				this.link.send(end(), Flush.NOW);
			}
			catch (IOException ex) {
				failures.add(ex);
			}
		}
		assertThat(failures.get(0)).isInstanceOf(AgentUnreachableException.class)
			.hasMessage("no WhaTap agent listens at UDP 127.0.0.1:" + this.agent.port() + " (port unreachable)");
		LinkCounts counts = this.link.counts();
		assertThat(counts.packets() + counts.lost()).isEqualTo(sent);
		assertThat(counts.dropped()).containsOnlyKeys(PacketDrop.UNREACHABLE);
		// The last that was tried is not known to be lost yet.
		assertThat(counts.packets()).isLessThanOrEqualTo(1);
		assertThat(counts.datagrams()).as("tries").isLessThan(10);
	}

	@Test
	void agentThatComesBackIsFound() {
		int port = this.agent.port();
		this.agent.close();
		await().until(() -> fails(this.link));
		try (UdpAgent again = new UdpAgent(port)) {
			await().until(() -> !fails(this.link) && again.types().contains("TX_END"));
		}
	}

	private boolean fails(AgentLink sender) {
		try {
			sender.send(end(), Flush.NOW);
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@Test
	void confirmationSaysThatNobodyListens() throws IOException {
		this.link.send(end(), Flush.NOW);
		this.link.confirm(0);
		this.agent.close();
		await().until(() -> fails(this.link));
		assertThatExceptionOfType(AgentUnreachableException.class)
			.isThrownBy(() -> this.link.confirm(this.link.refusals()));
	}

	@Test
	void fullSendBufferIsWaitedForButNotForEver() throws IOException {
		int[] full = { 3 };
		try (AgentLinkOver over = new AgentLinkOver(new AgentSocket("127.0.0.1", this.agent.port()) {

			@Override
			int write(DatagramChannel open, ByteBuffer datagram) throws IOException {
				return (full[0]-- > 0) ? 0 : super.write(open, datagram);
			}

		})) {
			over.link().send(end(), Flush.NOW);
			await().until(() -> this.agent.types().equals(List.of("TX_END")));
			full[0] = Integer.MAX_VALUE;
			over.link().send(message("a"), Flush.LATER);
			assertThatIOException().isThrownBy(() -> over.link().send(end(), Flush.NOW))
				.withMessageContaining("send buffer");
			assertThat(over.link().counts().dropped()).containsOnlyKeys(PacketDrop.BUFFER_FULL).containsValue(2L);
			full[0] = 0;
			over.link().send(end(), Flush.NOW);
			await().until(() -> this.agent.types().equals(List.of("TX_END", "TX_END")));
		}
	}

	@Test
	void anyOtherFailureIsCountedAndTheNextSendOpensANewSocket() throws IOException {
		boolean[] broken = { false };
		try (AgentLinkOver over = new AgentLinkOver(new AgentSocket("127.0.0.1", this.agent.port()) {

			@Override
			int write(DatagramChannel open, ByteBuffer datagram) throws IOException {
				if (broken[0]) {
					throw new IOException("Operation not permitted");
				}
				return super.write(open, datagram);
			}

		})) {
			over.link().send(end(), Flush.NOW);
			DatagramChannel first = over.link().channel();
			broken[0] = true;
			assertThatIOException().isThrownBy(() -> over.link().send(end(), Flush.NOW))
				.withMessage("Operation not permitted");
			assertThat(over.link().counts().dropped()).containsOnlyKeys(PacketDrop.FAILED).containsValue(1L);
			broken[0] = false;
			over.link().send(end(), Flush.NOW);
			assertThat(over.link().channel()).isNotSameAs(first);
			await().until(() -> this.agent.packets().size() == 2);
		}
	}

	@Test
	void datagramAfterARefusedOneIsNotLost() throws IOException {
		boolean[] refused = { false };
		try (AgentLinkOver over = new AgentLinkOver(new AgentSocket("127.0.0.1", this.agent.port()) {

			@Override
			int write(DatagramChannel open, ByteBuffer datagram) throws IOException {
				if (refused[0]) {
					refused[0] = false;
					throw new PortUnreachableException();
				}
				return super.write(open, datagram);
			}

		})) {
			over.link().send(message("refused"), Flush.NOW);
			refused[0] = true;
			over.link().send(end(), Flush.NOW);
			await().until(() -> this.agent.types().contains("TX_END"));
			assertThat(over.link().counts().packets()).isEqualTo(1);
			assertThat(over.link().counts().dropped()).containsOnlyKeys(PacketDrop.UNREACHABLE).containsValue(1L);
		}
	}

	@Test
	void unknownHostIsSaidAndCounted() {
		WhaTapSettings settings = new WhaTapSettings("agent.invalid", 6600, 20104, 0, 0, 0, Duration.ofMinutes(5));
		AgentLink lost = new AgentLink(settings, SecretNames.STANDARD::contains);
		assertThatIOException().isThrownBy(() -> lost.send(end(), Flush.NOW)).withMessageContaining("agent.invalid");
		assertThat(lost.counts().dropped()).containsOnlyKeys(PacketDrop.FAILED);
		lost.close();
	}

	@Test
	void otherAddressAndVersionTakeEffectAtOnce() throws IOException {
		this.link.send(message("old"), Flush.LATER);
		try (UdpAgent other = new UdpAgent()) {
			this.link.configure(new WhaTapSettings("127.0.0.1", other.port(), 20106, 0, 0, 0, Duration.ofMinutes(5)));
			this.link.send(end(), Flush.NOW);
			await().until(() -> other.packets().size() == 1 && this.agent.packets().size() == 1);
			assertThat(other.packets().get(0).version()).isEqualTo(WireVersion.V20106);
			assertThat(this.agent.types()).containsExactly("TX_MSG");
		}
	}

	@Test
	void closingSendsWhatWaitsAndNothingLater() throws IOException {
		this.link.send(message("a"), Flush.LATER);
		this.link.close();
		await().until(() -> this.agent.types().equals(List.of("TX_MSG")));
		assertThatIOException().isThrownBy(() -> this.link.send(end(), Flush.NOW));
		assertThat(this.link.counts().dropped()).containsOnlyKeys(PacketDrop.CLOSED);
	}

	@Test
	void threadsAtOnceMixNoPackets() throws InterruptedException {
		List<Thread> threads = IntStream.range(0, 4).mapToObj((number) -> new Thread(() -> {
			TransactionHeader own = new TransactionHeader(4242);
			for (int i = 0; i < 200; i++) {
				try {
					this.link.send((packets) -> packets.transactions()
						.message(own.of(number + 1, 1), "thread " + number, "", "text"), Flush.LATER);
					this.link.send((packets) -> packets.transactions()
						.end(own.of(number + 1, 1), "", "/orders", Caller.NONE, 200), Flush.NOW);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}
		})).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		await().until(() -> this.agent.packets().size() == 1600);
		assertThat(this.agent.failures()).isEmpty();
		for (int number = 1; number <= 4; number++) {
			assertThat(this.agent.typesOf(number)).hasSize(400);
		}
	}

	/** A link over a socket of the test's own. */
	private record AgentLinkOver(AgentLink link) implements AutoCloseable {

		AgentLinkOver(AgentSocket socket) {
			this(new AgentLink(UdpAgent.settings(9), SecretNames.STANDARD::contains, (host, port) -> socket));
		}

		@Override
		public void close() {
			this.link.close();
		}

	}

}
