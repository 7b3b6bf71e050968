package dev.apm4j.export.whatap;

import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.DatagramReader.Packet;

/**
 * What an agent got beside transactions, for tests of other packages.
 */
public final class ReceivedPacks {

	private final UdpAgent agent;

	public ReceivedPacks(UdpAgent agent) {
		this.agent = agent;
	}

	private List<Packet> packs(String category) {
		return this.agent.packets()
			.stream()
			.filter((packet) -> category.equals(packet.fields().get("category")))
			.toList();
	}

	/** Categories of counters and log lines, each once. */
	public List<String> categories() {
		return this.agent.packets()
			.stream()
			.map((packet) -> packet.fields().get("category"))
			.filter((category) -> category != null)
			.distinct()
			.sorted()
			.toList();
	}

	/** Log lines after the ids of their transactions. */
	public List<String> logLines() {
		return packs("AppLog").stream()
			.map((pack) -> pack.tags().get("@txid").content() + " " + pack.fields().get("content"))
			.toList();
	}

	/** Of each pack the fields, with the tags. */
	public List<Map<String, Object>> counters(String category) {
		return packs(category).stream().map((pack) -> {
			Map<String, Object> all = ReadingSink.contents(pack.tags());
			all.putAll(ReadingSink.contents(pack.entries()));
			return all;
		}).toList();
	}

	/** The texts of packets that have only one. */
	public List<String> data(String type) {
		return this.agent.packetsOf(type).map((packet) -> packet.fields().get("data")).toList();
	}

	/** Sends a question. */
	public void ask(String text) {
		this.agent.send(text);
	}

	/** Sends anything. */
	public void send(byte[] bytes) {
		this.agent.send(bytes);
	}

	/** What could not be decoded. */
	public List<Throwable> failures() {
		return this.agent.failures();
	}

}
