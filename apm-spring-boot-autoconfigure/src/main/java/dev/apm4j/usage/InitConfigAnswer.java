package dev.apm4j.usage;

import org.jspecify.annotations.Nullable;

/**
 * Finds {@code collectorUrl} in the JSON that the collector's {@code initConfig} answers.
 * Takes any other fields, and whatever JSON they hold, without keeping it. Works on an
 * answer of bounded size, without recursion.
 */
final class InitConfigAnswer {

	private final String json;

	private int position;

	private InitConfigAnswer(String json) {
		this.json = json;
	}

	/**
	 * Reads an answer.
	 * @param json the answer
	 * @return the collector's host and perhaps port, {@code null} if this is no JSON
	 * object or has no such text
	 */
	static @Nullable String collectorUrl(String json) {
		try {
			return new InitConfigAnswer(json).read();
		}
		catch (IndexOutOfBoundsException | NumberFormatException ex) {
			// It ended too early.
			return null;
		}
	}

	private @Nullable String read() {
		if (next() != '{') {
			return null;
		}
		String found = null;
		char separator = (peek() == '}') ? next() : ',';
		while (separator == ',') {
			String name = (next() == '"') ? text() : null;
			if (name == null || next() != ':') {
				return null;
			}
			if (peek() == '"') {
				next();
				String value = text();
				// The second is how the field is named in the protocol.
				found = (name.equals("collectorUrl") || name.equals("collector_url")) ? value : found;
			}
			else {
				skip();
			}
			separator = next();
		}
		return (separator == '}') ? found : null;
	}

	private void skip() {
		int depth = 0;
		while (depth > 0 || (peek() != ',' && peek() != '}')) {
			switch (next()) {
				case '{', '[' -> depth++;
				case '}', ']' -> depth--;
				case '"' -> text();
				default -> {
					// A part of a number or of a literal.
				}
			}
		}
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		for (char c = this.json.charAt(this.position++); c != '"'; c = this.json.charAt(this.position++)) {
			text.append((c != '\\') ? c : escaped());
		}
		return text.toString();
	}

	private char escaped() {
		char c = this.json.charAt(this.position++);
		return switch (c) {
			case 'n' -> '\n';
			case 't' -> '\t';
			case 'r' -> '\r';
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'u' -> {
				this.position += 4;
				yield (char) Integer.parseInt(this.json, this.position - 4, this.position, 16);
			}
			default -> c;
		};
	}

	private char next() {
		char c = peek();
		this.position++;
		return c;
	}

	private char peek() {
		while (" \t\r\n\uFEFF".indexOf(this.json.charAt(this.position)) >= 0) {
			this.position++;
		}
		return this.json.charAt(this.position);
	}

}
