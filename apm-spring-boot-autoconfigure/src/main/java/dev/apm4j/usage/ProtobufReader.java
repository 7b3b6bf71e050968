package dev.apm4j.usage;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a protobuf message and passes over all else, so that a newer
 * collector may say more. Not thread-safe.
 */
final class ProtobufReader {

	private final ByteBuffer message;

	private long value;

	/**
	 * Begins to read.
	 * @param message the message, from its position to its limit
	 */
	ProtobufReader(ByteBuffer message) {
		this.message = message.duplicate();
	}

	/**
	 * Goes to the next number.
	 * @return its field, {@code null} at the end
	 * @throws IllegalArgumentException if this is no protobuf message
	 */
	@Nullable Integer next() {
		while (this.message.hasRemaining()) {
			long tag = varint();
			int field = (int) (tag >>> 3);
			if (field <= 0) {
				throw new IllegalArgumentException("Not a field of a protobuf message");
			}
			switch ((int) (tag & 7)) {
				case 0 -> {
					this.value = varint();
					return field;
				}
				case 1 -> skip(8);
				case 2 -> skip(varint());
				case 5 -> skip(4);
				default -> throw new IllegalArgumentException("Not a type of a protobuf field");
			}
		}
		return null;
	}

	/**
	 * The number that was found.
	 * @return as an int64
	 */
	long value() {
		return this.value;
	}

	private void skip(long length) {
		if (length < 0 || length > this.message.remaining()) {
			throw new IllegalArgumentException("A protobuf field is longer than its message");
		}
		this.message.position(this.message.position() + (int) length);
	}

	private long varint() {
		long number = 0;
		for (int shift = 0; shift < 70; shift += 7) {
			if (!this.message.hasRemaining()) {
				throw new IllegalArgumentException("A protobuf message ends within a number");
			}
			byte part = this.message.get();
			number |= (shift < 64) ? (long) (part & 0x7F) << shift : 0;
			if (part >= 0) {
				return number;
			}
		}
		throw new IllegalArgumentException("A number of a protobuf message does not end");
	}

}
