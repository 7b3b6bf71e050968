package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.apm4j.export.whatap.WireReader.WireValue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ValueWriterTests {

	private static final int[] TYPES = { ValueType.NULL, ValueType.BOOL, ValueType.DECIMAL, ValueType.INT,
			ValueType.LONG, ValueType.FLOAT, ValueType.DOUBLE, ValueType.TEXT, ValueType.TEXT_HASH, ValueType.BLOB,
			ValueType.IP4, ValueType.LIST, ValueType.MAP };

	private final Random random = new Random(20106);

	private final WireWriter writer = new WireWriter(1 << 20);

	private final ValueWriter values = new ValueWriter(this.writer);

	@Test
	void valuesAreWrittenAsTheLibraryWritesThemAndReadBack() {
		for (String[] vector : Vectors.lines("values.txt")) {
			String hex = vector[1];
			WireValue value = value(vector[0], vector[2]);
			this.writer.rollback(0);
			value.writeTo(this.values);
			assertThat(hex()).as(vector[0] + " " + vector[2]).isEqualTo(hex);
			WireReader reader = new WireReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
			assertThat(reader.readValue()).isEqualTo(value);
			reader.end();
		}
	}

	@Test
	void entriesOfAMapAreCounted() {
		int count = this.values
			.writeMap((map) -> map.put("pid", "4242").put("max", 65535).put("pct", 1.25).put("on", true));
		assertThat(count).isEqualTo(4);
		Map<String, WireValue> map = new WireReader(this.writer.written()).readMap();
		assertThat(map.keySet()).containsExactly("pid", "max", "pct", "on");
		assertThat(map.get("max")).isEqualTo(new WireValue(ValueType.DECIMAL, 65535L));
		assertThat(map.get("pct")).isEqualTo(new WireValue(ValueType.DOUBLE, 1.25));
	}

	@Test
	void mapOfManyEntriesHasALongerCount() {
		this.values.writeMap((map) -> {
			for (int i = 0; i < 300; i++) {
				map.put("k" + i, i);
			}
		});
		WireReader reader = new WireReader(this.writer.written());
		assertThat(reader.readMap()).hasSize(300).containsEntry("k299", new WireValue(ValueType.DECIMAL, 299L));
		reader.end();
	}

	@Test
	void randomValuesSurviveWritingAndReading() {
		for (int round = 0; round < 5000; round++) {
			WireValue value = randomValue(0);
			this.writer.rollback(0);
			value.writeTo(this.values);
			WireReader reader = new WireReader(this.writer.written());
			assertThat(reader.readValue()).isEqualTo(value);
			reader.end();
		}
	}

	@Test
	void readerTakesNothingThatIsNotExactlyRight() {
		assertThatIllegalStateException().isThrownBy(() -> read("0b")).withMessageContaining("Unknown value");
		assertThatIllegalStateException().isThrownBy(() -> read("0a02")).withMessageContaining("boolean");
		assertThatIllegalStateException().isThrownBy(() -> read("1406")).withMessageContaining("length of a decimal");
		assertThatIllegalStateException().isThrownBy(() -> read("14020001")).withMessageContaining("longer");
		assertThatIllegalStateException().isThrownBy(() -> read("3205616263")).withMessageContaining("wanted");
		assertThatIllegalStateException().isThrownBy(() -> read("3201ff")).withMessageContaining("UTF-8");
		assertThatIllegalStateException().isThrownBy(() -> read("1500000007aa")).withMessageContaining("too many");
	}

	private static void read(String hex) {
		WireReader reader = new WireReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
		reader.readValue();
		reader.end();
	}

	private String hex() {
		ByteBuffer written = this.writer.written();
		byte[] bytes = new byte[written.remaining()];
		written.get(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	private WireValue randomValue(int depth) {
		int type = TYPES[this.random.nextInt((depth < 3) ? TYPES.length : TYPES.length - 2)];
		long number = this.random.nextLong() >> this.random.nextInt(64);
		Object content = switch (type) {
			case ValueType.NULL -> "null";
			case ValueType.BOOL -> this.random.nextBoolean();
			case ValueType.DECIMAL, ValueType.LONG -> number;
			case ValueType.FLOAT -> (float) number;
			case ValueType.DOUBLE -> this.random.nextGaussian();
			case ValueType.TEXT -> "t\uac00\ud83d\ude00".repeat(this.random.nextInt(60));
			case ValueType.BLOB -> "0f".repeat(this.random.nextInt(600));
			case ValueType.LIST -> randomList(depth);
			case ValueType.MAP -> randomMap(depth);
			default -> (int) number;
		};
		return new WireValue(type, content);
	}

	private List<WireValue> randomList(int depth) {
		List<WireValue> list = new ArrayList<>();
		int size = this.random.nextInt(5);
		for (int i = 0; i < size; i++) {
			list.add(randomValue(depth + 1));
		}
		return list;
	}

	private Map<String, WireValue> randomMap(int depth) {
		Map<String, WireValue> map = new LinkedHashMap<>();
		randomList(depth).forEach((value) -> map.put("key\u00e9" + map.size(), value));
		return map;
	}

	private static WireValue value(String type, String input) {
		return switch (type) {
			case "null" -> new WireValue(ValueType.NULL, "null");
			case "bool" -> new WireValue(ValueType.BOOL, Boolean.valueOf(input));
			case "decimal" -> new WireValue(ValueType.DECIMAL, Long.valueOf(input));
			case "int" -> new WireValue(ValueType.INT, Integer.valueOf(input));
			case "long" -> new WireValue(ValueType.LONG, Long.valueOf(input));
			case "float" -> new WireValue(ValueType.FLOAT, Float.valueOf(input));
			case "double" -> new WireValue(ValueType.DOUBLE, Double.valueOf(input));
			case "text" -> new WireValue(ValueType.TEXT, input);
			case "texthash" -> new WireValue(ValueType.TEXT_HASH, Integer.valueOf(input));
			case "blob" -> new WireValue(ValueType.BLOB, input);
			case "ip4" -> new WireValue(ValueType.IP4, 0x7f000001);
			case "list" -> new WireValue(ValueType.LIST,
					List.of(new WireValue(ValueType.TEXT, "a"), new WireValue(ValueType.DECIMAL, 300L)));
			default -> new WireValue(ValueType.MAP, input.equals("{}") ? Map.of() : mapOfTheVector());
		};
	}

	private static Map<String, WireValue> mapOfTheVector() {
		Map<String, WireValue> map = new LinkedHashMap<>();
		map.put("pid", new WireValue(ValueType.TEXT, "4242"));
		map.put("max", new WireValue(ValueType.DECIMAL, 65535L));
		map.put("pct", new WireValue(ValueType.DOUBLE, 1.25));
		return map;
	}

}
