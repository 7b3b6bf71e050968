package dev.apm4j.export.whatap;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads primitives and values. Stricter than the agent: what it would read differently
 * from what was meant is an error, and so is a number that is longer than it need be.
 */
final class WireReader {

	private final ByteBuffer bytes;

	WireReader(ByteBuffer bytes) {
		this.bytes = bytes;
	}

	int remaining() {
		return this.bytes.remaining();
	}

	void end() {
		if (this.bytes.hasRemaining()) {
			throw new IllegalStateException(this.bytes.remaining() + " bytes too many");
		}
	}

	int readByte() {
		return (int) number(1);
	}

	boolean readBool() {
		int value = readByte();
		if (value != 0 && value != 1) {
			throw new IllegalStateException("Not a boolean: " + value);
		}
		return value == 1;
	}

	int readUnsignedByte() {
		return readByte() & 0xff;
	}

	int readUnsignedShort() {
		return (int) number(2) & 0xffff;
	}

	int readInt3() {
		return (int) number(3);
	}

	int readInt() {
		return (int) number(4);
	}

	long readLong5() {
		return number(5);
	}

	long readLong() {
		return number(8);
	}

	float readFloat() {
		return Float.intBitsToFloat(readInt());
	}

	double readDouble() {
		return Double.longBitsToDouble(readLong());
	}

	long readDecimal() {
		return readDecimal(readByte());
	}

	/** The rest of a decimal whose length was read. */
	long readDecimal(int length) {
		if (!List.of(0, 1, 2, 3, 4, 5, 8).contains(length)) {
			throw new IllegalStateException("Not a length of a decimal: " + length);
		}
		long value = (length == 0) ? 0 : number(length);
		int needed = (value == 0) ? 0 : BigInteger.valueOf(value).toByteArray().length;
		if (((needed > 5) ? 8 : needed) != length) {
			throw new IllegalStateException("A decimal longer than its number: " + value);
		}
		return value;
	}

	byte[] readBlob() {
		int first = readUnsignedByte();
		int length = (first == 0xff) ? readUnsignedShort() : (first == 0xfe) ? readInt() : first;
		if ((first == 0xff && length <= 253) || (first == 0xfe && length <= 0xffff)) {
			throw new IllegalStateException("A length longer than its number: " + length);
		}
		return bytes(length);
	}

	byte[] readShortBytes() {
		return bytes(readUnsignedShort());
	}

	String readText() {
		return text(readBlob());
	}

	String readShortText() {
		return text(readShortBytes());
	}

	WireValue readValue() {
		int type = readUnsignedByte();
		Object content = switch (type) {
			case ValueType.NULL -> "null";
			case ValueType.BOOL -> readBool();
			case ValueType.DECIMAL -> readDecimal();
			case ValueType.INT, ValueType.TEXT_HASH, ValueType.IP4 -> readInt();
			case ValueType.LONG -> readLong();
			case ValueType.FLOAT -> readFloat();
			case ValueType.DOUBLE -> readDouble();
			case ValueType.TEXT -> readText();
			case ValueType.BLOB -> HexFormat.of().formatHex(readBlob());
			case ValueType.LIST -> readList();
			case ValueType.MAP -> readEntries();
			default -> throw new IllegalStateException("Unknown value " + type);
		};
		return new WireValue(type, content);
	}

	Map<String, WireValue> readMap() {
		int type = readUnsignedByte();
		if (type != ValueType.MAP) {
			throw new IllegalStateException("Not a map: " + type);
		}
		return readEntries();
	}

	Map<String, WireValue> readEntries() {
		long count = readDecimal();
		Map<String, WireValue> map = new LinkedHashMap<>();
		for (long i = 0; i < count; i++) {
			String key = readText();
			if (map.put(key, readValue()) != null) {
				throw new IllegalStateException("Twice in a map: " + key);
			}
		}
		return map;
	}

	private List<WireValue> readList() {
		long count = readDecimal();
		List<WireValue> list = new ArrayList<>();
		for (long i = 0; i < count; i++) {
			list.add(readValue());
		}
		return list;
	}

	private long number(int length) {
		require(length);
		long value = this.bytes.get();
		for (int i = 1; i < length; i++) {
			value = (value << 8) | (this.bytes.get() & 0xff);
		}
		return value;
	}

	private byte[] bytes(int length) {
		require(length);
		byte[] read = new byte[length];
		this.bytes.get(read);
		return read;
	}

	private void require(int length) {
		if (length < 0 || length > this.bytes.remaining()) {
			throw new IllegalStateException(length + " bytes wanted, " + this.bytes.remaining() + " there");
		}
	}

	private static String text(byte[] utf8) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalStateException("Not UTF-8: " + HexFormat.of().formatHex(utf8), ex);
		}
	}

	/** A value of any type; the content of a blob is its hexadecimal text. */
	record WireValue(int type, Object content) {

		void writeTo(ValueWriter writer) {
			switch (this.type) {
				case ValueType.NULL -> writer.writeNull();
				case ValueType.BOOL -> writer.writeBool((Boolean) this.content);
				case ValueType.DECIMAL -> writer.writeDecimal((Long) this.content);
				case ValueType.INT -> writer.writeInt((Integer) this.content);
				case ValueType.TEXT_HASH -> writer.writeTextHash((Integer) this.content);
				case ValueType.IP4 -> writer.writeIp4((Integer) this.content);
				case ValueType.LONG -> writer.writeLong((Long) this.content);
				case ValueType.FLOAT -> writer.writeFloat((Float) this.content);
				case ValueType.DOUBLE -> writer.writeDouble((Double) this.content);
				case ValueType.TEXT -> writer.writeText((String) this.content);
				case ValueType.BLOB -> writer.writeBlob(HexFormat.of().parseHex((String) this.content));
				case ValueType.LIST -> {
					List<?> list = (List<?>) this.content;
					writer.beginList(list.size());
					list.forEach((value) -> ((WireValue) value).writeTo(writer));
				}
				case ValueType.MAP -> {
					Map<?, ?> map = (Map<?, ?>) this.content;
					writer.beginMap(map.size());
					map.forEach((key, value) -> {
						writer.writeKey((String) key);
						((WireValue) value).writeTo(writer);
					});
				}
				default -> throw new IllegalStateException("Unknown value " + this.type);
			}
		}

	}

}
