package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;

/**
 * One datagram: packets behind each other, each with its type, version and length. Has
 * one buffer for all datagrams. Not thread-safe; for one sending thread.
 */
final class Datagram {

	/**
	 * Bytes of a datagram. WhaTap's own senders send before passing it, although UDP
	 * would take a bit more.
	 */
	static final int MAX_BYTES = 48 * 1024;

	/** One byte for the type, four for the version, four for the length. */
	static final int PACKET_HEADER = 9;

	private final WireVersion version;

	private final WireWriter writer = new WireWriter(MAX_BYTES);

	private final ValueWriter values = new ValueWriter(this.writer);

	private int packet;

	Datagram(WireVersion version) {
		this.version = version;
	}

	WireVersion version() {
		return this.version;
	}

	ValueWriter values() {
		return this.values;
	}

	/**
	 * Begins a packet.
	 * @return what takes its body, until {@link #end()}
	 */
	WireWriter begin(PacketType type) {
		this.packet = this.writer.position();
		this.writer.writeByte(type.number());
		this.writer.writeInt(this.version.number());
		this.writer.writeInt(0);
		return this.writer;
	}

	/**
	 * Ends a packet.
	 * @return whether it fitted; if not, the datagram is as it was before it: the packet
	 * belongs into the next one, or, if this one is empty, nowhere
	 */
	boolean end() {
		if (this.writer.isOverflowed()) {
			this.writer.rollback(this.packet);
			return false;
		}
		int body = this.packet + PACKET_HEADER;
		this.writer.patchInt(body - Integer.BYTES, this.writer.position() - body);
		return true;
	}

	boolean isEmpty() {
		return this.writer.position() == 0;
	}

	int size() {
		return this.writer.position();
	}

	/** Takes back what was written beyond a size, be it the half of a packet. */
	void cutTo(int size) {
		this.writer.rollback(size);
	}

	/** What is to be sent; valid until the next packet. */
	ByteBuffer bytes() {
		return this.writer.written();
	}

	/** Begins the next datagram. */
	void clear() {
		this.writer.rollback(0);
	}

}
