package dev.apm4j.export.whatap;

/**
 * Ids as texts in headers and licences: a digit as it is, {@code x} and base 32 for more,
 * {@code z} and base 32 for less than zero. Source: golib's {@code hexa32}.
 */
final class Hexa32 {

	private static final int RADIX = 32;

	private Hexa32() {
	}

	static String encode(long value) {
		if (value >= 0 && value <= 9) {
			return Long.toString(value);
		}
		// The least long has no positive counterpart, but an unsigned one.
		return (value > 0) ? "x" + Long.toString(value, RADIX) : "z" + Long.toUnsignedString(-value, RADIX);
	}

	/**
	 * Reads what {@link #encode} has written, or a decimal number. Headers are foreign
	 * text: what is neither is zero, as the library has it.
	 */
	static long decode(String text) {
		if (text.isEmpty()) {
			return 0;
		}
		char first = text.charAt(0);
		boolean prefixed = first == 'x' || first == 'z';
		String digits = prefixed ? text.substring(1) : text;
		try {
			if (prefixed && (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0)))) {
				return 0;
			}
			if (first == 'z') {
				return -Long.parseUnsignedLong(digits, RADIX);
			}
			return Long.parseLong(digits, prefixed ? RADIX : 10);
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
