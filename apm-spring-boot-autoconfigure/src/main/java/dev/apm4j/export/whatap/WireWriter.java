package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Writes the primitives of golib's {@code DataOutputX}, big-endian, into one array of a
 * fixed size, without anything in between. What doesn't fit isn't written: from there on
 * {@link #isOverflowed()} is true until {@link #rollback}. Reused by one thread.
 */
final class WireWriter {

	/** Longest text with two bytes of length. */
	static final int MAX_SHORT_TEXT = 0xffff;

	/** Longest blob with one byte of length; 254 and 255 mark the other forms. */
	private static final int MAX_SHORT_BLOB = 253;

	private static final int TWO_BYTES_FOLLOW = 0xff;

	private static final int FOUR_BYTES_FOLLOW = 0xfe;

	private final byte[] buffer;

	private final ByteBuffer view;

	private int size;

	private boolean overflowed;

	/**
	 * Creates a writer.
	 * @param capacity the most bytes it holds
	 */
	WireWriter(int capacity) {
		this.buffer = new byte[capacity];
		this.view = ByteBuffer.wrap(this.buffer);
	}

	int position() {
		return this.size;
	}

	boolean isOverflowed() {
		return this.overflowed;
	}

	/** Takes back all that was written after a position. */
	void rollback(int position) {
		this.size = position;
		this.overflowed = false;
	}

	/** What was written; valid until the next write. */
	ByteBuffer written() {
		return this.view.clear().limit(this.size);
	}

	/** The hash of what was written after a position. */
	long hash64Since(int position) {
		return WireHash.hash64(this.buffer, position, this.size);
	}

	void writeByte(int value) {
		write(value, 1);
	}

	void writeBool(boolean value) {
		write(value ? 1 : 0, 1);
	}

	/** Signed or not: the lower 16 bits. */
	void writeShort(int value) {
		write(value, 2);
	}

	void writeInt3(int value) {
		write(value, 3);
	}

	void writeInt(int value) {
		write(value, 4);
	}

	void writeLong5(long value) {
		write(value, 5);
	}

	void writeLong(long value) {
		write(value, 8);
	}

	void writeFloat(float value) {
		write(Float.floatToRawIntBits(value), 4);
	}

	void writeDouble(double value) {
		write(Double.doubleToRawLongBits(value), 8);
	}

	/** The number of bytes, then as many as the number needs; zero needs none. */
	void writeDecimal(long value) {
		int bytes = decimalBytes(value);
		write(bytes, 1);
		write(value, bytes);
	}

	/** Puts a decimal before what was written since a position. */
	void insertDecimal(int position, long value) {
		int bytes = 1 + decimalBytes(value);
		if (makeRoom(position, bytes)) {
			int end = this.size;
			this.size = position;
			writeDecimal(value);
			this.size = end;
		}
	}

	void writeBlob(byte @Nullable [] bytes) {
		int start = this.size;
		writeBytes(bytes);
		insertBlobLength(start);
	}

	/**
	 * Writes a text with a blob's length.
	 * @param text the text; {@code null} is the same as empty
	 * @param maxBytes the most bytes of UTF-8; cut between characters
	 */
	void writeText(@Nullable String text, int maxBytes) {
		int start = this.size;
		appendText(text, maxBytes);
		insertBlobLength(start);
	}

	/**
	 * Writes a text with two bytes of length.
	 * @param text the text; {@code null} is the same as empty
	 * @param maxBytes the most bytes of UTF-8; cut between characters
	 */
	void writeShortText(@Nullable String text, int maxBytes) {
		int start = beginShortText();
		appendText(text, Math.min(maxBytes, MAX_SHORT_TEXT));
		endShortText(start);
	}

	/** A number as bodies of packets have it: decimal text, and zero is empty. */
	void writeNumberText(long value) {
		int start = beginShortText();
		if (value != 0) {
			appendNumber(value);
		}
		endShortText(start);
	}

	/** Begins a text that is written in pieces. */
	int beginShortText() {
		int start = this.size;
		write(0, 2);
		return start;
	}

	/** Ends a text, with what {@link #beginShortText()} returned. */
	void endShortText(int start) {
		int length = this.size - start - 2;
		this.overflowed = this.overflowed || length > MAX_SHORT_TEXT;
		if (!this.overflowed) {
			this.buffer[start] = (byte) (length >>> 8);
			this.buffer[start + 1] = (byte) length;
		}
	}

	/** Fills in a length that was left open. */
	void patchInt(int position, int value) {
		for (int i = 0; i < 4; i++) {
			this.buffer[position + i] = (byte) (value >>> (24 - 8 * i));
		}
	}

	void appendNumber(long value) {
		// Below zero there is one number more, the least long.
		long rest = (value < 0) ? value : -value;
		int digits = 1;
		for (long more = rest / 10; more != 0; more /= 10) {
			digits++;
		}
		if (value < 0) {
			write('-', 1);
		}
		if (hasRoom(digits)) {
			for (int i = this.size + digits - 1; i >= this.size; i--) {
				this.buffer[i] = (byte) ('0' - rest % 10);
				rest /= 10;
			}
			this.size += digits;
		}
	}

	void appendText(@Nullable String text, int maxBytes) {
		appendText(text, maxBytes, Replacement.NONE);
	}

	/**
	 * Appends the UTF-8 of a text, without a length. A surrogate without its other half
	 * becomes a question mark.
	 * @param text the text, or {@code null}
	 * @param maxBytes the most bytes; cut between characters
	 * @param replacement what is written for each character
	 */
	void appendText(@Nullable String text, int maxBytes, Replacement replacement) {
		if (text == null) {
			return;
		}
		long end = (long) this.size + maxBytes;
		int i = 0;
		while (i < text.length()) {
			int original = text.codePointAt(i);
			int character = replacement.of(original);
			int bytes = utf8Bytes(character);
			if (this.size + bytes > end || !hasRoom(bytes)) {
				return;
			}
			appendCharacter(character, bytes);
			i += Character.charCount(original);
		}
	}

	void writeShortBytes(byte @Nullable [] bytes) {
		writeShort((bytes != null) ? bytes.length : 0);
		writeBytes(bytes);
	}

	void writeIntBytes(byte @Nullable [] bytes) {
		writeInt((bytes != null) ? bytes.length : 0);
		writeBytes(bytes);
	}

	private void writeBytes(byte @Nullable [] bytes) {
		if (bytes != null && hasRoom(bytes.length)) {
			System.arraycopy(bytes, 0, this.buffer, this.size, bytes.length);
			this.size += bytes.length;
		}
	}

	private void write(long value, int bytes) {
		if (hasRoom(bytes)) {
			for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
				this.buffer[this.size++] = (byte) (value >>> shift);
			}
		}
	}

	private void appendCharacter(int character, int bytes) {
		if (bytes == 1) {
			// Half a pair has no UTF-8.
			this.buffer[this.size++] = (byte) ((character < 0x80) ? character : '?');
			return;
		}
		int shift = 6 * (bytes - 1);
		int lead = (0xf00 >> bytes) & 0xff;
		this.buffer[this.size++] = (byte) (lead | (character >>> shift));
		for (shift -= 6; shift >= 0; shift -= 6) {
			this.buffer[this.size++] = (byte) (0x80 | ((character >>> shift) & 0x3f));
		}
	}

	private static int utf8Bytes(int character) {
		if (character < 0x80 || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)) {
			return 1;
		}
		return (character < 0x800) ? 2 : (character < 0x10000) ? 3 : 4;
	}

	private void insertBlobLength(int start) {
		int length = this.size - start;
		int bytes = (length <= MAX_SHORT_BLOB) ? 1 : (length <= 0xffff) ? 3 : 5;
		if (makeRoom(start, bytes)) {
			int end = this.size;
			this.size = start;
			if (bytes > 1) {
				write((bytes == 3) ? TWO_BYTES_FOLLOW : FOUR_BYTES_FOLLOW, 1);
			}
			write(length, Math.max(1, bytes - 1));
			this.size = end;
		}
	}

	private boolean makeRoom(int position, int bytes) {
		if (!hasRoom(bytes)) {
			return false;
		}
		System.arraycopy(this.buffer, position, this.buffer, position + bytes, this.size - position);
		this.size += bytes;
		return true;
	}

	private boolean hasRoom(int bytes) {
		this.overflowed = this.overflowed || bytes > this.buffer.length - this.size;
		return !this.overflowed;
	}

	private static int decimalBytes(long value) {
		if (value == 0) {
			return 0;
		}
		// All bits but the sign's.
		int bits = Long.SIZE - Long.numberOfLeadingZeros((value < 0) ? ~value : value);
		int bytes = bits / 8 + 1;
		return (bytes > 5) ? 8 : bytes;
	}

	/** What is written in place of a character. */
	interface Replacement {

		Replacement NONE = (character) -> character;

		/** A value with a line break could pass for another entry. */
		Replacement ON_ONE_LINE = (character) -> (character < ' ') ? ' ' : character;

		int of(int character);

	}

}
