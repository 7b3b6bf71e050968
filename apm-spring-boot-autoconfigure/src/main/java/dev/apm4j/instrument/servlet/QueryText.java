package dev.apm4j.instrument.servlet;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Masks the values of query parameters whose names look like secrets. A name that is
 * masked for nothing costs a reader little, a secret that is kept costs a lot; so when in
 * doubt it masks.
 */
final class QueryText {

	/** A secret wherever they stand in a name. */
	private static final List<String> PARTS = List.of("password", "passwd", "passphrase", "passcode", "pwd", "secret",
			"token", "signature", "auth", "session", "credential", "apikey", "jwt", "otp", "cvv", "cvc", "cardnumber",
			"private");

	/** A secret as a word of their own, or at the end of one, as in {@code accessKey}. */
	private static final List<String> WORDS = List.of("key", "sig", "code", "pass", "pin", "sid", "nonce", "ticket",
			"assertion", "ssn", "hmac");

	private static final String MASK = "***";

	private final List<String> parts;

	QueryText(List<String> furtherParts) {
		List<String> all = new ArrayList<>(PARTS);
		for (String part : furtherParts) {
			all.add(part.toLowerCase(Locale.ROOT));
		}
		this.parts = List.copyOf(all);
	}

	/**
	 * The query with secrets masked, bounded and printable.
	 * @param query the query as it was requested, still encoded
	 * @return the query
	 */
	String masked(String query) {
		return UrlText.printable(mask(query.substring(0, Math.min(query.length(), UrlText.MAX))), UrlText.MAX);
	}

	private String mask(String query) {
		int end = query.length();
		StringBuilder result = new StringBuilder(end);
		int from = 0;
		while (from < end) {
			int to = from;
			while (to < end && query.charAt(to) != '&' && query.charAt(to) != ';') {
				to++;
			}
			append(result, query, from, to);
			if (to < end) {
				result.append(query.charAt(to));
			}
			from = to + 1;
		}
		return result.toString();
	}

	private void append(StringBuilder result, String query, int from, int to) {
		int equals = query.indexOf('=', from);
		if (equals < 0 || equals >= to || !isSecret(query.substring(from, equals))) {
			result.append(query, from, to);
			return;
		}
		result.append(query, from, equals + 1).append(MASK);
	}

	private boolean isSecret(String encodedName) {
		String name;
		try {
			name = URLDecoder.decode(encodedName, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			// Not decodable, so not known to be harmless.
			return true;
		}
		String lower = name.toLowerCase(Locale.ROOT);
		for (String part : this.parts) {
			if (lower.contains(part)) {
				return true;
			}
		}
		for (String word : WORDS) {
			if (isWordEnd(name, lower, word)) {
				return true;
			}
		}
		return false;
	}

	/** Whether a word ends where the name, or a part of the name, ends. */
	private static boolean isWordEnd(String name, String lower, String word) {
		for (int i = lower.indexOf(word); i >= 0; i = lower.indexOf(word, i + 1)) {
			int after = i + word.length();
			if (after >= name.length() || !Character.isLowerCase(name.charAt(after))) {
				return true;
			}
		}
		return false;
	}

}
