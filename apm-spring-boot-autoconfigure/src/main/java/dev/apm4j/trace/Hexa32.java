package dev.apm4j.trace;

/**
 * Ids as WhaTap writes them in headers and licences: a digit as it is, {@code x} and base
 * 32 for more, {@code z} and base 32 for less than zero. Source: golib's {@code hexa32}.
 */
public final class Hexa32 {

	private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";

	/** Of 64 bits, in digits of five. */
	private static final int HIGHEST_SHIFT = 60;

	private Hexa32() {
	}

	/**
	 * The text of a number.
	 * @param value the number
	 * @return at most 14 characters
	 */
	public static String encode(long value) {
		return append(value, new StringBuilder(14)).toString();
	}

	/**
	 * The text of several numbers, such as those of a project, a kind and an object.
	 * @param values the numbers
	 * @return their texts, separated by commas
	 */
	public static String encodeAll(long... values) {
		StringBuilder list = new StringBuilder(14 * values.length);
		for (long value : values) {
			append(value, list.isEmpty() ? list : list.append(','));
		}
		return list.toString();
	}

	/**
	 * Appends the text of a number, at most 14 characters.
	 * @param value the number
	 * @param target where to
	 * @return the target
	 */
	public static StringBuilder append(long value, StringBuilder target) {
		if (value >= 0 && value <= 9) {
			return target.append((char) ('0' + value));
		}
		target.append((value > 0) ? 'x' : 'z');
		// The least long has no positive counterpart, but an unsigned one.
		long magnitude = (value > 0) ? value : -value;
		int shift = HIGHEST_SHIFT;
		while (magnitude >>> shift == 0) {
			shift -= 5;
		}
		for (; shift >= 0; shift -= 5) {
			target.append(DIGITS.charAt((int) (magnitude >>> shift) & 31));
		}
		return target;
	}

	/**
	 * Reads what {@link #encode} has written, or a decimal number.
	 * @param text foreign text
	 * @return the number; as the library has it, 0 for what is none
	 */
	public static long decode(CharSequence text) {
		return decode(text, 0, text.length());
	}

	/**
	 * Reads a part of a text as {@link #decode(CharSequence)} does.
	 * @param text foreign text
	 * @param from first index
	 * @param to index behind the last character
	 * @return the number, or 0
	 */
	public static long decode(CharSequence text, int from, int to) {
		if (from >= to) {
			return 0;
		}
		char first = text.charAt(from);
		boolean base32 = first == 'x' || first == 'z';
		boolean negative = first == 'z' || first == '-';
		int start = (base32 || first == '-' || first == '+') ? from + 1 : from;
		long magnitude = magnitude(text, start, to, base32 ? 32 : 10);
		// Negative is here what only the least long can be.
		if (magnitude < 0 && !(negative && magnitude == Long.MIN_VALUE)) {
			return 0;
		}
		return negative ? -magnitude : magnitude;
	}

	private static long magnitude(CharSequence text, int from, int to, int radix) {
		long limit = Long.divideUnsigned(Long.MIN_VALUE, radix);
		long number = 0;
		for (int i = from; i < to; i++) {
			int digit = digit(text.charAt(i));
			if (digit < 0 || digit >= radix || number < 0 || number > limit) {
				return 0;
			}
			number = number * radix + digit;
		}
		return number;
	}

	/** Not {@code Character.digit}, which takes the digits of all scripts. */
	private static int digit(char c) {
		if (c >= '0' && c <= '9') {
			return c - '0';
		}
		int letter = c | 0x20;
		return (letter >= 'a' && letter <= 'v') ? letter - 'a' + 10 : -1;
	}

}
