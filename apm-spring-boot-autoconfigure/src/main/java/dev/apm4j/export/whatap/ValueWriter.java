package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * Writes values: the byte of their type, then the value. Source: golib's
 * {@code value.WriteValue}. Reused by one thread.
 */
final class ValueWriter {

	/** Bytes of a text; a log line, for one. */
	static final int MAX_TEXT = 32 * 1024;

	/** Bytes of a key. */
	static final int MAX_KEY = 255;

	private final WireWriter writer;

	private final MapWriter map = new MapWriter(this);

	ValueWriter(WireWriter writer) {
		this.writer = writer;
	}

	void writeNull() {
		this.writer.writeByte(ValueType.NULL);
	}

	void writeBool(boolean value) {
		this.writer.writeByte(ValueType.BOOL);
		this.writer.writeBool(value);
	}

	void writeDecimal(long value) {
		this.writer.writeByte(ValueType.DECIMAL);
		this.writer.writeDecimal(value);
	}

	void writeInt(int value) {
		this.writer.writeByte(ValueType.INT);
		this.writer.writeInt(value);
	}

	void writeLong(long value) {
		this.writer.writeByte(ValueType.LONG);
		this.writer.writeLong(value);
	}

	void writeFloat(float value) {
		this.writer.writeByte(ValueType.FLOAT);
		this.writer.writeFloat(value);
	}

	void writeDouble(double value) {
		this.writer.writeByte(ValueType.DOUBLE);
		this.writer.writeDouble(value);
	}

	void writeText(@Nullable String text) {
		this.writer.writeByte(ValueType.TEXT);
		this.writer.writeText(text, MAX_TEXT);
	}

	void writeTextHash(int hash) {
		this.writer.writeByte(ValueType.TEXT_HASH);
		this.writer.writeInt(hash);
	}

	void writeBlob(byte @Nullable [] bytes) {
		this.writer.writeByte(ValueType.BLOB);
		this.writer.writeBlob(bytes);
	}

	/** An IPv4 address, its first number in the highest byte. */
	void writeIp4(int address) {
		this.writer.writeByte(ValueType.IP4);
		this.writer.writeInt(address);
	}

	/** Begins a list, whose values follow. */
	void beginList(int count) {
		this.writer.writeByte(ValueType.LIST);
		this.writer.writeDecimal(count);
	}

	/** Begins a map, of which for each entry the key and the value follow. */
	void beginMap(int count) {
		this.writer.writeByte(ValueType.MAP);
		this.writer.writeDecimal(count);
	}

	void writeKey(String key) {
		this.writer.writeText(key, MAX_KEY);
	}

	/**
	 * Writes a map of which the number of entries is known when they are written.
	 * @param content writes the entries
	 * @return how many there were
	 */
	int writeMap(MapContent content) {
		this.writer.writeByte(ValueType.MAP);
		return writeEntries(content);
	}

	/** Writes the entries of a map and their number, without the type. */
	int writeEntries(MapContent content) {
		int start = this.writer.position();
		this.map.begin();
		content.writeTo(this.map);
		this.writer.insertDecimal(start, this.map.count());
		return this.map.count();
	}

}
