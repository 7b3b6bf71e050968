package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WireWriterTests {

	private static final int ROUNDS = 20_000;

	private static final String[] CHARACTERS = { "a", "=", "\n", "\u00e9", "\uac00", "\ud83d\ude00", "\ud83d",
			"\ude00" };

	private final Random random = new Random(5);

	@Test
	void primitivesAreWrittenAsTheLibraryWritesThem() throws Exception {
		for (String[] vector : Vectors.lines("primitives.txt")) {
			WireWriter writer = new WireWriter(1 << 17);
			write(writer, vector[0], vector[1]);
			assertThat(writer.isOverflowed()).isFalse();
			byte[] written = bytes(writer);
			String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(written));
			assertThat(vector[2].contains(":") ? written.length + ":" + digest : HexFormat.of().formatHex(written))
				.as(vector[0] + " " + vector[1])
				.isEqualTo(vector[2]);
		}
	}

	@Test
	void numbersSurviveWritingAndReading() {
		WireWriter writer = new WireWriter(1024);
		for (int round = 0; round < ROUNDS; round++) {
			// Of all lengths, which random numbers of 64 bits are not.
			long number = this.random.nextLong() >> this.random.nextInt(64);
			writer.rollback(0);
			writer.writeDecimal(number);
			writer.writeLong5(number >> 24);
			writer.writeInt3((int) (number >> 40));
			writer.writeFloat(Float.intBitsToFloat((int) number));
			writer.writeNumberText(number);
			writer.writeDouble(number);
			WireReader reader = new WireReader(writer.written());
			assertThat(reader.readDecimal()).isEqualTo(number);
			assertThat(reader.readLong5()).isEqualTo(number >> 24);
			assertThat(reader.readInt3()).isEqualTo((int) (number >> 40));
			assertThat(reader.readFloat()).isEqualTo(Float.valueOf(Float.intBitsToFloat((int) number)));
			assertThat(reader.readShortText()).isEqualTo((number == 0) ? "" : Long.toString(number));
			assertThat(reader.readDouble()).isEqualTo(number);
			reader.end();
		}
	}

	@Test
	void leastLongIsAText() {
		WireWriter writer = new WireWriter(64);
		writer.writeNumberText(Long.MIN_VALUE);
		assertThat(new WireReader(writer.written()).readShortText()).isEqualTo("-9223372036854775808");
	}

	@Test
	void textsAreCutBetweenCharactersAndNeverTooLong() {
		WireWriter writer = new WireWriter(2048);
		for (int round = 0; round < ROUNDS; round++) {
			String text = randomText(this.random.nextInt(60));
			int limit = this.random.nextInt(80);
			writer.rollback(0);
			writer.writeShortText(text, limit);
			writer.writeText(text, limit);
			WireReader reader = new WireReader(writer.written());
			String read = reader.readShortText();
			assertThat(reader.readText()).isEqualTo(read);
			reader.end();
			String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
			int length = read.getBytes(StandardCharsets.UTF_8).length;
			assertThat(length).isLessThanOrEqualTo(limit);
			assertThat(whole).startsWith(read);
			// What was cut off would not have fitted.
			if (read.length() < whole.length()) {
				String next = Character.toString(whole.codePointAt(read.length()));
				assertThat(length + next.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(limit);
			}
		}
	}

	@Test
	void blobsOfAllFormsOfLengthAreReadBack() {
		WireWriter writer = new WireWriter(1 << 17);
		for (int length : new int[] { 0, 1, 252, 253, 254, 255, 256, 65535, 65536 }) {
			byte[] blob = new byte[length];
			this.random.nextBytes(blob);
			writer.rollback(0);
			writer.writeBlob(blob);
			writer.writeByte(7);
			WireReader reader = new WireReader(writer.written());
			assertThat(reader.readBlob()).isEqualTo(blob);
			assertThat(reader.readByte()).isEqualTo(7);
		}
	}

	@Test
	void whatDoesNotFitIsNotWrittenAndCanBeTakenBack() {
		WireWriter writer = new WireWriter(16);
		writer.writeLong(1);
		writer.writeShortText("longer than that", 100);
		writer.writeByte(1);
		writer.insertDecimal(0, 5);
		assertThat(writer.isOverflowed()).isTrue();
		writer.rollback(8);
		assertThat(writer.isOverflowed()).isFalse();
		writer.writeLong(2);
		assertThat(bytes(writer)).hasSize(16).endsWith(2);
	}

	private String randomText(int length) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.append(CHARACTERS[this.random.nextInt(CHARACTERS.length)]);
		}
		return text.toString();
	}

	private static void write(WireWriter writer, String method, String input) {
		long number = input.matches("-?\\d+") ? Long.parseLong(input) : 0;
		switch (method) {
			case "WriteDecimal" -> writer.writeDecimal(number);
			case "WriteByte" -> writer.writeByte((int) number);
			case "WriteBool" -> writer.writeBool(Boolean.parseBoolean(input));
			case "WriteShort", "WriteUShort" -> writer.writeShort((int) number);
			case "WriteInt3" -> writer.writeInt3((int) number);
			case "WriteInt" -> writer.writeInt((int) number);
			case "WriteLong5" -> writer.writeLong5(number);
			case "WriteLong" -> writer.writeLong(number);
			case "WriteFloat" -> writer.writeFloat(Float.intBitsToFloat(Integer.parseUnsignedInt(input, 5, 13, 16)));
			case "WriteDouble" -> writer.writeDouble(Double.longBitsToDouble(Long.parseUnsignedLong(input, 5, 21, 16)));
			case "WriteText" -> writer.writeText(text(input), Integer.MAX_VALUE);
			case "WriteTextShortLength" -> writer.writeShortText(text(input), Integer.MAX_VALUE);
			case "WriteBlob" -> writer.writeBlob(blob(input));
			case "WriteShortBytes" -> writer.writeShortBytes(blob(input));
			default -> writeArray(writer, method, input.equals("null") ? new String[0] : input.split(","));
		}
	}

	/** A count and the numbers. */
	private static void writeArray(WireWriter writer, String method, String[] numbers) {
		writer.writeShort(numbers.length);
		for (String number : numbers) {
			switch (method) {
				case "WriteShortArray" -> writer.writeShort(Integer.parseInt(number));
				case "WriteLongArray" -> writer.writeLong(Long.parseLong(number));
				case "WriteDoubleArray" -> writer.writeDouble(Double.parseDouble(number));
				default -> throw new IllegalStateException(method);
			}
		}
	}

	private static String text(String input) {
		String[] parts = input.split(":");
		String text = (parts.length > 1) ? new String(HexFormat.of().parseHex(parts[1]), StandardCharsets.UTF_8) : "";
		return parts[0].equals("repeat") ? text.repeat(Integer.parseInt(parts[2])) : text;
	}

	private static byte[] blob(String input) {
		if (input.equals("null")) {
			return null;
		}
		byte[] bytes = new byte[Integer.parseInt(input.substring("bytes:".length()))];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) i;
		}
		return bytes;
	}

	private static byte[] bytes(WireWriter writer) {
		ByteBuffer written = writer.written();
		byte[] bytes = new byte[written.remaining()];
		written.get(bytes);
		return bytes;
	}

}
