package dev.apm4j.usage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a protobuf message: texts, numbers and nested messages, in the order of the
 * calls; what has its default value is left out as proto3 does. Five messages are no
 * reason to bring a protobuf library into an application. Not thread-safe.
 */
final class ProtobufWriter {

	private static final int VARINT = 0;

	private static final int LENGTH_DELIMITED = 2;

	private byte[] buffer = new byte[256];

	private int size;

	/**
	 * Writes a text, nothing if it is empty.
	 * @param field number of the field
	 * @param value the text
	 */
	ProtobufWriter text(int field, String value) {
		if (!value.isEmpty()) {
			byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
			delimited(field, bytes, bytes.length);
		}
		return this;
	}

	/**
	 * Writes an int32 or int64, nothing if it is 0.
	 * @param field number of the field
	 * @param value the number
	 */
	ProtobufWriter number(int field, long value) {
		if (value != 0) {
			varint((long) field << 3 | VARINT);
			varint(value);
		}
		return this;
	}

	/**
	 * Writes a nested message, also an empty one.
	 * @param field number of the field
	 * @param message the message
	 */
	ProtobufWriter message(int field, ProtobufWriter message) {
		delimited(field, message.buffer, message.size);
		return this;
	}

	/**
	 * Appends the fields of another message to this one.
	 * @param message the message
	 */
	ProtobufWriter append(ProtobufWriter message) {
		bytes(message.buffer, message.size);
		return this;
	}

	/**
	 * Leaves room for what is put there later.
	 * @param length length of the room in bytes
	 */
	void skip(int length) {
		reserve(length);
		this.size += length;
	}

	private void delimited(int field, byte[] bytes, int length) {
		varint((long) field << 3 | LENGTH_DELIMITED);
		varint(length);
		bytes(bytes, length);
	}

	private void bytes(byte[] bytes, int length) {
		reserve(length);
		System.arraycopy(bytes, 0, this.buffer, this.size, length);
		this.size += length;
	}

	private void varint(long value) {
		reserve(10);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.buffer[this.size++] = (byte) (rest & 0x7F | 0x80);
			rest >>>= 7;
		}
		this.buffer[this.size++] = (byte) rest;
	}

	private void reserve(int length) {
		if (this.buffer.length - this.size < length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(Math.addExact(this.size, length),
					(int) Math.min(Integer.MAX_VALUE - 8L, this.buffer.length * 2L)));
		}
	}

	/**
	 * Begins anew, with the memory that is there.
	 */
	void reset() {
		this.size = 0;
	}

	/**
	 * How much is written.
	 * @return bytes
	 */
	int size() {
		return this.size;
	}

	byte[] toByteArray() {
		return Arrays.copyOf(this.buffer, this.size);
	}

	/**
	 * The memory that is written to: the message is its first {@link #size()} bytes.
	 * Spares a copy of what can be 10 MiB.
	 * @return valid until more is written
	 */
	byte[] buffer() {
		return this.buffer;
	}

}
