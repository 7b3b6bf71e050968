package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.apm4j.export.whatap.WireReader.WireValue;

/**
 * Reads datagrams as an agent would, but takes nothing that isn't exactly right: unknown
 * types and versions, missing and surplus bytes, numbers that are none.
 */
final class DatagramReader {

	private static final Set<String> NUMBERS = Set.of("mtid", "mdepth", "mcallerTxid", "mcallerPcode", "mcallerUrl",
			"status", "isLlm", "mcallerStepId", "fetch", "stepId", "port", "elapsed", "error", "paramId",
			"paramResponse");

	private static final String REQUEST = "host uri ipaddr userAgent referer clientId isStaticContents ";

	private static final String CALLER = "mtid mdepth mcallerTxid mcallerPcode mcallerSpec mcallerUrl mcallerPoidKey";

	private DatagramReader() {
	}

	static List<Packet> read(ByteBuffer datagram) {
		List<Packet> packets = new ArrayList<>();
		while (datagram.hasRemaining()) {
			WireReader header = new WireReader(datagram);
			int number = header.readUnsignedByte();
			WireVersion version = WireVersion.of(header.readInt());
			int length = header.readInt();
			if (length < 0 || length > datagram.remaining()) {
				throw new IllegalStateException(length + " bytes of body, " + datagram.remaining() + " there");
			}
			WireReader body = new WireReader(datagram.slice(datagram.position(), length));
			packets.add(readPacket(type(number), version, body));
			body.end();
			datagram.position(datagram.position() + length);
		}
		return packets;
	}

	private static PacketType type(int number) {
		return Arrays.stream(PacketType.values())
			.filter((type) -> type.number() == number)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Unknown packet " + number));
	}

	private static Packet readPacket(PacketType type, WireVersion version, WireReader body) {
		List<Long> common = new ArrayList<>();
		if (type.isOfTransaction()) {
			common.add(body.readLong());
			common.add(body.readLong());
			common.add((long) body.readInt());
			common.add(body.readLong());
			common.add(body.readLong());
			common.add((long) body.readInt());
			common.add(body.readLong());
		}
		Map<String, String> fields = new LinkedHashMap<>();
		Map<String, WireValue> tags = new LinkedHashMap<>();
		Map<String, WireValue> entries = new LinkedHashMap<>();
		if (type == PacketType.RELAY_PACK) {
			readPack(body, fields, tags, entries);
		}
		else {
			for (String name : names(type, version).split(" ")) {
				String text = body.readShortText();
				if (NUMBERS.contains(name) && !text.isEmpty()
						&& (text.equals("0") || !Long.toString(Long.parseLong(text)).equals(text))) {
					throw new IllegalStateException("Not a number: " + text);
				}
				fields.put(name, text);
			}
		}
		return new Packet(type, version, common, fields, tags, entries);
	}

	private static String names(PacketType type, WireVersion version) {
		boolean newer = version == WireVersion.V20106;
		return switch (type) {
			case TX_START -> REQUEST + "httpMethod";
			case TX_END -> "host uri " + CALLER + " status" + (newer ? " isLlm mcallerStepId" : "");
			case TX_START_END -> REQUEST + CALLER;
			case TX_DB_CONN -> "dbc";
			case TX_SQL -> "dbc sql fetch";
			case TX_SQL_PARAM -> "dbc sql param errorType errorMessage stack";
			case TX_HTTPC -> newer ? "url stepId driver" : "url stepId";
			case TX_HTTPC_START -> "url";
			case TX_ERROR -> "errorType errorMessage stack";
			case TX_MSG, TX_SECURE_MSG -> "hash value desc";
			case TX_METHOD -> "method stack";
			case TX_WEB_SOCKET -> "ipAddr port elapsed error";
			case TX_PARAM -> "paramId paramResponse data";
			case ACTIVE_STACK_1 -> "stack";
			default -> "data";
		};
	}

	private static void readPack(WireReader body, Map<String, String> fields, Map<String, WireValue> tags,
			Map<String, WireValue> entries) {
		int pack = body.readUnsignedShort();
		readPackHeader(body, fields);
		if (pack == RelayPackets.PARAM) {
			fields.put("pack", "ParamPack");
			fields.put("id", String.valueOf(body.readInt()));
			fields.put("request", String.valueOf(body.readDecimal()));
			fields.put("response", String.valueOf(body.readDecimal()));
			entries.putAll(body.readEntries());
			return;
		}
		if (body.readByte() != 0) {
			throw new IllegalStateException("Unknown version of a pack");
		}
		fields.put("category", body.readText());
		fields.put("tagHash", String.valueOf(body.readDecimal()));
		tags.putAll(body.readMap());
		if (pack == RelayPackets.TAG_COUNT) {
			fields.put("pack", "TagCountPack");
			entries.putAll(body.readMap());
		}
		else if (pack == RelayPackets.LOG_SINK) {
			fields.put("pack", "LogSinkPack");
			fields.put("line", String.valueOf(body.readDecimal()));
			fields.put("content", body.readText());
			if (body.readBool()) {
				entries.putAll(body.readMap());
			}
		}
		else {
			throw new IllegalStateException("Unknown pack " + pack);
		}
	}

	/** A 9 is no length of a decimal, so it tells the longer form. */
	private static void readPackHeader(WireReader body, Map<String, String> fields) {
		int first = body.readByte();
		boolean kindAndNode = first == 9;
		long projectCode = kindAndNode ? body.readDecimal() : body.readDecimal(first);
		fields.put("pcode", String.valueOf(projectCode));
		fields.put("oid", String.valueOf(body.readInt()));
		if (kindAndNode) {
			fields.put("okind", String.valueOf(body.readInt()));
			fields.put("onode", String.valueOf(body.readInt()));
		}
		fields.put("time", String.valueOf(body.readLong()));
	}

	/** A packet; {@code common} as in {@link TransactionHeader}. */
	record Packet(PacketType type, WireVersion version, List<Long> common, Map<String, String> fields,
			Map<String, WireValue> tags, Map<String, WireValue> entries) {
	}

}
