package dev.apm4j.usage;

import org.jspecify.annotations.Nullable;

/**
 * Collects entries of a publication as long as they fit into one message, and puts the
 * common data before them when the fingerprint is known. Not thread-safe.
 */
final class PublicationFrame {

	/** Of the tag and the length of the common data, and of a last number. */
	private static final int MAX_EXTRA = 32;

	private final int maxBytes;

	private final int headRoom;

	private final ProtobufWriter entries = new ProtobufWriter();

	private int count;

	/**
	 * Makes an empty one.
	 * @param maxBytes length of the whole frame, at most; one entry is always taken
	 * @param commonDataBytes length of the common data
	 */
	PublicationFrame(int maxBytes, int commonDataBytes) {
		this.maxBytes = maxBytes;
		this.headRoom = Frame.HEAD + commonDataBytes + MAX_EXTRA;
		this.entries.skip(this.headRoom);
	}

	/**
	 * Adds an entry if it fits.
	 * @param entry the entry
	 * @return {@code false} if it belongs into the next message
	 */
	boolean add(ProtobufWriter entry) {
		if (this.count > 0 && this.entries.size() + entry.size() + MAX_EXTRA > this.maxBytes) {
			return false;
		}
		this.entries.message(ScavengerMessages.ENTRY, entry);
		this.count++;
		return true;
	}

	int count() {
		return this.count;
	}

	/**
	 * Makes the frame.
	 * @param commonData the common data, of the length that was announced
	 * @param last what comes after the entries, if anything does
	 * @return the frame, which ends the use of this
	 */
	Frame finish(ProtobufWriter commonData, @Nullable ProtobufWriter last) {
		if (last != null) {
			this.entries.append(last);
		}
		ProtobufWriter head = new ProtobufWriter().message(1, commonData);
		int offset = this.headRoom - head.size() - Frame.HEAD;
		byte[] bytes = this.entries.buffer();
		System.arraycopy(head.buffer(), 0, bytes, offset + Frame.HEAD, head.size());
		return Frame.seal(bytes, offset, this.entries.size() - offset);
	}

}
