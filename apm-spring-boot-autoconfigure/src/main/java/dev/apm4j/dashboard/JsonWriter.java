package dev.apm4j.dashboard;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) in UTF-8 as it goes, without a library, so that the application
 * is free to have any version of one or none. What could break out of a string, a line, a
 * script or a terminal is escaped.
 */
final class JsonWriter {

	private final Writer out;

	/** The closing brackets of what is open. */
	private final Deque<Character> open = new ArrayDeque<>();

	private boolean first = true;

	JsonWriter(OutputStream out) {
		this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 8192);
	}

	/** Begins an object as a value. */
	JsonWriter object() throws IOException {
		separate();
		return begin('{', '}');
	}

	/** Begins an object as a member. */
	JsonWriter object(String name) throws IOException {
		name(name);
		return begin('{', '}');
	}

	/** Begins an array as a member. */
	JsonWriter array(String name) throws IOException {
		name(name);
		return begin('[', ']');
	}

	/** Ends the object or array that was begun last. */
	JsonWriter end() throws IOException {
		this.out.write(this.open.pop());
		this.first = false;
		return this;
	}

	JsonWriter member(String name, @Nullable Object value) throws IOException {
		name(name);
		write(value);
		return this;
	}

	void flush() throws IOException {
		this.out.flush();
	}

	private JsonWriter begin(char bracket, char closing) throws IOException {
		this.out.write(bracket);
		this.open.push(closing);
		this.first = true;
		return this;
	}

	private void name(String name) throws IOException {
		separate();
		string(name);
		this.out.write(':');
	}

	private void separate() throws IOException {
		if (!this.first) {
			this.out.write(',');
		}
		this.first = false;
	}

	private void write(@Nullable Object value) throws IOException {
		if (value == null) {
			this.out.write("null");
		}
		else if (value instanceof Number number) {
			// NaN and the infinities have no form in JSON.
			this.out.write(Double.isFinite(number.doubleValue()) ? number.toString() : "null");
		}
		else if (value instanceof Boolean) {
			this.out.write(value.toString());
		}
		else if (value instanceof List<?> list) {
			begin('[', ']');
			for (Object element : list) {
				separate();
				write(element);
			}
			end();
		}
		else if (value instanceof Map<?, ?> map) {
			begin('{', '}');
			for (Map.Entry<?, ?> entry : map.entrySet()) {
				member(String.valueOf(entry.getKey()), entry.getValue());
			}
			end();
		}
		else {
			string(value.toString());
		}
	}

	private void string(String text) throws IOException {
		this.out.write('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
				this.out.write(c);
				this.out.write(text.charAt(++i));
			}
			else {
				character(c);
			}
		}
		this.out.write('"');
	}

	private void character(char c) throws IOException {
		switch (c) {
			case '"' -> this.out.write("\\\"");
			case '\\' -> this.out.write("\\\\");
			case '\n' -> this.out.write("\\n");
			case '\r' -> this.out.write("\\r");
			case '\t' -> this.out.write("\\t");
			default -> {
				if (c >= 0x20 && c < 0x7f && c != '<' && c != '>') {
					this.out.write(c);
				}
				else if (Character.isSurrogate(c)) {
					// Half a character: parsers disagree on whether it may be escaped.
					this.out.write("\\ufffd");
				}
				else if (c >= 0xa0 && isPrintable(c)) {
					this.out.write(c);
				}
				else {
					this.out.write(String.format("\\u%04x", (int) c));
				}
			}
		}
	}

	private static boolean isPrintable(char c) {
		return switch (Character.getType(c)) {
			case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT, Character.CONTROL,
					Character.UNASSIGNED, Character.PRIVATE_USE ->
				false;
			default -> true;
		};
	}

}
