package dev.apm4j.propagation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Standard Base64 with padding (RFC 4648, section 4) of UTF-8 texts.
 */
final class Base64Text {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	private Base64Text() {
	}

	/**
	 * Appends an encoded text. The JDK's encoder would cost three arrays and a string for
	 * each of the fields of a header, which is written for every call that is made.
	 */
	static void encode(String text, StringBuilder target) {
		byte[] bytes = HeaderText.isPrintable(text) ? null : text.getBytes(StandardCharsets.UTF_8);
		int length = (bytes != null) ? bytes.length : text.length();
		for (int i = 0; i < length; i += 3) {
			int group = 0;
			for (int k = 0; k < 3; k++) {
				int octet = (i + k >= length) ? 0 : (bytes != null) ? bytes[i + k] & 0xff : text.charAt(i + k);
				group = (group << 8) | octet;
			}
			target.append(ALPHABET.charAt(group >> 18)).append(ALPHABET.charAt((group >> 12) & 0x3f));
			target.append((i + 1 < length) ? ALPHABET.charAt((group >> 6) & 0x3f) : '=');
			target.append((i + 2 < length) ? ALPHABET.charAt(group & 0x3f) : '=');
		}
	}

	/**
	 * The decoded text.
	 * @return the text, empty if the encoded one is invalid or lacks its padding
	 */
	static String decode(String encoded) {
		if (encoded.length() % 4 != 0) {
			return "";
		}
		try {
			return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

}
