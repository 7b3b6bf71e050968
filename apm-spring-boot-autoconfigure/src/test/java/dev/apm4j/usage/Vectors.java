package dev.apm4j.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Lines of a file of vectors.
 */
final class Vectors {

	private Vectors() {
	}

	static List<String[]> read(String file) {
		try (InputStream in = Vectors.class.getResourceAsStream(file)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("\t", -1))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static byte[] message(String name) {
		return read("messages.txt").stream()
			.filter((line) -> line[0].startsWith(name))
			.map((line) -> HexFormat.of().parseHex(line[2]))
			.findFirst()
			.orElseThrow();
	}

}
