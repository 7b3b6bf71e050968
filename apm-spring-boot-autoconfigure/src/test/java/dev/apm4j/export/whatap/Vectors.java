package dev.apm4j.export.whatap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What WhaTap's own library writes, from the resources beside this class.
 */
final class Vectors {

	private Vectors() {
	}

	/** Lines of three parts: what, and two that the file's head explains. */
	static List<String[]> lines(String name) {
		List<String[]> lines = new ArrayList<>();
		try (InputStream in = Vectors.class.getResourceAsStream(name);
				BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				if (!line.startsWith("#")) {
					lines.add(line.split(" ", 3));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return lines;
	}

	static List<PacketVector> packets() {
		List<PacketVector> packets = new ArrayList<>();
		for (String[] line : lines("packets.txt")) {
			String rest = (line.length > 2) ? line[1] + " " + line[2] : line[1];
			PacketVector last = packets.isEmpty() ? null : packets.get(packets.size() - 1);
			switch (line[0]) {
				case "packet" -> {
					String[] parts = rest.split(" ");
					packets.add(new PacketVector(parts[0], PacketType.valueOf(parts[1]),
							WireVersion.of(Integer.parseInt(parts[2])), parts[3], new ArrayList<>(),
							new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>()));
				}
				case "common" -> List.of(rest.split(" ")).forEach((number) -> last.common().add(Long.valueOf(number)));
				case "field" -> put(last.fields(), rest);
				case "tag" -> put(last.tags(), rest);
				case "entry" -> put(last.entries(), rest);
				default -> throw new IllegalStateException(line[0]);
			}
		}
		return packets;
	}

	private static void put(Map<String, String> into, String assignment) {
		String[] parts = assignment.split("=", 2);
		into.put(parts[0], parts[1].replace("\\n", "\n"));
	}

	/** A packet and what was put into it, more than its version has room for. */
	record PacketVector(String name, PacketType type, WireVersion version, String hex, List<Long> common,
			Map<String, String> fields, Map<String, String> tags, Map<String, String> entries) {

		ByteBuffer bytes() {
			return ByteBuffer.wrap(HexFormat.of().parseHex(this.hex));
		}

		String get(String field) {
			return this.fields.getOrDefault(field, "");
		}

		long number(String field) {
			return get(field).isEmpty() ? 0 : Long.parseLong(get(field));
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
