package dev.apm4j.export.whatap;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The hashes of the format.
 */
final class WireHash {

	/** The polynomial of the ordinary CRC-32. */
	private static final int POLYNOMIAL = 0xedb88320;

	private static final int[] TABLE = table();

	private WireHash() {
	}

	/** The hash of a URL or another text: the ordinary CRC-32 of its UTF-8, signed. */
	static int hash32(String text) {
		CRC32 crc = new CRC32();
		crc.update(text.getBytes(StandardCharsets.UTF_8));
		return (int) crc.getValue();
	}

	/**
	 * The hash of tags: a CRC-32 whose register has 64 bits and whose table is extended
	 * by its sign. Source: golib's {@code hash.Hash64}.
	 */
	static long hash64(byte[] bytes, int from, int to) {
		long register = -1;
		for (int i = from; i < to; i++) {
			register = (register >>> 8) ^ TABLE[(int) (register ^ bytes[i]) & 0xff];
		}
		return ~register;
	}

	private static int[] table() {
		int[] table = new int[256];
		for (int i = 0; i < table.length; i++) {
			int value = i;
			for (int bit = 0; bit < 8; bit++) {
				value = ((value & 1) != 0) ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
			}
			table[i] = value;
		}
		return table;
	}

}
