package dev.apm4j.instrument;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Names of parameters whose values are secrets. A value that is masked for nothing costs
 * a reader little, a secret that is kept costs a lot; so when in doubt it is one.
 * Immutable.
 */
public final class SecretNames {

	/** What OpenTelemetry's semantic conventions write in place of a secret. */
	public static final String REDACTED = "REDACTED";

	/** The names that are secrets everywhere. */
	public static final SecretNames STANDARD = new SecretNames(
			List.of("token", "secret", "passw", "passphrase", "passcode", "pwd", "apikey", "accesskey",
					"subscriptionkey", "privatekey", "signature", "credential", "authoriz", "authentic", "oauth", "jwt",
					"session", "cookie", "bearer", "assertion", "cardnumber", "cvv", "cvc"));

	/** Secrets as a word of their own, or at the end of a name, as in {@code my_key}. */
	private static final List<String> WORDS = List.of("auth", "key", "sig", "code", "pass", "pin", "sid", "otp",
			"nonce", "ticket", "ssn", "hmac");

	private static final int MAX_LENGTH = 128;

	private final List<String> parts;

	private SecretNames(List<String> parts) {
		this.parts = parts;
	}

	/**
	 * These names and some more.
	 * @param furtherParts texts that make any name a secret which contains them; only
	 * their letters and digits count
	 * @return the names
	 */
	public SecretNames with(List<String> furtherParts) {
		List<String> all = new ArrayList<>(this.parts);
		for (String part : furtherParts) {
			all.add(plain(part));
		}
		return new SecretNames(List.copyOf(all));
	}

	/**
	 * Whether a name stands for a secret.
	 * @param text the text that contains the name, percent-encoded or not
	 * @param from where the name begins
	 * @param to where it ends
	 * @return whether its value must not be shown
	 */
	public boolean contains(String text, int from, int to) {
		String name = decode(text, from, Math.min(to, from + MAX_LENGTH));
		if (name == null) {
			// Not decodable, so not known to be harmless.
			return true;
		}
		String plain = plain(name);
		for (String part : this.parts) {
			if (plain.contains(part)) {
				return true;
			}
		}
		for (String word : WORDS) {
			if (endsAWord(name, word)) {
				return true;
			}
		}
		return false;
	}

	/** Whether a word ends where the name, or a part of the name, ends. */
	private static boolean endsAWord(String name, String word) {
		String lower = name.toLowerCase(Locale.ROOT);
		for (int i = lower.indexOf(word); i >= 0; i = lower.indexOf(word, i + 1)) {
			int after = i + word.length();
			if (after >= name.length() || !Character.isLowerCase(name.charAt(after))) {
				return true;
			}
		}
		return false;
	}

	/** Lower-case letters and digits only: {@code X-Api-Key} and {@code api_key}. */
	private static String plain(String name) {
		StringBuilder plain = new StringBuilder(name.length());
		for (int i = 0; i < name.length(); i++) {
			if (Character.isLetterOrDigit(name.charAt(i))) {
				plain.append(Character.toLowerCase(name.charAt(i)));
			}
		}
		return plain.toString();
	}

	private static @Nullable String decode(String text, int from, int to) {
		StringBuilder name = new StringBuilder(to - from);
		for (int i = from; i < to; i++) {
			char c = text.charAt(i);
			if (c == '%') {
				int high = (i + 2 < to) ? Character.digit(text.charAt(i + 1), 16) : -1;
				int low = (i + 2 < to) ? Character.digit(text.charAt(i + 2), 16) : -1;
				if (high < 0 || low < 0) {
					return null;
				}
				c = (char) (high * 16 + low);
				i += 2;
			}
			name.append(c);
		}
		return name.toString();
	}

}
