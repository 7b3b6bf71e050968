package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.export.whatap.Vectors.PacketVector;
import dev.apm4j.instrument.SecretNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole packets, compared with those that WhaTap's own library writes.
 */
class PacketVectorTests {

	/** Of the one vector that doesn't say its time. */
	private static final long TIME = 1_700_000_000_000L;

	/** What a pack has besides what was put into it. */
	private static final List<String> NOT_GIVEN = List.of("tagHash", "time", "oid");

	@ParameterizedTest
	@MethodSource("vectors")
	void packetIsWrittenAsTheLibraryWritesIt(PacketVector vector) {
		Datagram datagram = new Datagram(vector.version());
		assertThat(write(vector, datagram)).isTrue();
		assertThat(hex(datagram.bytes())).isEqualTo(vector.hex());
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void packetIsReadBack(PacketVector vector) {
		Packet packet = DatagramReader.read(vector.bytes()).get(0);
		assertThat(packet.type()).isEqualTo(vector.type());
		assertThat(packet.version()).isEqualTo(vector.version());
		assertThat(packet.common()).isEqualTo(vector.common());
		packet.fields().forEach((name, value) -> {
			boolean given = vector.fields().containsKey(name);
			assertThat(given || NOT_GIVEN.contains(name)).as(name).isTrue();
			assertThat(value).as(name)
				.isIn(given ? List.of(vector.get(name), empty(vector.get(name))) : List.of(value));
		});
		vector.tags().forEach((key, value) -> assertThat(packet.tags().get(key).content()).hasToString(value));
		vector.entries().forEach((key, value) -> assertThat(packet.entries().get(key).content()).hasToString(value));
		assertThat(packet.entries()).hasSameSizeAs(vector.entries());
	}

	@Test
	void allVectorsStandBehindEachOtherInOneDatagram() {
		for (WireVersion version : WireVersion.values()) {
			List<PacketVector> vectors = vectors().stream().filter((vector) -> vector.version() == version).toList();
			Datagram datagram = new Datagram(version);
			StringBuilder expected = new StringBuilder();
			for (PacketVector vector : vectors) {
				write(vector, datagram);
				expected.append(vector.hex());
			}
			assertThat(hex(datagram.bytes())).contains(expected);
			assertThat(DatagramReader.read(datagram.bytes())).extracting(Packet::type)
				.isEqualTo(vectors.stream().map(PacketVector::type).toList());
		}
	}

	static List<PacketVector> vectors() {
		return Vectors.packets();
	}

	/** The library's writer has a zero as an empty text in some fields. */
	private static String empty(String value) {
		return value.equals("0") ? "" : value;
	}

	private static String hex(ByteBuffer bytes) {
		byte[] copy = new byte[bytes.remaining()];
		bytes.duplicate().get(copy);
		return HexFormat.of().formatHex(copy);
	}

	private static boolean write(PacketVector v, Datagram datagram) {
		TransactionPackets packets = new TransactionPackets(datagram, SecretNames.STANDARD::contains);
		ControlPackets control = new ControlPackets(datagram, SecretNames.STANDARD::contains);
		TransactionHeader header = header(v);
		return switch (v.type()) {
			case TX_START -> packets.start(header, request(v));
			case TX_END -> packets.end(header, v.get("host"), v.get("uri"), caller(v), (int) v.number("status"));
			case TX_START_END -> packets.startAndEnd(header, request(v), caller(v));
			case TX_DB_CONN -> packets.databaseConnection(header, v.get("dbc"));
			case TX_SQL -> packets.sql(header, v.get("dbc"), v.get("sql"), v.number("fetch"));
			case TX_SQL_PARAM -> packets.sqlWithParameters(header, v.get("dbc"), v.get("sql"), v.get("param"),
					v.get("errorType"), v.get("errorMessage"), v.get("stack"));
			case TX_HTTPC -> packets.httpCall(header, v.get("url"), v.number("stepId"), v.get("driver"));
			case TX_HTTPC_START -> packets.httpCallStart(header, v.get("url"));
			case TX_MSG -> v.get("hash").equals("HTTP-HEADERS") ? packets.httpHeaders(header, entries(v))
					: packets.message(header, v.get("hash"), v.get("value"), v.get("desc"));
			case TX_SECURE_MSG -> packets.secureMessage(header, v.get("hash"), v.get("value"), entries(v));
			case TX_WEB_SOCKET -> packets.webSocket(header, v.get("ipAddr"), (int) v.number("port"),
					v.number("elapsed"), v.number("error"));
			case ACTIVE_STACK_1 -> packets.activeStack(header, v.get("stack"));
			case TX_PARAM -> control.parameter((int) v.number("paramId"), v.number("paramResponse"), v.get("data"));
			case ACTIVE_STACK -> {
				String[] parts = v.get("data").split(", ", 3);
				yield control.activeStack(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
			}
			case ACTIVE_STATS -> {
				int[] counts = List.of(v.get("data").split(",")).stream().mapToInt(Integer::parseInt).toArray();
				yield control.activeStats(counts[0], counts[1], counts[2], counts[3], counts[4]);
			}
			case RELAY_PACK -> writePack(v, datagram);
			default -> throw new IllegalStateException("No vectors of " + v.type());
		};
	}

	private static boolean writePack(PacketVector v, Datagram datagram) {
		RelayPackets packets = new RelayPackets(datagram,
				new RelayPackets.Origin(v.number("pcode"), (int) v.number("oid"), 0, 0));
		if (v.get("pack").equals("ParamPack")) {
			return packets.param(TIME, (int) v.number("id"), v.number("request"), v.number("response"),
					(map) -> map.put("k", v.entries().get("k")).put("n", Long.parseLong(v.entries().get("n"))));
		}
		MapContent fields = (map) -> v.entries().forEach(map::put);
		return packets.logSink(v.number("time"), v.get("category"), (map) -> v.tags().forEach(map::put),
				v.number("line"), v.get("content"), v.entries().isEmpty() ? null : fields);
	}

	private static TransactionHeader header(PacketVector v) {
		if (v.common().isEmpty()) {
			return new TransactionHeader(0);
		}
		List<Long> common = v.common();
		return new TransactionHeader(common.get(5).intValue()).of(common.get(0), common.get(6))
			.at(common.get(1), common.get(2).intValue())
			.usage(common.get(3), common.get(4));
	}

	private static RequestStart request(PacketVector v) {
		return new RequestStart(v.get("host"), v.get("uri"), v.get("ipaddr"), v.get("userAgent"), v.get("referer"),
				v.get("clientId"), v.get("isStaticContents"), v.get("httpMethod"));
	}

	private static Caller caller(PacketVector v) {
		return new Caller(v.number("mtid"), (int) v.number("mdepth"), v.number("mcallerTxid"), v.number("mcallerPcode"),
				v.get("mcallerSpec"), (int) v.number("mcallerUrl"), v.get("mcallerPoidKey"), v.number("mcallerStepId"));
	}

	private static Map<String, String> entries(PacketVector v) {
		Map<String, String> entries = new LinkedHashMap<>();
		for (String line : v.get("desc").split("\n")) {
			String[] parts = line.split("=", 2);
			entries.put(parts[0], parts[1]);
		}
		return entries;
	}

}
