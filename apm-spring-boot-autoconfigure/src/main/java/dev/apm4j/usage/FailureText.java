package dev.apm4j.usage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Makes texts of failures fit to be logged and shown: one line, bounded, without the API
 * key, which a collector or a proxy may repeat in what it answers.
 */
final class FailureText {

	private static final int MAX_LENGTH = 200;

	private static final int MAX_CAUSES = 3;

	private final String apiKey;

	FailureText(String apiKey) {
		this.apiKey = apiKey;
	}

	String of(Throwable failure) {
		StringBuilder text = new StringBuilder();
		Throwable current = failure;
		for (int i = 0; i < MAX_CAUSES && current != null; i++) {
			text.append((i > 0) ? ", caused by " : "").append(current.getClass().getSimpleName());
			if (current.getMessage() != null) {
				text.append(": ").append(current.getMessage());
			}
			current = current.getCause();
		}
		return of(text.toString());
	}

	String of(String text) {
		StringBuilder line = new StringBuilder();
		String masked = mask(text);
		for (int i = 0; i < masked.length() && line.length() < MAX_LENGTH; i++) {
			char c = masked.charAt(i);
			line.append(isShown(c) ? c : ' ');
		}
		return line.toString().strip();
	}

	private String mask(String text) {
		if (this.apiKey.isEmpty()) {
			return text;
		}
		return text.replace(this.apiKey, "***").replace(URLEncoder.encode(this.apiKey, StandardCharsets.UTF_8), "***");
	}

	private static boolean isShown(char c) {
		return switch (Character.getType(c)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE ->
				false;
			default -> true;
		};
	}

}
