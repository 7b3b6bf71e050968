package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of a JDBC URL, of which only those that are asked for by name are looked
 * at. A value in braces may contain what otherwise ends it, as in SQL Server's
 * {@code password={a;b}}.
 */
final class UrlProperties {

	private final String text;

	private final int from;

	UrlProperties(String text, int from) {
		this.text = text;
		this.from = from;
	}

	@Nullable String get(String... names) {
		int i = DatabaseUrlParser.firstOf(this.text, this.from, "?;");
		while (i < this.text.length()) {
			int nameStart = i + 1;
			int equals = DatabaseUrlParser.firstOf(this.text, nameStart, "=;&");
			if (equals >= this.text.length() || this.text.charAt(equals) != '=') {
				i = equals;
				continue;
			}
			int end = valueEnd(equals + 1);
			String name = this.text.substring(nameStart, equals).trim();
			for (String wanted : names) {
				if (wanted.equalsIgnoreCase(name)) {
					return unbraced(this.text.substring(equals + 1, end).trim());
				}
			}
			i = end;
		}
		return null;
	}

	private int valueEnd(int start) {
		if (start >= this.text.length() || this.text.charAt(start) != '{') {
			return DatabaseUrlParser.firstOf(this.text, start, ";&");
		}
		int i = start + 1;
		while (i < this.text.length()) {
			if (this.text.charAt(i) != '}') {
				i++;
			}
			else if (i + 1 < this.text.length() && this.text.charAt(i + 1) == '}') {
				i += 2;
			}
			else {
				return DatabaseUrlParser.firstOf(this.text, i, ";&");
			}
		}
		return this.text.length();
	}

	private static @Nullable String unbraced(String value) {
		String plain = (value.startsWith("{") && value.endsWith("}")) ? value.substring(1, value.length() - 1) : value;
		return plain.isEmpty() ? null : plain;
	}

}
