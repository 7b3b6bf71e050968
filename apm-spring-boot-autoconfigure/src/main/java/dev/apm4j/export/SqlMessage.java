package dev.apm4j.export;

import java.util.List;
import java.util.Set;

/**
 * Masks what of a database's error message are values: of rows, of parameters, of the
 * statement. Databases put these into their messages unescaped and in many forms, so it
 * errs on the side of masking; names that follow a word such as <i>table</i>, error codes
 * and positions stay. One pass over a message of bounded length, forwards only.
 * <p>
 * The forms are those that H2, PostgreSQL, MySQL, MariaDB, Oracle, SQL Server and DB2
 * document, and of Spring's and Hibernate's exceptions around them.
 */
final class SqlMessage {

	private static final char MASK = '?';

	/** After these a quoted text is a name. */
	private static final List<String> NAMING = List.of("table", "relation", "column", "constraint", "index", "view",
			"sequence", "schema", "database", "function", "procedure", "trigger", "type", "field", "object",
			"object name", "column name");

	/** After this, masked, MySQL has the name of a key. */
	private static final String DUPLICATE = "uplicate entry ? for key ";

	/** After this and a line number PostgreSQL repeats the document. */
	private static final String JSON_DATA = "JSON data, line ";

	/** After this, with the reason, PostgreSQL repeats the document. */
	private static final String INVALID_XML = "invalid XML ";

	private static final String POSITION = "\n  Position: ";

	/** What MySQL quotes although it is its own words. */
	private static final Set<String> CLAUSES = Set.of("field list", "where clause", "on clause", "having clause",
			"order clause", "group statement");

	/** After these a number is a code, a position or a measure. */
	private static final List<String> NUMBERING = List.of("position", "at line", ", line", "at row", "sqlstate",
			"sql state", "sqlcode", "error code", "errorcode", "vendor code", "batch entry", "actual", "maximum",
			"timed out after", "total=", "active=", "idle=", "waiting=", "hikaripool-", "ora-", "pls-", "tns-",
			"varying", "varchar", "varchar2", "nvarchar", "decimal", "numeric", "driver=");

	/** Values that end only where these follow, as they may contain quotes themselves. */
	private static final List<Enclosure> ENCLOSURES = List.of(new Enclosure("duplicate entry '", List.of("' for key")),
			new Enclosure("near '", List.of("' at line")), new Enclosure("value: '", List.of("' for column")),
			new Enclosure("duplicate key value is (", List.of(").", ")")),
			new Enclosure("failing row contains (", List.of(").", ")")),
			new Enclosure(")=(", List.of(") already exists", ") is not present", ") is still referenced",
					") is duplicated", ") conflicts with", ").", ")")));

	/** What the databases' translators put around values and names. */
	private static final String OPENING = "\u00ab\u00bb\u201c\u201e\u2018\u201a\u2039\u203a\u300c\u300e";

	private static final String CLOSING = "\u00ab\u00bb\u201c\u201d\u2018\u2019\u2039\u203a\u300d\u300f";

	private final String text;

	private final StringBuilder out;

	private int at;

	/** Whether a quotation of H2 is open in which names and values are mixed. */
	private boolean inQuotation;

	/** Where a name in quotes ended last. */
	private int nameEnd = -1;

	private SqlMessage(String text) {
		this.text = text;
		this.out = new StringBuilder(text.length());
	}

	/** Where a value begins, and what may follow it. */
	private record Enclosure(String begin, List<String> ends) {
	}

	static String mask(String message) {
		return new SqlMessage(message).mask();
	}

	private String mask() {
		while (this.at < this.text.length()) {
			step(this.text.charAt(this.at));
		}
		return this.out.toString();
	}

	private void step(char c) {
		if (Character.isDigit(c)) {
			number();
		}
		else if (c == '$' && dollarQuoteEnd() > 0) {
			maskTo(dollarQuoteEnd());
		}
		else if (isWord(c)) {
			word();
		}
		else if (c == '\'') {
			apostrophe();
		}
		else if (c == '"') {
			quotation();
		}
		else if (c == '(') {
			parenthesis();
		}
		else if (c == '[') {
			copyTo(codeEnd());
		}
		else if (c == '`') {
			backtick();
		}
		else if (OPENING.indexOf(c) >= 0) {
			maskTo(afterClosing());
		}
		else if (this.text.startsWith("/*", this.at)) {
			maskTo(after("*/", this.at + 2));
		}
		else if (this.text.startsWith("-- ", this.at)) {
			maskTo(endOfLine());
		}
		else {
			copyTo(this.at + 1);
		}
	}

	/** A number, and what belongs to it in a date, an address or a UUID. */
	private void number() {
		int end = this.at + 1;
		while (end < this.text.length()
				&& (isWord(this.text.charAt(end)) || ".:/+-".indexOf(this.text.charAt(end)) >= 0)) {
			end++;
		}
		while (!isWord(this.text.charAt(end - 1))) {
			end--;
		}
		if (follows(NUMBERING, " :=[(-")) {
			copyTo(end);
		}
		else {
			maskTo(end);
		}
	}

	private void word() {
		int end = this.at + 1;
		while (end < this.text.length() && isWord(this.text.charAt(end))) {
			end++;
		}
		boolean tokens = this.text.regionMatches(this.at, "SQLERRMC=", 0, 9);
		copyTo(end);
		if (tokens) {
			int driver = this.text.indexOf(", DRIVER", end);
			copyTo(end + 1);
			maskTo((driver >= 0) ? driver : this.text.length());
		}
		else if (this.text.startsWith(INVALID_XML, end - INVALID_XML.length() + 1)) {
			copyTo(end + 1);
			int position = this.text.indexOf(POSITION, end);
			maskTo((position >= 0) ? position : this.text.length());
		}
		else if (this.text.startsWith(JSON_DATA, end - 4) && this.text.indexOf(':', end) >= 0) {
			copyTo(this.text.indexOf(':', end) + 1);
			maskTo(endOfLine());
		}
	}

	private void apostrophe() {
		if (isContraction()) {
			copyTo(this.at + 1);
			return;
		}
		int enclosed = enclosureEnd();
		if (enclosed >= 0) {
			maskTo(enclosed + 1);
			return;
		}
		if (this.at > 0 && "qQ".indexOf(this.text.charAt(this.at - 1)) >= 0 && this.at + 1 < this.text.length()) {
			maskTo(after(closing(this.text.charAt(this.at + 1)) + "'", this.at + 2));
			return;
		}
		int end = endOfQuoted('\'', this.at);
		String content = this.text.substring(this.at + 1, Math.max(this.at + 1, end - 1));
		if (isName(content) && (follows(NAMING, " ") || CLAUSES.contains(content) || endsWith(DUPLICATE))) {
			copyTo(end);
		}
		else {
			maskTo(end);
		}
	}

	/** As in <i>doesn't</i>. */
	private boolean isContraction() {
		return this.text.regionMatches(true, this.at - 1, "n't", 0, 3) && this.at >= 2
				&& Character.isLetter(this.text.charAt(this.at - 2))
				&& (this.at + 2 == this.text.length() || !isWord(this.text.charAt(this.at + 2)));
	}

	private void quotation() {
		if (this.inQuotation) {
			boolean doubled = this.text.startsWith("\"\"", this.at);
			this.inQuotation = doubled;
			copyTo(this.at + (doubled ? 2 : 1));
			return;
		}
		if (follows(List.of("violation"), " :")) {
			// H2: constraint, table and the values of the row in one quotation.
			this.inQuotation = true;
			copyTo(this.at + 1);
			return;
		}
		int end = endOfQuoted('"', this.at);
		String content = this.text.substring(this.at + 1, Math.max(this.at + 1, end - 1));
		boolean named = this.at > 0 && this.text.charAt(this.at - 1) == '.' && this.nameEnd == this.at - 1;
		if (isName(content) && (named || follows(NAMING, " ") || follows(List.of("NULL into"), " (")
				|| this.text.startsWith(": invalid identifier", end))) {
			copyTo(end);
			this.nameEnd = end;
		}
		else {
			maskTo(end);
		}
	}

	/** MySQL's names; anything else has no such quotes. */
	private void backtick() {
		int end = this.text.indexOf('`', this.at + 1);
		if (end >= 0 && isName(this.text.substring(this.at + 1, end))) {
			copyTo(end + 1);
		}
		else {
			copyTo(this.at + 1);
		}
	}

	private void parenthesis() {
		int enclosed = enclosureEnd();
		if (enclosed >= 0) {
			maskInside(enclosed);
			return;
		}
		boolean values = follows(List.of("values"), " ");
		if (!values) {
			copyTo(this.at + 1);
		}
		while (values) {
			maskInside(endOfParenthesis());
			int next = this.at;
			while (next < this.text.length() && ", \n\t".indexOf(this.text.charAt(next)) >= 0) {
				next++;
			}
			values = next > this.at && next < this.text.length() && this.text.charAt(next) == '(';
			if (values) {
				copyTo(next);
			}
		}
	}

	/** From an opening parenthesis to the closing one or to the end. */
	private void maskInside(int end) {
		copyTo(this.at + 1);
		maskTo(end);
		copyTo(Math.min(end + 1, this.text.length()));
	}

	private int endOfParenthesis() {
		int depth = 0;
		int i = this.at;
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
	 * @return the position of what ends it, or -1 if no such value begins here; for a
	 * value in parentheses that does not end, the length of the text
	 */
	private int enclosureEnd() {
		for (Enclosure each : ENCLOSURES) {
			String begin = each.begin;
			if (!this.text.regionMatches(true, this.at + 1 - begin.length(), begin, 0, begin.length())) {
				continue;
			}
			for (String end : each.ends) {
				int found = this.text.lastIndexOf(end);
				if (found > this.at) {
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
	private int endOfQuoted(char quote, int start) {
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
	private int dollarQuoteEnd() {
		int tag = this.at + 1;
		while (tag < this.text.length() && Character.isLetter(this.text.charAt(tag))) {
			tag++;
		}
		if (tag == this.text.length() || this.text.charAt(tag) != '$') {
			return 0;
		}
		return after(this.text.substring(this.at, tag + 1), tag + 1);
	}

	/** Code and build of H2, such as {@code [23505-232]}; else one character. */
	private int codeEnd() {
		int end = this.at + 1;
		while (end < this.text.length() && end < this.at + 11
				&& (isWord(this.text.charAt(end)) || this.text.charAt(end) == '-')) {
			end++;
		}
		boolean code = end < this.text.length() && this.text.charAt(end) == ']'
				&& this.text.substring(this.at + 1, end).matches("[0-9A-Z]{5}-[0-9]{1,3}");
		return code ? end + 1 : this.at + 1;
	}

	/** Whether one of some words stands in front of here, with little in between. */
	private boolean follows(List<String> words, String between) {
		int end = this.at;
		while (end > 0 && end > this.at - 3 && between.indexOf(this.text.charAt(end - 1)) >= 0) {
			end--;
		}
		for (String word : words) {
			if (isBefore(end, word) || isBefore(this.at, word)) {
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

	private boolean endsWith(String words) {
		int start = this.out.length() - words.length();
		return start >= 0 && this.out.indexOf(words, start) == start;
	}

	private static boolean isName(String content) {
		if (content.isEmpty() || content.length() > 200 || !isWord(content.charAt(0))
				|| Character.isDigit(content.charAt(0))) {
			return false;
		}
		return content.chars().allMatch((c) -> isWord((char) c) || ".- ()".indexOf(c) >= 0);
	}

	private static boolean isWord(char c) {
		return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '#';
	}

	private static char closing(char opening) {
		int pair = "([{<".indexOf(opening);
		return (pair >= 0) ? ")]}>".charAt(pair) : opening;
	}

	private int afterClosing() {
		int end = this.at + 1;
		while (end < this.text.length() && CLOSING.indexOf(this.text.charAt(end)) < 0) {
			end++;
		}
		return Math.min(end + 1, this.text.length());
	}

	private int after(String end, int from) {
		int found = this.text.indexOf(end, from);
		return (found >= 0) ? found + end.length() : this.text.length();
	}

	private int endOfLine() {
		int end = this.text.indexOf('\n', this.at);
		return (end >= 0) ? end : this.text.length();
	}

	private void copyTo(int end) {
		this.out.append(this.text, this.at, end);
		this.at = end;
	}

	private void maskTo(int end) {
		this.out.append(MASK);
		this.at = end;
	}

}
