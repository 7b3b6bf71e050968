package dev.apm4j.export;

import java.util.List;

/**
 * Where in a database's error message that begins and ends what may be a value.
 * Immutable.
 */
final class SqlMessageText {

	/** Values that end only where these follow, as they may contain quotes themselves. */
	private static final List<Enclosure> ENCLOSURES = List.of(new Enclosure("duplicate entry '", List.of("' for key")),
			new Enclosure("near '", List.of("' at line")), new Enclosure("value: '", List.of("' for column")),
			new Enclosure("duplicate key value is (", List.of(").", ")")),
			new Enclosure("failing row contains (", List.of(").", ")")),
			new Enclosure(")=(", List.of(") already exists", ") is not present", ") is still referenced",
					") is duplicated", ") conflicts with", ").", ")")));

	/** What closes a quotation of the databases' translators, whatever opened it. */
	private static final String CLOSING = "\u00ab\u00bb\u201c\u201d\u2018\u2019\u2039\u203a\u300d\u300f";

	private final String text;

	SqlMessageText(String text) {
		this.text = text;
	}

	/** Where a value begins, and what may follow it. */
	private record Enclosure(String begin, List<String> ends) {
	}

	/** Where a parenthesis ends that begins here, or else the text. */
	int endOfParenthesis(int start) {
		int depth = 0;
		int i = start;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			if (c == '\'') {
				i = endOfQuoted(c, i);
				continue;
			}
			depth += (c == '(') ? 1 : (c == ')') ? -1 : 0;
			if (depth == 0) {
				return i;
			}
			i++;
		}
		return i;
	}

	/**
	 * Where the value ends whose beginning was just reached, at its last possible end.
	 * @param at where the value begins
	 * @return the position of what ends it, or -1 if no such value begins here; for a
	 * value in parentheses that does not end, the length of the text
	 */
	int enclosureEnd(int at) {
		for (Enclosure each : ENCLOSURES) {
			String begin = each.begin;
			if (!this.text.regionMatches(true, at + 1 - begin.length(), begin, 0, begin.length())) {
				continue;
			}
			for (String end : each.ends) {
				int found = this.text.lastIndexOf(end);
				if (found > at) {
					return found;
				}
			}
			return begin.endsWith("(") ? this.text.length() : -1;
		}
		return -1;
	}

	/**
	 * The position after a quoted text. A quote in front of a letter or a digit does not
	 * close it: MySQL does not double those inside. A backslash may or may not escape, so
	 * what follows one is taken for quoted, too.
	 */
	int endOfQuoted(char quote, int start) {
		int i = start + 1;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			char next = (i + 1 < this.text.length()) ? this.text.charAt(i + 1) : ' ';
			if (c == '\\' && next == quote) {
				return this.text.length();
			}
			if (c == quote && next == quote) {
				i++;
			}
			else if (c == quote && !isWord(next)) {
				return i + 1;
			}
			i++;
		}
		return this.text.length();
	}

	/** The end of PostgreSQL's {@code $tag$...$tag$}, or 0. */
	int dollarQuoteEnd(int at) {
		int tag = at + 1;
		while (tag < this.text.length() && Character.isLetter(this.text.charAt(tag))) {
			tag++;
		}
		if (tag == this.text.length() || this.text.charAt(tag) != '$') {
			return 0;
		}
		return after(this.text.substring(at, tag + 1), tag + 1);
	}

	/** Code and build of H2, such as {@code [23505-232]}; else one character. */
	int codeEnd(int at) {
		int end = at + 1;
		while (end < this.text.length() && end < at + 11
				&& (isWord(this.text.charAt(end)) || this.text.charAt(end) == '-')) {
			end++;
		}
		boolean code = end < this.text.length() && this.text.charAt(end) == ']'
				&& this.text.substring(at + 1, end).matches("[0-9A-Z]{5}-[0-9]{1,3}");
		return code ? end + 1 : at + 1;
	}

	/** Whether one of some words stands in front of here, with little in between. */
	boolean follows(int at, List<String> words, String between) {
		int end = at;
		while (end > 0 && end > at - 3 && between.indexOf(this.text.charAt(end - 1)) >= 0) {
			end--;
		}
		for (String word : words) {
			if (isBefore(end, word) || isBefore(at, word)) {
				return true;
			}
		}
		return false;
	}

	private boolean isBefore(int end, String word) {
		int start = end - word.length();
		return this.text.regionMatches(true, start, word, 0, word.length())
				&& (start == 0 || !isWord(this.text.charAt(start - 1)) || !isWord(word.charAt(0)));
	}

	static boolean isName(String content) {
		if (content.isEmpty() || content.length() > 200 || !isWord(content.charAt(0))
				|| Character.isDigit(content.charAt(0))) {
			return false;
		}
		return content.chars().allMatch((c) -> isWord((char) c) || ".- ()".indexOf(c) >= 0);
	}

	static boolean isWord(char c) {
		return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '#';
	}

	/** The position after what closes a translator's quotation. */
	int afterClosing(int at) {
		int end = at + 1;
		while (end < this.text.length() && CLOSING.indexOf(this.text.charAt(end)) < 0) {
			end++;
		}
		return Math.min(end + 1, this.text.length());
	}

	/** The position after a text, or the end of the message. */
	int after(String end, int from) {
		int found = this.text.indexOf(end, from);
		return (found >= 0) ? found + end.length() : this.text.length();
	}

	int endOfLine(int at) {
		int end = this.text.indexOf('\n', at);
		return (end >= 0) ? end : this.text.length();
	}

}
