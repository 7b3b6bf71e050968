package dev.apm4j.instrument.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * The statements in {@code statements.txt}. A literal is marked with what it is, so that
 * the tests know it without the sanitiser: {@code «s:text»} in quotes, {@code «q:text»}
 * with doubled quotes in it, {@code «n:number»}, {@code «h:hexadecimal»},
 * {@code «d:date»}, {@code «b:boolean»}, {@code «w:password»} without quotes,
 * {@code «l:list»} of any length.
 */
final class SqlStatementTable {

	record Literal(char kind, String text) {

	}

	/**
	 * A statement and what should come out.
	 *
	 * @param pieces texts (strings) and literals in turn
	 */
	record Entry(SqlDialect dialect, List<Object> pieces, String expected, @Nullable String operation,
			@Nullable String table) {

		String sql() {
			StringBuilder sql = new StringBuilder();
			for (Object piece : this.pieces) {
				sql.append((piece instanceof Literal literal) ? literal.text() : piece);
			}
			return sql.toString();
		}

		List<String> literals() {
			return this.pieces.stream()
				.filter(Literal.class::isInstance)
				.map((piece) -> ((Literal) piece).text())
				.toList();
		}

		/** The same statement with other values. */
		Entry withOtherValues(Random random) {
			List<Object> others = this.pieces.stream()
				.map((piece) -> (piece instanceof Literal literal) ? other(literal, random) : piece)
				.toList();
			return new Entry(this.dialect, others, this.expected, this.operation, this.table);
		}

		@Override
		public String toString() {
			return this.dialect + " " + sql();
		}

	}

	private SqlStatementTable() {
	}

	static List<Entry> entries() {
		List<Entry> entries = new ArrayList<>();
		List<String> lines = read();
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i);
			if (line.isBlank() || line.startsWith("#")) {
				continue;
			}
			String[] head = line.split(" \\| ");
			entries.add(new Entry(SqlDialect.valueOf(head[0]), pieces(lines.get(i + 1)), lines.get(i + 2),
					orNull(head[1]), orNull(head[2])));
			i += 2;
		}
		return entries;
	}

	private static List<String> read() {
		try (InputStream in = SqlStatementTable.class.getResourceAsStream("statements.txt")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static @Nullable String orNull(String text) {
		return text.equals("-") ? null : text;
	}

	private static List<Object> pieces(String line) {
		List<Object> pieces = new ArrayList<>();
		String rest = line.replace('⏎', '\n');
		int open = rest.indexOf('«');
		while (open >= 0) {
			int close = rest.indexOf('»');
			pieces.add(rest.substring(0, open));
			pieces.add(new Literal(rest.charAt(open + 1), rest.substring(open + 3, close)));
			rest = rest.substring(close + 1);
			open = rest.indexOf('«');
		}
		pieces.add(rest);
		return pieces;
	}

	private static Literal other(Literal literal, Random random) {
		String text = switch (literal.kind()) {
			case 's' -> text(random, " ,;()-#/*?:@=<>{}|&%!+.");
			case 'q' -> text(random, " ,;(") + "''" + text(random, "--/*") + "''";
			case 'n' -> number(random);
			case 'h' -> Integer.toHexString(0x10000 + random.nextInt(0x7000000)) + (random.nextBoolean() ? "ab" : "12");
			case 'd' ->
				(1000 + random.nextInt(9000)) + "-" + (10 + random.nextInt(90)) + "-" + (10 + random.nextInt(90));
			case 'b' -> random.nextBoolean() ? "TRUE" : "false";
			case 'w' -> "zq" + letters(random, 9) + random.nextInt(1000);
			case 'l' -> list(random);
			default -> throw new IllegalArgumentException(literal.toString());
		};
		return new Literal(literal.kind(), text);
	}

	/** Distinctive words with punctuation between them that has a meaning elsewhere. */
	private static String text(Random random, String punctuation) {
		StringBuilder text = new StringBuilder("zq");
		int words = 1 + random.nextInt(4);
		for (int i = 0; i < words; i++) {
			text.append(letters(random, 6));
			for (int j = random.nextInt(4); j > 0; j--) {
				text.append(punctuation.charAt(random.nextInt(punctuation.length())));
			}
		}
		return text.append(letters(random, 6)).toString();
	}

	private static String letters(Random random, int count) {
		StringBuilder letters = new StringBuilder();
		for (int i = 0; i < count; i++) {
			letters.append((char) ('a' + random.nextInt(26)));
		}
		return letters.toString();
	}

	private static String number(Random random) {
		long digits = 1000000 + random.nextInt(8000000);
		return switch (random.nextInt(7)) {
			case 0 -> digits + "." + digits;
			case 1 -> "." + digits;
			case 2 -> digits + "e10";
			case 3 -> digits + ".5E-7";
			case 4 -> "0x" + Long.toHexString(digits);
			case 5 -> digits + "_" + digits;
			default -> Long.toString(digits);
		};
	}

	private static String list(Random random) {
		StringBuilder list = new StringBuilder(number(random));
		for (int i = random.nextInt(50); i > 0; i--) {
			list.append(random.nextBoolean() ? ", " : ",").append(random.nextBoolean() ? number(random) : "-77777");
		}
		return list.toString();
	}

}
