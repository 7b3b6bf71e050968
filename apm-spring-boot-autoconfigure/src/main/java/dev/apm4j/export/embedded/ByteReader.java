package dev.apm4j.export.embedded;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ByteWriter} wrote.
 */
final class ByteReader {

	static final int LENGTH_BYTES = 3;

	private final StringTable table;

	private final byte[] data;

	private int position;

	ByteReader(StringTable table, byte[] data, int position) {
		this.table = table;
		this.data = data;
		this.position = position;
	}

	int position() {
		return this.position;
	}

	boolean hasMore() {
		return this.position < this.data.length;
	}

	void skip(int bytes) {
		this.position += bytes;
	}

	int readByte() {
		return this.data[this.position++];
	}

	long readFixed() {
		long value = 0;
		for (int i = 0; i < 8; i++) {
			value = (value << 8) | (readByte() & 0xff);
		}
		return value;
	}

	int readLength() {
		return (readByte() & 0xff) << 16 | (readByte() & 0xff) << 8 | (readByte() & 0xff);
	}

	long readUnsigned() {
		long value = 0;
		for (int shift = 0;; shift += 7) {
			int next = readByte();
			value |= (next & 0x7fL) << shift;
			if (next >= 0) {
				return value;
			}
		}
	}

	long readSigned() {
		long value = readUnsigned();
		return (value >>> 1) ^ -(value & 1);
	}

	@Nullable String readOptional() {
		int mark = (int) readUnsigned();
		if (mark == ByteWriter.NO_STRING) {
			return null;
		}
		if (mark != ByteWriter.INLINE) {
			return this.table.string(mark - ByteWriter.FIRST_NUMBER);
		}
		int length = (int) readUnsigned();
		String string = new String(this.data, this.position, length, StandardCharsets.UTF_8);
		this.position += length;
		return string;
	}

	String readString() {
		String string = readOptional();
		return (string != null) ? string : "";
	}

}
