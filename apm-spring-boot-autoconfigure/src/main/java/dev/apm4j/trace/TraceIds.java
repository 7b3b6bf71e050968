package dev.apm4j.trace;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Random ids and their lower-case hexadecimal form, as W3C Trace Context level 2
 * (sections 3.2.2.3 and 3.2.2.4) defines them: 16 bytes for a trace, 8 for a span, never
 * all zero.
 */
public final class TraceIds {

	private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	private TraceIds() {
	}

	static long random() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long id = random.nextLong();
		while (id == 0) {
			id = random.nextLong();
		}
		return id;
	}

	/**
	 * The 16 hexadecimal digits of a 64-bit id.
	 * @param id the id
	 * @return 16 lower-case digits
	 */
	public static String toHex(long id) {
		// It makes a string without copying the digits.
		return HexFormat.of().toHexDigits(id);
	}

	/**
	 * The 32 hexadecimal digits of a 128-bit id.
	 * @param high the leftmost 64 bits
	 * @param low the rightmost 64 bits
	 * @return 32 lower-case digits
	 */
	public static String toHex(long high, long low) {
		byte[] bytes = new byte[16];
		for (int i = 7; i >= 0; i--) {
			bytes[i] = (byte) high;
			bytes[i + 8] = (byte) low;
			high >>>= 8;
			low >>>= 8;
		}
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Writes the 16 hexadecimal digits of an id into a buffer.
	 * @param target the buffer, ISO-8859-1
	 * @param offset where the first digit goes
	 * @param id the id
	 */
	public static void write(byte[] target, int offset, long id) {
		for (int i = 15; i >= 0; i--) {
			target[offset + i] = DIGITS[(int) (id & 0xf)];
			id >>>= 4;
		}
	}

	/**
	 * Whether a part of a text is lower-case hexadecimal, the only form that W3C Trace
	 * Context allows.
	 * @param text the text
	 * @param from first index
	 * @param to index behind the last digit
	 * @return {@code true} if every character is one of {@code 0-9a-f}
	 */
	public static boolean isLowerHex(CharSequence text, int from, int to) {
		for (int i = from; i < to; i++) {
			char c = text.charAt(i);
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
				return false;
			}
		}
		return to > from;
	}

	/**
	 * Reads up to 16 hexadecimal digits, upper or lower case.
	 * @param text the text
	 * @param from first index
	 * @param to index behind the last digit
	 * @return the id, or 0, which is no valid id, if there is anything but digits
	 */
	public static long parse(CharSequence text, int from, int to) {
		if (to - from > 16 || to <= from) {
			return 0;
		}
		long id = 0;
		for (int i = from; i < to; i++) {
			int digit = digit(text.charAt(i));
			if (digit < 0) {
				return 0;
			}
			id = (id << 4) | digit;
		}
		return id;
	}

	/** Not {@code Character.digit}, which knows all of Unicode and takes its time. */
	private static int digit(char c) {
		if (c >= '0' && c <= '9') {
			return c - '0';
		}
		int letter = c | 0x20;
		return (letter >= 'a' && letter <= 'f') ? letter - 'a' + 10 : -1;
	}

	/**
	 * A 128-bit id for a trace id that is no hexadecimal number (SkyWalking's are free
	 * strings), the same in every process, so that formats which know only numbers can
	 * carry such a trace on.
	 * @param foreignId the free string
	 * @return the id
	 */
	static UUID hash(String foreignId) {
		return UUID.nameUUIDFromBytes(foreignId.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Whether two trace ids name the same trace: they are equal, or one is the number
	 * that stands for the other.
	 */
	static boolean sameTrace(String one, String other) {
		return one.equals(other) || isHashOf(one, other) || isHashOf(other, one);
	}

	private static boolean isHashOf(String number, String foreignId) {
		if (!isNumber(number) || isNumber(foreignId)) {
			return false;
		}
		UUID hash = hash(foreignId);
		return parse(number, 0, 16) == hash.getMostSignificantBits()
				&& parse(number, 16, 32) == hash.getLeastSignificantBits();
	}

	/** The rightmost 64 bits of a trace id, or of the number that stands for it. */
	static long low(String traceId) {
		return isNumber(traceId) ? parse(traceId, 16, 32) : hash(traceId).getLeastSignificantBits();
	}

	static boolean isNumber(String traceId) {
		return traceId.length() == 32 && isLowerHex(traceId, 0, 32);
	}

}
