package dev.apm4j.instrument.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes values and gaps in all the forms that a dialect has, each with a mark in it.
 */
final class SqlValueGenerator {

	private static final List<String> NASTY = List.of(" ", ",", ";", "(", ")", "--", "-- ", "/*", "*/", "#", "$", "$$",
			"$a$", "[", "]", "{", "}", "?", ":x", "@x", "=", "<", "|", "&", "%", "!", "\n", "\t", "1", "SELECT ",
			" FROM ", "IN (", "\u00a0", "\u00e9", "\ud83d\ude00", "\u2019", "\"", "`", "NULL", "q'[", "E'", "//", "~",
			"0x");

	private final SqlDialect dialect;

	private final Random random;

	SqlValueGenerator(SqlDialect dialect, Random random) {
		this.dialect = dialect;
		this.random = random;
	}

	/** A blank, or a comment that nobody may see. */
	String gap() {
		return switch (this.random.nextInt(12)) {
			case 0 -> "\n";
			case 1 -> " \t\r\n ";
			case 2 -> " /* " + comment() + " */ ";
			case 3 -> " -- " + comment() + "\n";
			case 4 -> switch (this.dialect) {
				case MYSQL -> " # " + comment() + "\n";
				case H2 -> " // " + comment() + "\n";
				case POSTGRESQL, REDSHIFT, SQL_SERVER -> " /* a /* " + comment() + " */ " + comment() + " */ ";
				default -> "\n\n";
			};
			default -> " ";
		};
	}

	/** Half a string in a comment looks like a wrong reading where there are two. */
	private String comment() {
		boolean quotes = !this.dialect.hasBackslashMode() && this.dialect != SqlDialect.UNKNOWN;
		return SqlStatementGenerator.MARK + (quotes && this.random.nextBoolean() ? "'" : "") + letters();
	}

	String value() {
		return switch (this.random.nextInt(5)) {
			case 0, 1 -> text();
			case 2 -> switch (this.random.nextInt(4)) {
				case 0 -> "TRUE";
				case 1 -> "false";
				case 2 -> "DATE '" + content("'", false) + "'";
				default -> "TIMESTAMP'" + content("'", false) + "'";
			};
			default -> number();
		};
	}

	private String number() {
		String digits = this.random.nextInt(10) + SqlStatementGenerator.NUMBER_MARK + this.random.nextInt(100_000);
		String sign = switch (this.random.nextInt(6)) {
			case 0 -> "-";
			case 1 -> "+";
			default -> "";
		};
		return sign + switch (this.random.nextInt(9)) {
			case 0 -> digits + "." + digits;
			case 1 -> "." + digits;
			case 2 -> digits + ".";
			case 3 -> digits + "e-" + digits;
			case 4 -> digits + ".5E+400";
			case 5 -> "0x" + digits + "aF";
			case 6 -> digits + "_" + digits;
			case 7 -> (this.dialect == SqlDialect.ORACLE) ? digits + "d" : "0b" + digits;
			default -> digits;
		};
	}

	String text() {
		List<String> forms = new ArrayList<>(List.of("'" + content("'", false) + "'", "N'" + content("'", false) + "'",
				"'" + content("'", false) + "'", "X'" + SqlStatementGenerator.NUMBER_MARK + "'"));
		switch (this.dialect) {
			case POSTGRESQL,
					REDSHIFT ->
				forms.addAll(List.of("E'" + content("'", true) + "'", "$$" + heredoc() + "$$",
						"$a1$" + heredoc() + "$$ ' $a1$", "U&'" + content("'", false) + "'",
						"E'" + content("'", true) + "'\n '" + content("'", true) + "'"));
			case MYSQL -> forms.addAll(List.of("'" + content("'", true) + "'", "\"" + content("\"", true) + "\"",
					"_utf8mb4'" + content("'", true) + "'",
					"'" + content("'", true) + "' \"" + content("\"", true) + "\""));
			case CLICKHOUSE -> forms.addAll(List.of("'" + content("'", true) + "'", "$$" + heredoc() + "$$",
					"\u2018" + SqlStatementGenerator.MARK + " it's \"" + letters() + "\u2019"));
			case ORACLE -> forms
				.addAll(List.of("q'[" + heredoc() + "]'", "nQ'{" + heredoc() + "'' }'", "q'!" + heredoc() + " it's!'"));
			case H2 -> forms.addAll(List.of(" $$" + heredoc() + "$$", "U&'" + content("'", false) + "'"));
			case DB2 -> forms.add("GX'" + SqlStatementGenerator.NUMBER_MARK + "'");
			case SQLITE -> forms.add("\"" + content("\"", false) + "\"");
			default -> {
			}
		}
		String form = forms.get(this.random.nextInt(forms.size()));
		return form.strip();
	}

	/** Text between quotes, with the mark in several places. */
	private String content(String quote, boolean backslashes) {
		StringBuilder text = new StringBuilder();
		boolean safe = this.dialect == SqlDialect.UNKNOWN;
		for (int i = this.random.nextInt(6); i >= 0; i--) {
			text.append(SqlStatementGenerator.MARK).append(letters());
			String nasty = NASTY.get(this.random.nextInt(NASTY.size()));
			text.append((nasty.equals(quote) || nasty.indexOf('\'') >= 0 || safe) ? "" : nasty);
			switch (this.random.nextInt(6)) {
				case 0 -> text.append(quote).append(quote);
				case 1 -> text.append(backslashes ? "\\" + quote : "");
				case 2 -> text.append(backslashes ? "\\\\" : "");
				case 3 -> text.append((quote.equals("\"") && !safe) ? "'" : "");
				default -> {
				}
			}
		}
		return text.append(SqlStatementGenerator.MARK).toString();
	}

	private String heredoc() {
		return SqlStatementGenerator.MARK + letters() + " it's \\ \" -- /* " + SqlStatementGenerator.MARK + letters();
	}

	private String letters() {
		StringBuilder letters = new StringBuilder();
		for (int i = 1 + this.random.nextInt(8); i > 0; i--) {
			letters.append((char) ('a' + this.random.nextInt(26)));
		}
		return letters.toString();
	}

}
