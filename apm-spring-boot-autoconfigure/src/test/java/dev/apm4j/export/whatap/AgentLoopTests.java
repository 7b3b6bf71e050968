package dev.apm4j.export.whatap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmTracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AgentLoop}, with what an agent may send.
 */
@ExtendWith(OutputCaptureExtension.class)
class AgentLoopTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final Duration OFTEN = Duration.ofMillis(50);

	private final UdpAgent agent = new UdpAgent();

	private final AgentLink link = new AgentLink(this.agent.settings(), SecretNames.STANDARD::contains);

	private final WhaTapNotices notices = new WhaTapNotices();

	private final ApmTracer tracer = ApmTracer.builder().build();

	private final AgentLoop loop = new AgentLoop(this.link, this.notices, this.tracer::suppress);

	@AfterEach
	void close() {
		this.loop.close(Duration.ofSeconds(5));
		this.link.close();
		this.agent.close();
	}

	private void sendSomething() throws IOException {
		this.link.send((packets) -> packets.control().activeStats(1, 2, 3, 4, 5), Flush.NOW);
	}

	@Test
	void textsOfTheAgentAreHandedOn() throws IOException {
		List<String> texts = new CopyOnWriteArrayList<>();
		this.loop.onDatagram((datagram) -> texts.add(text(datagram)));
		this.loop.start();
		sendSomething();
		await().atMost(WAIT).until(this.agent::hasSender);
		this.agent.send("0,1,2");
		this.agent.send("주문 \ud83d\ude80");
		await().atMost(WAIT).until(() -> texts.size() == 2);
		assertThat(texts).containsExactly("0,1,2", "주문 \ud83d\ude80");
	}

	@Test
	void anotherSocketIsReadAsWell() throws IOException {
		List<String> texts = new CopyOnWriteArrayList<>();
		this.loop.onDatagram((datagram) -> texts.add(text(datagram)));
		this.loop.start();
		sendSomething();
		await().atMost(WAIT).until(this.agent::hasSender);
		try (UdpAgent other = new UdpAgent()) {
			this.link.configure(other.settings());
			sendSomething();
			await().atMost(WAIT).until(other::hasSender);
			other.send("0,1,2");
			await().atMost(WAIT).until(() -> texts.equals(List.of("0,1,2")));
		}
	}

	@Test
	void exceptionThatCanNotBeToldCostsNoOtherTask() {
		AtomicInteger others = new AtomicInteger();
		this.loop.periodic("odd", OFTEN, () -> {
			throw new IllegalStateException() {

				@Override
				public String getMessage() {
					throw new UnsupportedOperationException("no message");
				}

			};
		});
		this.loop.periodic("other", OFTEN, others::incrementAndGet);
		this.loop.start();
		await().atMost(WAIT).until(() -> others.get() >= 5);
	}

	@Test
	void whateverIsSentHurtsNobody() throws IOException {
		List<Integer> lengths = new CopyOnWriteArrayList<>();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		this.loop.onDatagram((datagram) -> {
			lengths.add(datagram.remaining());
			try {
				datagram.put((byte) 0);
			}
			catch (ReadOnlyBufferException ex) {
				failures.add(ex);
			}
			throw new IllegalStateException("cannot be read");
		});
		AtomicInteger runs = new AtomicInteger();
		this.loop.periodic("task", OFTEN, runs::incrementAndGet);
		this.loop.start();
		sendSomething();
		await().atMost(WAIT).until(this.agent::hasSender);
		byte[] random = new byte[65_507];
		ThreadLocalRandom.current().nextBytes(random);
		this.agent.send(new byte[0]);
		this.agent.send(random);
		this.agent.send(new byte[] { (byte) 0xe6, (byte) 0xff, (byte) 0xff });
		await().atMost(WAIT).until(() -> lengths.size() == 3);
		assertThat(lengths).containsExactly(0, 65_507, 3);
		assertThat(failures).hasSize(3);
		int before = runs.get();
		await().atMost(WAIT).until(() -> runs.get() > before);
		assertThat(this.notices.summary()).contains("control fails: cannot be read");
	}

	@Test
	void floodOfTextsLeavesTimeForTasks() throws IOException {
		AtomicInteger texts = new AtomicInteger();
		AtomicInteger runs = new AtomicInteger();
		this.loop.onDatagram((datagram) -> texts.incrementAndGet());
		this.loop.periodic("task", OFTEN, runs::incrementAndGet);
		this.loop.start();
		sendSomething();
		await().atMost(WAIT).until(this.agent::hasSender);
		int before = runs.get();
		await().atMost(WAIT).until(() -> {
			for (int i = 0; i < 100; i++) {
				this.agent.send("0,0,0");
			}
			return runs.get() > before + 3;
		});
		assertThat(texts.get()).isPositive();
	}

	@Test
	void taskThatFailsGoesOnAndIsSaidOnce(CapturedOutput output) {
		AtomicInteger runs = new AtomicInteger();
		this.loop.periodic("pools", OFTEN, () -> {
			if (runs.incrementAndGet() <= 3) {
				throw new IOException("no pool");
			}
			if (runs.get() == 4) {
				throw new AssertionError("no pool");
			}
		});
		this.loop.start();
		await().atMost(WAIT).until(() -> this.notices.summary() != null);
		assertThat(this.notices.summary()).isEqualTo("pools fails: no pool");
		await().atMost(WAIT).until(() -> runs.get() >= 5 && this.notices.summary() == null);
		assertThat(this.notices.failures()).isEqualTo(4);
		assertThat(output.toString().split("WhaTap: pools failed and goes on: no pool", -1)).hasSize(2);
	}

	@Test
	void nothingThatItCallsIsTraced() {
		List<Boolean> noop = new CopyOnWriteArrayList<>();
		this.loop.periodic("task", OFTEN, () -> noop.add(this.tracer.nextSpan().isNoop()));
		this.loop.start();
		await().atMost(WAIT).until(() -> !noop.isEmpty());
		assertThat(noop).containsOnly(true);
	}

	@Test
	void taskMayBeAddedLaterAndRunsAtOnce() {
		this.loop.start();
		CountDownLatch ran = new CountDownLatch(1);
		this.loop.periodic("task", Duration.ofDays(1), ran::countDown);
		await().atMost(WAIT).until(() -> ran.getCount() == 0);
	}

	@Test
	void threadIsADaemonAndEnds() {
		AtomicInteger runs = new AtomicInteger();
		Thread[] own = new Thread[1];
		this.loop.periodic("task", OFTEN, () -> {
			own[0] = Thread.currentThread();
			runs.incrementAndGet();
		});
		this.loop.start();
		await().atMost(WAIT).until(() -> runs.get() > 0);
		assertThat(own[0].isDaemon()).isTrue();
		assertThat(own[0].getName()).isEqualTo("apm-whatap");
		own[0].interrupt();
		int before = runs.get();
		await().atMost(WAIT).until(() -> runs.get() > before);
		this.loop.close(WAIT);
		assertThat(own[0].isAlive()).isFalse();
	}

	@Test
	void taskThatHangsDoesNotKeepTheCloseWaiting() {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch left = new CountDownLatch(1);
		this.loop.periodic("task", OFTEN, () -> {
			entered.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				left.countDown();
			}
		});
		this.loop.start();
		await().atMost(WAIT).until(() -> entered.getCount() == 0);
		this.loop.close(Duration.ofMillis(50));
		await().atMost(WAIT).until(() -> left.getCount() == 0);
	}

	@Test
	void refusalIsNoticedWithoutAnotherSend() throws IOException {
		this.loop.start();
		sendSomething();
		await().atMost(WAIT).until(this.agent::hasSender);
		this.agent.close();
		sendSomething();
		await().atMost(WAIT).until(() -> this.link.refusals() == 1);
		assertThat(this.link.counts().dropped()).containsEntry(PacketDrop.UNREACHABLE, 1L);
	}

	private static String text(ByteBuffer datagram) {
		return StandardCharsets.UTF_8.decode(datagram).toString();
	}

}
