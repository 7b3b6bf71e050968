package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.export.whatap.WireReader.WireValue;
import dev.apm4j.instrument.SecretNames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class DatagramTests {

	private static final String HUGE = "\uac00\ud83d\ude00x".repeat(20_000);

	private static final RequestStart REQUEST = new RequestStart("shop", "/orders", "10.0.0.7", "ua", "", "1",
			RequestStart.NOT_STATIC, "GET");

	private final Datagram datagram = new Datagram(WireVersion.V20106);

	private final TransactionPackets packets = new TransactionPackets(this.datagram, SecretNames.STANDARD::contains);

	private final ControlPackets control = new ControlPackets(this.datagram, SecretNames.STANDARD::contains);

	private final RelayPackets relay = new RelayPackets(this.datagram, new RelayPackets.Origin(31337, 0, 0, 0));

	private final TransactionHeader header = new TransactionHeader(4242).of(77, 1).at(1_700_000_000_123L, 57);

	@Test
	void errorHasTypeMessageAndStack() {
		this.packets.error(this.header, "java.io.IOException", "gone", "a.B.run(B.java:1)\na.C.call(C.java:2)\n");
		assertThat(only().fields()).isEqualTo(Map.of("errorType", "java.io.IOException", "errorMessage", "gone",
				"stack", "a.B.run(B.java:1)\na.C.call(C.java:2)\n"));
	}

	@Test
	void methodHasNameAndStackAndTheVersionOfTheOthers() {
		this.packets.method(this.header, "OrderService.find", "");
		Packet packet = only();
		assertThat(packet.type()).isEqualTo(PacketType.TX_METHOD);
		assertThat(packet.version()).isEqualTo(WireVersion.V20106);
		assertThat(packet.fields()).containsEntry("method", "OrderService.find");
		assertThat(packet.common()).containsExactly(77L, 1_700_000_000_123L, 57L, 0L, 0L, 4242L, 1L);
	}

	@Test
	void poolsAreOneTextInWhichNothingOfTheirsIsASeparator() {
		this.control.databasePools(4242, List.of(new PoolConnections("jdbc:h2:mem:shop", 3, 7),
				new PoolConnections("jdbc:mysql://a,b|c/shop?password=pw", 1, 0)));
		assertThat(only().fields()).containsEntry("data",
				"4242|jdbc:h2:mem:shop|3|7,4242|jdbc:mysql://a_b_c/shop?password=#|1|0");
	}

	@Test
	void configurationIsALineForEachKey() {
		Map<String, String> configuration = new LinkedHashMap<>();
		configuration.put("app_name", "shop\nenabled=false");
		configuration.put("enabled", "true");
		this.control.configuration(configuration);
		assertThat(only().fields()).containsEntry("data", "app_name=shop enabled=false\nenabled=true\n");
	}

	@Test
	void stackOfARunningTransactionHasNoSeparatorInIt() {
		this.control.activeStack(55, -7, "a.B.run(B.java,  1)\n");
		assertThat(only().fields()).containsEntry("data", "55, -7, a.B.run(B.java;  1)\n");
	}

	@Test
	void counterHasTheHashOfItsTags() {
		this.relay.tagCount(1_700_000_000_123L, "jvm", (map) -> map.put("@txid", "1234567890"),
				(map) -> map.put("heap", 4096).put("cpu", 0.5));
		Packet packet = only();
		// The hash that the library has written for the same tags of a log line.
		assertThat(packet.fields()).containsEntry("pack", "TagCountPack")
			.containsEntry("tagHash", Long.toString(0x00ff00ffaf7096a4L))
			.containsEntry("pcode", "31337");
		assertThat(packet.entries()).isEqualTo(
				Map.of("heap", new WireValue(ValueType.DECIMAL, 4096L), "cpu", new WireValue(ValueType.DOUBLE, 0.5)));
	}

	@Test
	void originWithAKindHasTheLongerHeader() {
		new RelayPackets(this.datagram, new RelayPackets.Origin(7, -3, 5, 0)).tagCount(9, "jvm", MapContent.EMPTY,
				MapContent.EMPTY);
		assertThat(only().fields()).containsEntry("pcode", "7")
			.containsEntry("oid", "-3")
			.containsEntry("okind", "5")
			.containsEntry("onode", "0")
			.containsEntry("time", "9")
			.containsEntry("tagHash", "0");
	}

	@Test
	void olderVersionHasNeitherDriverNorCallersStep() {
		Datagram older = new Datagram(WireVersion.V20104);
		TransactionPackets writer = new TransactionPackets(older, SecretNames.STANDARD::contains);
		writer.httpCall(this.header, "http://stock/items", 5, "RestClient");
		writer.end(this.header, "shop", "/orders", Caller.NONE, 200);
		List<Packet> read = DatagramReader.read(older.bytes());
		assertThat(read.get(0).fields()).containsOnlyKeys("url", "stepId");
		assertThat(read.get(1).fields()).containsEntry("status", "200").doesNotContainKey("mcallerStepId");
	}

	@Test
	void packetThatDoesNotFitLeavesTheDatagramAsItWas() {
		assertThat(this.packets.sql(this.header, "jdbc:h2:mem:a", "x".repeat(30_000), 1)).isTrue();
		ByteBuffer before = copy(this.datagram.bytes());
		assertThat(this.packets.sql(this.header, "jdbc:h2:mem:a", "y".repeat(30_000), 1)).isFalse();
		assertThat(this.datagram.bytes()).isEqualTo(before);
		assertThat(this.packets.method(this.header, "a()", "")).isTrue();
		assertThat(DatagramReader.read(this.datagram.bytes())).extracting(Packet::type)
			.containsExactly(PacketType.TX_SQL, PacketType.TX_METHOD);
		this.datagram.clear();
		assertThat(this.datagram.isEmpty()).isTrue();
		assertThat(this.packets.sql(this.header, "jdbc:h2:mem:a", "y".repeat(30_000), 1)).isTrue();
	}

	@Test
	void everyPacketFitsIntoAnEmptyDatagramHoweverLongItsTexts() {
		Map<String, String> entries = new LinkedHashMap<>();
		for (int i = 0; i < 100; i++) {
			entries.put(i + HUGE, HUGE);
		}
		RequestStart request = new RequestStart(HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE);
		Caller caller = new Caller(-1, -1, -1, -1, HUGE, -1, HUGE, -1);
		alone(this.packets.start(this.header, request));
		alone(this.packets.startAndEnd(this.header, request, caller));
		alone(this.packets.end(this.header, HUGE, HUGE, caller, 200));
		alone(this.packets.sql(this.header, HUGE, HUGE, 1));
		alone(this.packets.sqlWithParameters(this.header, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE));
		alone(this.packets.httpCall(this.header, HUGE, 1, HUGE));
		alone(this.packets.error(this.header, HUGE, HUGE, HUGE));
		alone(this.packets.message(this.header, HUGE, HUGE, HUGE));
		alone(this.packets.method(this.header, HUGE, HUGE));
		alone(this.packets.secureMessage(this.header, HUGE, HUGE, entries));
		alone(this.control.activeStack(Long.MIN_VALUE, Long.MIN_VALUE, HUGE));
		alone(this.control.parameter(1, 1, HUGE));
		alone(this.relay.logSink(1, HUGE, (map) -> map.put(HUGE, 1), 1, HUGE, (map) -> map.put("a", "b")));
	}

	@Test
	void onlyTwentyParametersAreSentAndSecretsAreMasked() {
		Map<String, String> parameters = new LinkedHashMap<>();
		parameters.put("password", "hunter2");
		parameters.put("X-Api-Key", "k");
		parameters.put("note", "two\npin=1");
		for (int i = 0; i < 30; i++) {
			parameters.put("p" + i, "v");
		}
		this.packets.secureMessage(this.header, "HTTP-PARAMETERS", "POST", parameters);
		assertThat(only().fields().get("desc").split("\n")).hasSize(20)
			.startsWith("password=#", "X-Api-Key=#", "note=two pin=1", "p0=v");
	}

	@Test
	void nothingSecretIsInAnyFieldThatHoldsAnAddress() {
		this.packets.start(this.header, new RequestStart("shop", "/orders", "10.0.0.7:51234", "ua",
				"https://kim:secret@shop/?token=secret", "1", RequestStart.NOT_STATIC, "GET"));
		this.packets.databaseConnection(this.header, "jdbc:mysql://kim:secret@db/shop");
		this.packets.sql(this.header, "jdbc:mysql://db/shop?user=kim&password=secret", "select 1", 1);
		this.packets.httpCall(this.header, "http://kim:secret@stock/items?key=secret", 0, "");
		List<Packet> read = DatagramReader.read(this.datagram.bytes());
		assertThat(read.toString()).doesNotContain("secret");
		assertThat(read.get(0).fields()).containsEntry("ipaddr", "10.0.0.7").containsEntry("referer", "https://shop/");
		assertThat(read.get(3).fields()).containsEntry("url", "http://stock/items");
	}

	@Test
	void randomPacketsFillDatagramsOfWhichNoneIsTooLong() {
		Random random = new Random(48);
		int read = 0;
		int written = 0;
		for (int i = 0; i < 3000; i++) {
			String text = HUGE.substring(0, random.nextInt(1 << random.nextInt(16)));
			while (!this.packets.message(this.header, "t" + i, "", text)) {
				List<Packet> packetsOfOne = DatagramReader.read(copy(this.datagram.bytes()));
				assertThat(this.datagram.bytes().remaining()).isLessThanOrEqualTo(48 * 1024);
				assertThat(packetsOfOne.get(0).fields()).containsEntry("hash", "t" + read);
				read += packetsOfOne.size();
				this.datagram.clear();
			}
			written++;
		}
		assertThat(read + DatagramReader.read(this.datagram.bytes()).size()).isEqualTo(written);
	}

	@Test
	void readerTakesNoDatagramThatIsNotExactlyRight() {
		this.packets.start(this.header, REQUEST);
		byte[] right = new byte[this.datagram.bytes().remaining()];
		this.datagram.bytes().get(right);
		DatagramReader.read(ByteBuffer.wrap(right));
		for (int length = 1; length < right.length; length++) {
			ByteBuffer cut = ByteBuffer.wrap(right, 0, length);
			assertThatException().as("cut to " + length).isThrownBy(() -> DatagramReader.read(cut));
		}
		List<byte[]> wrong = new ArrayList<>();
		for (int index : new int[] { 0, 3, 8 }) {
			byte[] changed = right.clone();
			changed[index]++;
			wrong.add(changed);
		}
		assertThatIllegalStateException()
			.isThrownBy(
					() -> DatagramReader.read(ByteBuffer.wrap(new byte[] { 99, 0, 0, 0x4e, (byte) 0x8a, 0, 0, 0, 0 })))
			.withMessageContaining("Unknown packet 99");
		wrong.forEach((bytes) -> assertThatException().isThrownBy(() -> DatagramReader.read(ByteBuffer.wrap(bytes))));
		// A field more, as a later version may have, with the length of all.
		byte[] longer = HexFormat.of().parseHex("2900004e8a0000000d0009352c342c332c322c310000");
		assertThatIllegalStateException().isThrownBy(() -> DatagramReader.read(ByteBuffer.wrap(longer)))
			.withMessageContaining("2 bytes too many");
	}

	@Test
	void onlyKnownVersionsCanBeConfigured() {
		assertThat(WireVersion.of(20104)).isEqualTo(WireVersion.V20104);
		assertThatIllegalArgumentException().isThrownBy(() -> WireVersion.of(50100)).withMessageContaining("50100");
	}

	private void alone(boolean fitted) {
		assertThat(fitted).isTrue();
		assertThat(this.datagram.bytes().remaining()).isLessThanOrEqualTo(Datagram.MAX_BYTES);
		assertThat(DatagramReader.read(this.datagram.bytes())).hasSize(1);
		this.datagram.clear();
	}

	private Packet only() {
		List<Packet> read = DatagramReader.read(this.datagram.bytes());
		assertThat(read).hasSize(1);
		return read.get(0);
	}

	private static ByteBuffer copy(ByteBuffer bytes) {
		ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
		return copy.put(bytes.duplicate()).flip();
	}

}
