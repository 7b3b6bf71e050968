package dev.apm4j.export.whatap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.instrument.SecretNames;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets that it gets, each as soon as it was written. For one thread.
 */
final class ReadingSink implements PacketSink {

	static final long PROJECT = 31337;

	private final Datagram datagram = new Datagram(WireVersion.V20106);

	private final Packets packets = new Packets(new TransactionPackets(this.datagram, SecretNames.STANDARD::contains),
			new ControlPackets(this.datagram, SecretNames.STANDARD::contains),
			new RelayPackets(this.datagram, new RelayPackets.Origin(PROJECT, 7, 0, 0)));

	final List<Packet> received = new ArrayList<>();

	final List<Flush> flushes = new ArrayList<>();

	@Nullable IOException failure;

	@Override
	public void send(PacketSource source, Flush flush) throws IOException {
		IOException failing = this.failure;
		if (failing != null) {
			throw failing;
		}
		this.datagram.clear();
		if (!source.writeTo(this.packets)) {
			throw new AssertionError("A packet that fits into no datagram");
		}
		ByteBuffer bytes = this.datagram.bytes();
		this.received.addAll(DatagramReader.read(bytes));
		this.flushes.add(flush);
	}

	List<Packet> of(PacketType type) {
		return this.received.stream().filter((packet) -> packet.type() == type).toList();
	}

	/** The numbers of the one counter of a category. */
	Map<String, Object> fields(String category) {
		List<Packet> found = packs(category);
		if (found.size() != 1) {
			throw new AssertionError(found.size() + " packs of " + category + " in " + this.received);
		}
		return contents(found.get(0).entries());
	}

	List<Packet> packs(String category) {
		return this.received.stream().filter((packet) -> category.equals(packet.fields().get("category"))).toList();
	}

	static Map<String, Object> contents(Map<String, WireReader.WireValue> values) {
		Map<String, Object> contents = new LinkedHashMap<>();
		values.forEach((key, value) -> contents.put(key, value.content()));
		return contents;
	}

	void clear() {
		this.received.clear();
		this.flushes.clear();
	}

}
