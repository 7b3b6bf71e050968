package dev.apm4j.export.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Writes the store's binary form: variable-length integers, and strings by their number
 * in the {@link StringTable} or as UTF-8. Reused by one thread.
 */
final class ByteWriter {

	/** Marks {@code null}. */
	static final int NO_STRING = 0;

	/** Marks a string that is written out. */
	static final int INLINE = 1;

	/** Added to the number of a string in the table. */
	static final int FIRST_NUMBER = 2;

	/** Users can raise the tracer's own limit; this one protects the store. */
	private static final int MAX_TEXT = 16 * 1024;

	private static final int INITIAL = 4 * 1024;

	/** A buffer that one huge segment has grown is not kept. */
	private static final int KEEP = 256 * 1024;

	private final StringTable table;

	private byte[] buffer = new byte[INITIAL];

	private int size;

	ByteWriter(StringTable table) {
		this.table = table;
	}

	void clear() {
		this.size = 0;
		if (this.buffer.length > KEEP) {
			this.buffer = new byte[INITIAL];
		}
	}

	int size() {
		return this.size;
	}

	/** Takes back what was written after a position. */
	void truncate(int newSize) {
		this.size = newSize;
	}

	byte[] toBytes() {
		return Arrays.copyOf(this.buffer, this.size);
	}

	void writeByte(int value) {
		room(1);
		this.buffer[this.size++] = (byte) value;
	}

	void writeFixed(long value) {
		room(8);
		for (int shift = 56; shift >= 0; shift -= 8) {
			this.buffer[this.size++] = (byte) (value >>> shift);
		}
	}

	/** Leaves room for a length that is known later. */
	int reserveLength() {
		room(ByteReader.LENGTH_BYTES);
		this.size += ByteReader.LENGTH_BYTES;
		return this.size;
	}

	/** Fills in the length of what was written since {@link #reserveLength()}. */
	void writeLength(int start) {
		int length = this.size - start;
		this.buffer[start - 3] = (byte) (length >>> 16);
		this.buffer[start - 2] = (byte) (length >>> 8);
		this.buffer[start - 1] = (byte) length;
	}

	void writeUnsigned(long value) {
		room(10);
		long rest = value;
		while ((rest & ~0x7fL) != 0) {
			this.buffer[this.size++] = (byte) (rest | 0x80);
			rest >>>= 7;
		}
		this.buffer[this.size++] = (byte) rest;
	}

	void writeSigned(long value) {
		writeUnsigned((value << 1) ^ (value >> 63));
	}

	/** Writes a string that many spans share. */
	void writeShared(String string) {
		int number = this.table.numberOf(string);
		if (number >= 0) {
			writeUnsigned(FIRST_NUMBER + number);
		}
		else {
			writeText(string);
		}
	}

	/** Writes a string that is likely to be the only one of its kind. */
	void writeText(@Nullable String string) {
		if (string == null) {
			writeUnsigned(NO_STRING);
			return;
		}
		String text = (string.length() > MAX_TEXT) ? string.substring(0, MAX_TEXT) : string;
		writeUnsigned(INLINE);
		if (writeAscii(text)) {
			return;
		}
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		writeUnsigned(utf8.length);
		room(utf8.length);
		System.arraycopy(utf8, 0, this.buffer, this.size, utf8.length);
		this.size += utf8.length;
	}

	/** Most text is ASCII, and needs no array in between. */
	private boolean writeAscii(String text) {
		int start = this.size;
		int length = text.length();
		writeUnsigned(length);
		room(length);
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				this.size = start;
				return false;
			}
			this.buffer[this.size++] = (byte) c;
		}
		return true;
	}

	private void room(int bytes) {
		if (this.size + bytes > this.buffer.length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.size + bytes, this.buffer.length * 2));
		}
	}

}
