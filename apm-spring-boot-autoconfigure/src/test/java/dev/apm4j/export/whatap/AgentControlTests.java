package dev.apm4j.export.whatap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AgentControlTests {

	private final RunningTransactions running = new RunningTransactions();

	private final ReadingSink sink = new ReadingSink();

	private final AtomicLong nanoTime = new AtomicLong();

	private final List<Map<String, String>> configurations = new ArrayList<>();

	private final List<PoolConnections> pools = new ArrayList<>();

	private final AgentControl control = new AgentControl(() -> this.pools,
			() -> List.of("my-lib-1.0,2.jar", "plain.jar", "spring-core-6.2.1.jar"),
			() -> Map.of("apm4j.version", "1.2.3", "license", "x41pl22ek7jhv-z43cebasdv4il7", "my.password", "pw"),
			this.configurations::add, this.nanoTime::get);

	private final AgentControl.Inbox inbox = this.control.begin(this.sink, this.running::active);

	@AfterEach
	void close() {
		this.running.close();
	}

	private void receive(String text) throws IOException {
		this.inbox.received(bytes(text));
	}

	/** Each character is a byte. */
	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)).asReadOnlyBuffer();
	}

	private void aSecondLater() {
		this.nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
	}

	private List<String> data(PacketType type) {
		return this.sink.of(type).stream().map((packet) -> packet.fields().get("data")).toList();
	}

	@Test
	void stackOfATransactionThatWaitsIsSent() throws IOException {
		this.running.beginAndWait("GET /slow");
		receive("0,55,42 1001 ");
		assertThat(this.sink.received).extracting(Packet::type)
			.containsExactly(PacketType.ACTIVE_STACK, PacketType.ACTIVE_STATS);
		String[] parts = data(PacketType.ACTIVE_STACK).get(0).split(", ", -1);
		assertThat(parts).hasSize(3).startsWith("42", "1001");
		assertThat(parts[2].split("\n")).satisfies((frames) -> {
			assertThat(frames[0]).startsWith("java.lang.Thread.run(Thread.java:");
			assertThat(frames[frames.length - 1]).isEqualTo("jdk.internal.misc.Unsafe.park(Native Method)");
			assertThat(frames)
				.anyMatch((frame) -> frame.startsWith(RunningTransactions.class.getName() + ".waitForTheEnd("))
				.contains(RunningTransactions.class.getName() + "$$Lambda.run(Unknown Source)");
		});
		assertThat(data(PacketType.ACTIVE_STATS)).containsExactly("1,0,0,0,0");
		assertThat(this.sink.flushes).last().isEqualTo(Flush.NOW);
		assertThat(this.control.remark()).isNull();
	}

	@Test
	void transactionMayBeTheFirstNumberAsInOldAgents() throws IOException {
		this.running.beginAndWait("GET /slow");
		receive("0,55,1001");
		assertThat(data(PacketType.ACTIVE_STACK)).singleElement().asString().startsWith("55, 1001, ");
		aSecondLater();
		this.sink.clear();
		receive("0,55,1001 42");
		assertThat(data(PacketType.ACTIVE_STACK)).singleElement().asString().startsWith("42, 1001, ");
	}

	@Test
	void oneQuestionGetsTheStacksOfAll() throws IOException {
		for (int i = 0; i < 3; i++) {
			this.running.beginAndWait("GET /slow");
		}
		receive("0,55,1 1002");
		assertThat(txids()).containsExactly("1002", "1001", "1003");
		// An agent asks for one after the other.
		receive("0,55,1 1001");
		receive("0,55,1 1003");
		assertThat(txids()).hasSize(3);
		aSecondLater();
		receive("0,55,1 1003");
		assertThat(txids()).hasSize(6);
		assertThat(this.control.remark()).isNull();
	}

	@Test
	void transactionThatBeganAfterTheLastAnswerIsToldAtOnce() throws IOException {
		this.running.beginAndWait("GET /slow");
		receive("0,55,");
		this.running.beginAndWait("GET /slow");
		receive("0,55,1 1002");
		assertThat(txids()).containsExactly("1001", "1002");
		receive("0,55,1 1002");
		assertThat(txids()).hasSize(2);
	}

	@Test
	void stacksAreBounded() throws IOException {
		ApmSpan first = this.running.begin("first");
		List<ActiveTransaction> many = new ArrayList<>();
		for (int i = 0; i < ControlAnswers.MAX_STACKS + 10; i++) {
			// Each is said to run on a thread of its own.
			many.add(new ActiveTransaction(first.owner(), 5000 + i, threadThatWaits(0)));
		}
		this.control.begin(this.sink, () -> many).received(bytes("0,55,"));
		assertThat(this.sink.of(PacketType.ACTIVE_STACK)).hasSize(ControlAnswers.MAX_STACKS);
		assertThat(txids()).startsWith("5000").doesNotContain("5105");
	}

	@Test
	void charactersOfStacksAreBounded() throws IOException {
		ApmSpan first = this.running.begin("first");
		List<ActiveTransaction> many = new ArrayList<>();
		for (int i = 0; i < 90; i++) {
			many.add(new ActiveTransaction(first.owner(), 5000 + i, threadThatWaits(CallStack.MAX_FRAMES)));
		}
		this.control.begin(this.sink, () -> many).received(bytes("0,55,"));
		assertThat(data(PacketType.ACTIVE_STACK).stream().mapToInt(String::length).sum()).isBetween(
				ControlAnswers.MAX_CHARACTERS, ControlAnswers.MAX_CHARACTERS + CallStack.MAX_CHARACTERS + 90 * 20);
	}

	private Thread threadThatWaits(int depth) {
		AtomicReference<Thread> thread = new AtomicReference<>();
		this.running.inThread(() -> {
			thread.set(Thread.currentThread());
			this.running.waitForTheEnd(depth);
		});
		return thread.get();
	}

	private List<String> txids() {
		return data(PacketType.ACTIVE_STACK).stream().map((data) -> data.split(", ")[1]).toList();
	}

	@Test
	void threadThatIsAtAnotherTransactionIsNotShown() throws IOException {
		this.running.inThread(() -> {
			// Goes on elsewhere, as an asynchronous request does.
			this.running.begin("GET /async");
			ApmSpan other = this.running.begin("GET /other");
			this.running.waitForTheEnd();
			other.end();
		});
		receive("0,55,");
		assertThat(txids()).containsExactly("1002");
		assertThat(data(PacketType.ACTIVE_STATS)).containsExactly("2,0,0,0,0");
	}

	@Test
	void segmentOfTheSameWorkLeavesItsCauseOnTheThread() throws IOException {
		this.running.inThread(() -> {
			ApmSpan outer = this.running.begin("GET /work");
			outer.owner().seal();
			ApmSpan inner = this.running.tracer.nextSpan(outer).name("part").start();
			assertThat(inner.owner()).isNotSameAs(outer.owner());
			this.running.waitForTheEnd();
			inner.end();
			outer.end();
		});
		receive("0,55,");
		assertThat(txids()).containsExactly("1001", "1002");
	}

	@Test
	void threadThatHasNothingToDoIsNotShown() throws IOException {
		AtomicReference<Thread> worker = new AtomicReference<>();
		ThreadFactory factory = (work) -> {
			Thread thread = new Thread(work);
			worker.set(thread);
			return thread;
		};
		ExecutorService pool = Executors.newSingleThreadExecutor(factory);
		try {
			pool.execute(() -> this.running.begin("GET /async"));
			await().until(() -> this.running.active().size() == 1 && worker.get().getState() == Thread.State.WAITING);
			receive("0,55,");
			assertThat(txids()).isEmpty();
			assertThat(data(PacketType.ACTIVE_STATS)).containsExactly("1,0,0,0,0");
		}
		finally {
			pool.shutdownNow();
		}
	}

	@Test
	void detailHasTheStackAndWhatIsDone() throws IOException {
		this.running.inThread(() -> {
			ApmSpan request = this.running.begin("GET /slow");
			ApmSpan call = this.running.tracer.nextSpan(request)
				.kind(Span.Kind.CLIENT)
				.name("SELECT orders, items password=hunter2")
				.tag("db.system.name", "h2")
				.start();
			this.running.waitForTheEnd();
			call.end();
			request.end();
		});
		receive("26,77,42 1001");
		assertThat(this.sink.received).singleElement().satisfies((packet) -> {
			assertThat(packet.fields()).containsEntry("paramId", "26").containsEntry("paramResponse", "77");
			String[] parts = packet.fields().get("data").split(", ", -1);
			assertThat(parts).hasSize(3).startsWith("42", "1001");
			String[] lines = parts[2].split("\n");
			assertThat(lines).anyMatch((line) -> line.contains("waitForTheEnd"));
			assertThat(lines[lines.length - 1]).matches("-- SELECT orders; items password=# for \\d+ ms");
		});
		assertThat(this.sink.flushes).containsExactly(Flush.NOW);
		// Asked again at once, the answer is still on the way.
		receive("26,78,42 1001");
		assertThat(this.sink.received).hasSize(1);
		aSecondLater();
		receive("26,79,42 1001");
		assertThat(this.sink.received).hasSize(2);
	}

	@Test
	void detailOfATransactionThatIsOverIsNotAnswered() throws IOException {
		receive("26,77,42 1001");
		assertThat(this.sink.received).isEmpty();
	}

	@Test
	void statisticsPoolsAndModulesAreSent() throws IOException {
		this.running.begin("GET /");
		receive("40,1,");
		receive("41,2,");
		assertThat(data(PacketType.ACTIVE_STATS)).containsExactly("1,0,0,0,0");
		assertThat(data(PacketType.DBCONN_POOL)).isEmpty();
		this.pools.add(new PoolConnections("jdbc:mysql://db/shop?user=u&password=hunter2", 3, 7));
		this.pools.add(new PoolConnections("jdbc:h2:mem:x", 0, 1));
		receive("41,3,");
		long pid = ProcessHandle.current().pid();
		assertThat(data(PacketType.DBCONN_POOL))
			.containsExactly(pid + "|jdbc:mysql://db/shop?user=u&password=#|3|7," + pid + "|jdbc:h2:mem:x|0|1");
		receive("101,-9,");
		assertThat(this.sink.of(PacketType.TX_PARAM)).singleElement()
			.satisfies((packet) -> assertThat(packet.fields()).containsEntry("paramId", "101")
				.containsEntry("paramResponse", "-9")
				.containsEntry("data", "my-lib 1.0;2, plain.jar, spring-core 6.2.1"));
		assertThat(this.sink.flushes).containsOnly(Flush.NOW);
	}

	@Test
	void manyPoolsTakeMorePackets() throws IOException {
		for (int i = 0; i < 25; i++) {
			this.pools.add(new PoolConnections("jdbc:h2:" + "x".repeat(5000), i, 1));
		}
		receive("41,2,");
		assertThat(data(PacketType.DBCONN_POOL)).hasSize(3);
		assertThat(String.join(",", data(PacketType.DBCONN_POOL)).split(",")).hasSize(25);
	}

	static Stream<String> malformed() {
		return Stream.of("", " ", "0", "0,1", "0,1,2,3", "0,1,2 3,", ",,", "a,1,2", "0,b,2", "0,1,c", "0,1,2 c",
				"-1,1,2", "0x0,1,2", "99999999999,1,2", "0,99999999999999999999,2", "0,1,99999999999999999999", "0;1;2",
				"0,1,2" + " ".repeat(ControlRequest.MAX_BYTES), "0,1," + "1 ".repeat(9),
				"0,1," + "1".repeat(ControlRequest.MAX_BYTES), "0,1,2\u0000", "\u0000\u0001\u0002", "1.5,1,2",
				"GET / HTTP/1.1\r\n\r\n", "\u00e6", "\u00e6,1,2");
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void whatIsNoQuestionIsCountedAndIgnored(String text) throws IOException {
		this.running.begin("GET /");
		receive(text);
		assertThat(this.sink.received).isEmpty();
		assertThat(this.configurations).isEmpty();
		assertThat(this.control.remark()).isEqualTo("1 control messages ignored (1 malformed, 0 unknown, 0 too many)");
	}

	@Test
	void unknownQuestionIsCountedAndIgnored() throws IOException {
		receive("12,1,2 3");
		assertThat(this.sink.received).isEmpty();
		assertThat(this.control.remark()).contains("0 malformed, 1 unknown");
	}

	@Test
	void anyBytesDoNoHarm() throws IOException {
		Random random = new Random(5);
		this.running.beginAndWait("GET /");
		String alphabet = "0123456789,,, -\n26,40,41,101";
		for (int i = 0; i < 20_000; i++) {
			StringBuilder text = new StringBuilder();
			int length = random.nextInt(40);
			for (int c = 0; c < length; c++) {
				text.append(random.nextBoolean() ? alphabet.charAt(random.nextInt(alphabet.length()))
						: (char) random.nextInt(256));
			}
			if (random.nextInt(4) == 0) {
				text.insert(0, (char) PacketType.CONFIG_INFO.number());
			}
			receive(text.toString());
			this.nanoTime.addAndGet(1_000_000);
		}
		// Twenty seconds of it.
		assertThat(this.sink.received.size()).isLessThan(20 * AnswerLimit.MAX_ANSWERS * 2 + 20);
		receive("40,1,");
		aSecondLater();
		receive("40,1,");
		assertThat(data(PacketType.ACTIVE_STATS)).last().isEqualTo("1,0,0,0,0");
	}

	@Test
	void floodIsAnsweredTenTimesASecond() throws IOException {
		for (int i = 0; i < 1000; i++) {
			receive("40," + i + ",");
		}
		assertThat(this.sink.received).hasSize(AnswerLimit.MAX_ANSWERS);
		assertThat(this.control.remark())
			.isEqualTo("990 control messages ignored (0 malformed, 0 unknown, 990 too many)");
		aSecondLater();
		receive("40,1,");
		assertThat(this.sink.received).hasSize(AnswerLimit.MAX_ANSWERS + 1);
	}

	@Test
	void configurationIsHandedOn() throws IOException {
		receive(configuration("a=1\r\nOID = 77\nno line\n=x\nempty=\nkorean=\uac00"));
		assertThat(this.configurations).containsExactly(Map.of("a", "1", "OID", "77", "empty", "", "korean", "\uac00"));
		assertThat(this.control.remark()).isNull();
	}

	@Test
	void floodOfConfigurationsIsHandedOnTenTimesASecond() throws IOException {
		for (int i = 0; i < 1000; i++) {
			receive(configuration("a=1"));
		}
		assertThat(this.configurations).hasSize(AnswerLimit.MAX_ANSWERS);
		assertThat(this.control.remark()).contains("990 too many");
	}

	@Test
	void configurationThatIsCutOrHugeIsIgnored() throws IOException {
		String whole = configuration("a=1\nb=2\n");
		for (int length = 1; length < whole.length(); length++) {
			aSecondLater();
			receive(whole.substring(0, length));
		}
		receive(whole + "x");
		StringBuilder many = new StringBuilder();
		for (int i = 0; i < 1001; i++) {
			many.append("key").append(i).append("=1\n");
		}
		aSecondLater();
		receive(configuration(many.toString()));
		assertThat(this.configurations).isEmpty();
		assertThat(this.control.remark()).startsWith((whole.length() + 1) + " control messages ignored");
	}

	@Test
	void agentIsToldTheConfigurationWithoutSecretsOnceAndWhenItComesBack() throws IOException {
		this.sink.failure = new IOException("Connection refused");
		try {
			this.control.introduce(this.sink, 0);
		}
		catch (IOException ex) {
			this.sink.failure = null;
		}
		this.control.introduce(this.sink, 0);
		this.control.introduce(this.sink, 0);
		assertThat(data(PacketType.CONFIG_INFO)).containsExactly("apm4j.version=1.2.3\n");
		this.control.introduce(this.sink, 1);
		assertThat(data(PacketType.CONFIG_INFO)).hasSize(2);
		assertThat(this.sink.flushes).containsOnly(Flush.NOW);
	}

	private static String configuration(String text) {
		ByteBuffer packet = ByteBuffer.allocate(64 * 1024);
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		packet.put((byte) 230).putInt(50100).putInt(bytes.length + 2).putShort((short) bytes.length).put(bytes);
		return new String(packet.array(), 0, packet.position(), StandardCharsets.ISO_8859_1);
	}

	@Test
	void ownConfigurationIsReadBack() {
		Datagram datagram = new Datagram(WireVersion.V20104);
		new ControlPackets(datagram, SecretNames.STANDARD::contains).configuration(Map.of("key", "value"));
		assertThat(ConfigurationText.parse(datagram.bytes())).isEqualTo(Map.of("key", "value"));
	}

}
