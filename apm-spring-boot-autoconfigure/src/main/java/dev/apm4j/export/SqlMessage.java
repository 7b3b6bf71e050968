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

	/** What the databases' translators put around values and names. */
	private static final String OPENING = "\u00ab\u00bb\u201c\u201e\u2018\u201a\u2039\u203a\u300c\u300e";

	private final String text;

	private final SqlMessageText places;

	private final StringBuilder out;

	private int at;

	/** Whether a quotation of H2 is open in which names and values are mixed. */
	private boolean inQuotation;

	/** Where a name in quotes ended last. */
	private int nameEnd = -1;

	private SqlMessage(String text) {
		this.text = text;
		this.places = new SqlMessageText(text);
		this.out = new StringBuilder(text.length());
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
		else if (c == '$' && this.places.dollarQuoteEnd(this.at) > 0) {
			maskTo(this.places.dollarQuoteEnd(this.at));
		}
		else if (SqlMessageText.isWord(c)) {
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
			copyTo(this.places.codeEnd(this.at));
		}
		else if (c == '`') {
			backtick();
		}
		else if (OPENING.indexOf(c) >= 0) {
			maskTo(this.places.afterClosing(this.at));
		}
		else if (this.text.startsWith("/*", this.at)) {
			maskTo(this.places.after("*/", this.at + 2));
		}
		else if (this.text.startsWith("-- ", this.at)) {
			maskTo(this.places.endOfLine(this.at));
		}
		else {
			copyTo(this.at + 1);
		}
	}

	/** A number, and what belongs to it in a date, an address or a UUID. */
	private void number() {
		int end = this.at + 1;
		while (end < this.text.length()
				&& (SqlMessageText.isWord(this.text.charAt(end)) || ".:/+-".indexOf(this.text.charAt(end)) >= 0)) {
			end++;
		}
		while (!SqlMessageText.isWord(this.text.charAt(end - 1))) {
			end--;
		}
		if (this.places.follows(this.at, NUMBERING, " :=[(-")) {
			copyTo(end);
		}
		else {
			maskTo(end);
		}
	}

	private void word() {
		int end = this.at + 1;
		while (end < this.text.length() && SqlMessageText.isWord(this.text.charAt(end))) {
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
			maskTo(this.places.endOfLine(this.at));
		}
	}

	private void apostrophe() {
		if (isContraction()) {
			copyTo(this.at + 1);
			return;
		}
		int enclosed = this.places.enclosureEnd(this.at);
		if (enclosed >= 0) {
			maskTo(enclosed + 1);
			return;
		}
		if (this.at > 0 && "qQ".indexOf(this.text.charAt(this.at - 1)) >= 0 && this.at + 1 < this.text.length()) {
			maskTo(this.places.after(closing(this.text.charAt(this.at + 1)) + "'", this.at + 2));
			return;
		}
		int end = this.places.endOfQuoted('\'', this.at);
		String content = this.text.substring(this.at + 1, Math.max(this.at + 1, end - 1));
		if (SqlMessageText.isName(content)
				&& (this.places.follows(this.at, NAMING, " ") || CLAUSES.contains(content) || endsWith(DUPLICATE))) {
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
				&& (this.at + 2 == this.text.length() || !SqlMessageText.isWord(this.text.charAt(this.at + 2)));
	}

	private void quotation() {
		if (this.inQuotation) {
			boolean doubled = this.text.startsWith("\"\"", this.at);
			this.inQuotation = doubled;
			copyTo(this.at + (doubled ? 2 : 1));
			return;
		}
		if (this.places.follows(this.at, List.of("violation"), " :")) {
			// H2: constraint, table and the values of the row in one quotation.
			this.inQuotation = true;
			copyTo(this.at + 1);
			return;
		}
		int end = this.places.endOfQuoted('"', this.at);
		String content = this.text.substring(this.at + 1, Math.max(this.at + 1, end - 1));
		boolean named = this.at > 0 && this.text.charAt(this.at - 1) == '.' && this.nameEnd == this.at - 1;
		if (SqlMessageText.isName(content) && (named || this.places.follows(this.at, NAMING, " ")
				|| this.places.follows(this.at, List.of("NULL into"), " (")
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
		if (end >= 0 && SqlMessageText.isName(this.text.substring(this.at + 1, end))) {
			copyTo(end + 1);
		}
		else {
			copyTo(this.at + 1);
		}
	}

	private void parenthesis() {
		int enclosed = this.places.enclosureEnd(this.at);
		if (enclosed >= 0) {
			maskInside(enclosed);
			return;
		}
		boolean values = this.places.follows(this.at, List.of("values"), " ");
		if (!values) {
			copyTo(this.at + 1);
		}
		while (values) {
			maskInside(this.places.endOfParenthesis(this.at));
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

	private boolean endsWith(String words) {
		int start = this.out.length() - words.length();
		return start >= 0 && this.out.indexOf(words, start) == start;
	}

	private static char closing(char opening) {
		int pair = "([{<".indexOf(opening);
		return (pair >= 0) ? ")]}>".charAt(pair) : opening;
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
