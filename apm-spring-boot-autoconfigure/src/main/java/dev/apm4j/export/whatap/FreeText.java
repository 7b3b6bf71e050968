package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of text that people have written: messages of exceptions, log lines,
 * events, names. Known are values behind a name ({@code password=...},
 * {@code "token": "..."}, {@code --api-key ...}, {@code <secret>...</secret>}),
 * {@code user:password@}, {@code Bearer ...} and {@code Basic ...}, JSON web tokens and
 * private keys. When in doubt more is masked than the secret. One pass, forwards, over at
 * most {@value #MAX_CHARACTERS} characters. Thread-safe.
 */
final class FreeText {

	/** Characters that are looked at; what comes after them is dropped. */
	static final int MAX_CHARACTERS = 32 * 1024;

	/** A word that is cut in two might be a secret that can't be told any more. */
	private static final int MAX_CUT_WORD = 256;

	private final SecretName secretName;

	/**
	 * Creates a masker.
	 * @param secretName the names whose values are masked, beside the most common ones
	 */
	FreeText(SecretName secretName) {
		this.secretName = secretName;
	}

	/**
	 * Masks a text and leaves its lines as they are.
	 * @param text any text
	 * @return the same object if there is nothing to mask
	 */
	String mask(String text) {
		String bounded = (text.length() > MAX_CHARACTERS) ? cut(text) : text;
		return new SecretScanner(bounded, this.secretName).mask();
	}

	/** Masks a text, and makes control characters blanks, line ends among them. */
	String line(@Nullable String text) {
		return (text != null) ? withoutControls(mask(text), false) : "";
	}

	/** Masks a text, and makes control characters blanks, but for line ends and tabs. */
	String lines(String text) {
		return withoutControls(mask(text), true);
	}

	/**
	 * A name on one line.
	 * @param text the name, maybe unknown
	 * @param fallback what it is called if it has none
	 * @return the masked name
	 */
	String name(@Nullable String text, String fallback) {
		return (text == null || text.isBlank()) ? fallback : line(text);
	}

	private static String cut(String text) {
		int end = MAX_CHARACTERS;
		while (end > MAX_CHARACTERS - MAX_CUT_WORD && !Character.isWhitespace(text.charAt(end))) {
			end--;
		}
		return text.substring(0, end);
	}

	private static String withoutControls(String text, boolean keepLines) {
		StringBuilder clean = null;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			boolean control = (c < ' ' && !(keepLines && (c == '\n' || c == '\t'))) || c == 0x7f;
			if (control) {
				clean = (clean != null) ? clean : new StringBuilder(text);
				clean.setCharAt(i, ' ');
			}
		}
		return (clean != null) ? clean.toString() : text;
	}

}
