package dev.apm4j.usage;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;

/**
 * A message as gRPC sends it, after a byte without flags and its length.
 *
 * @param bytes the bytes, and perhaps others before and after them
 * @param offset where it begins
 * @param length length of the whole frame in bytes
 */
record Frame(byte[] bytes, int offset, int length) {

	/** Length of what is before the message. */
	static final int HEAD = 5;

	static Frame of(ProtobufWriter message) {
		byte[] bytes = new byte[HEAD + message.size()];
		System.arraycopy(message.buffer(), 0, bytes, HEAD, message.size());
		return seal(bytes, 0, bytes.length);
	}

	/**
	 * Makes a frame of a message that has room before it.
	 * @param bytes where the message is
	 * @param offset begin of the room of 5 bytes
	 * @param length length of the room and the message
	 * @return the frame
	 */
	static Frame seal(byte[] bytes, int offset, int length) {
		ByteBuffer.wrap(bytes).put(offset, (byte) 0).putInt(offset + 1, length - HEAD);
		return new Frame(bytes, offset, length);
	}

	BodyPublisher publisher() {
		return BodyPublishers.ofByteArray(this.bytes, this.offset, this.length);
	}

}
