package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * Writes packs that the agent hands on to the server as they are: counters and log lines.
 * Each method returns whether the packet fitted, see {@link Datagram#end()}. The body is
 * the number of the pack and the pack, without a length. Source: golib's
 * {@code lang/pack}. For one thread.
 */
final class RelayPackets {

	static final int TAG_COUNT = 0x1601;

	static final int LOG_SINK = 0x170a;

	static final int PARAM = 0x0100;

	/** Comes before the header if an object has a kind or a node. */
	private static final int WITH_KIND_AND_NODE = 9;

	private final Datagram datagram;

	private final Origin origin;

	RelayPackets(Datagram datagram, Origin origin) {
		this.datagram = datagram;
		this.origin = origin;
	}

	/**
	 * A counter.
	 * @param epochMillis when it was read
	 * @param category the counter's name
	 * @param tags what tells its rows apart
	 * @param fields the numbers
	 * @return whether it fitted
	 */
	boolean tagCount(long epochMillis, String category, MapContent tags, MapContent fields) {
		WireWriter writer = begin(TAG_COUNT, epochMillis);
		writer.writeByte(0);
		writer.writeText(category, TextLimits.WORD);
		writeTags(writer, tags);
		this.datagram.values().writeMap(fields);
		return this.datagram.end();
	}

	/**
	 * A log line.
	 * @param epochMillis when it was written
	 * @param category the log's name
	 * @param tags what it is looked up by, for instance {@code @txid}
	 * @param line its number, or its time
	 * @param content the text
	 * @param fields more, or {@code null}
	 * @return whether it fitted
	 */
	boolean logSink(long epochMillis, String category, MapContent tags, long line, String content,
			@Nullable MapContent fields) {
		WireWriter writer = begin(LOG_SINK, epochMillis);
		writer.writeByte(0);
		writer.writeText(category, TextLimits.WORD);
		writeTags(writer, tags);
		writer.writeDecimal(line);
		writer.writeText(content, ValueWriter.MAX_TEXT);
		writer.writeBool(fields != null);
		if (fields != null) {
			this.datagram.values().writeMap(fields);
		}
		return this.datagram.end();
	}

	/** An answer of named values. */
	boolean param(long epochMillis, int id, long request, long response, MapContent table) {
		WireWriter writer = begin(PARAM, epochMillis);
		writer.writeInt(id);
		writer.writeDecimal(request);
		writer.writeDecimal(response);
		this.datagram.values().writeEntries(table);
		return this.datagram.end();
	}

	private WireWriter begin(int pack, long epochMillis) {
		WireWriter writer = this.datagram.begin(PacketType.RELAY_PACK);
		writer.writeShort(pack);
		boolean kindOrNode = this.origin.kind() != 0 || this.origin.node() != 0;
		if (kindOrNode) {
			writer.writeByte(WITH_KIND_AND_NODE);
		}
		writer.writeDecimal(this.origin.projectCode());
		writer.writeInt(this.origin.objectId());
		if (kindOrNode) {
			writer.writeInt(this.origin.kind());
			writer.writeInt(this.origin.node());
		}
		writer.writeLong(epochMillis);
		return writer;
	}

	/** The hash of the tags, as they are written, comes before them. */
	private void writeTags(WireWriter writer, MapContent tags) {
		int start = writer.position();
		int count = this.datagram.values().writeMap(tags);
		writer.insertDecimal(start, (count != 0) ? writer.hash64Since(start) : 0);
	}

	/**
	 * Whom packs come from.
	 *
	 * @param projectCode the project, see {@link ProjectCode}
	 * @param objectId the object, or 0 for that of the agent
	 * @param kind the kind of object, or 0
	 * @param node the node, or 0
	 */
	record Origin(long projectCode, int objectId, int kind, int node) {
	}

}
