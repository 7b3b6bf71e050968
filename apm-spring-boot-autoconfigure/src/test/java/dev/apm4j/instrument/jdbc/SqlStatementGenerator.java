package dev.apm4j.instrument.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes statements from a grammar. A statement has slots for values and for what is
 * between the tokens; each time that it is written they are filled anew. What is in a
 * value or in a comment is marked by {@link #MARK} or, in numbers, by
 * {@link #NUMBER_MARK}; names never contain either.
 */
final class SqlStatementGenerator {

	static final String MARK = "zq";

	static final String NUMBER_MARK = "7890";

	private static final List<String> OPERATORS = List.of("=", "<>", "<", ">=", "+", "*", "||");

	/** What fills a slot. */
	private enum Slot {

		GAP, VALUE, TEXT, LIST, ROW_LIST, ROWS

	}

	/** A statement without values. */
	record Skeleton(SqlDialect dialect, List<Object> pieces, List<String> names) {

		String write(Random random) {
			StringBuilder sql = new StringBuilder();
			SqlValueGenerator values = new SqlValueGenerator(this.dialect, random);
			for (Object piece : this.pieces) {
				sql.append((piece instanceof Slot slot) ? fill(slot, values, random) : piece);
			}
			return sql.toString();
		}

		private static String fill(Slot slot, SqlValueGenerator values, Random random) {
			return switch (slot) {
				case GAP -> values.gap();
				case VALUE -> values.value();
				case TEXT -> values.text();
				case LIST -> repeat(random, () -> values.value(), values);
				case ROW_LIST, ROWS -> repeat(random, () -> "(" + values.value() + ", " + values.text() + ")", values);
			};
		}

		private static String repeat(Random random, java.util.function.Supplier<String> element,
				SqlValueGenerator values) {
			StringBuilder list = new StringBuilder(element.get());
			for (int i = (random.nextInt(4) == 0) ? 40 : random.nextInt(4); i > 0; i--) {
				list.append(random.nextBoolean() ? "," : values.gap() + "," + values.gap()).append(element.get());
			}
			return list.toString();
		}

	}

	private final SqlDialect dialect;

	private final Random random;

	private final List<Object> pieces = new ArrayList<>();

	private final List<String> names = new ArrayList<>();

	private SqlStatementGenerator(SqlDialect dialect, Random random) {
		this.dialect = dialect;
		this.random = random;
	}

	static Skeleton next(SqlDialect dialect, Random random) {
		SqlStatementGenerator generator = new SqlStatementGenerator(dialect, random);
		generator.statement();
		return new Skeleton(dialect, List.copyOf(generator.pieces), List.copyOf(generator.names));
	}

	private void statement() {
		switch (this.random.nextInt(9)) {
			case 0 -> {
				words("INSERT INTO");
				name();
				columns();
				words("VALUES");
				add(Slot.GAP, Slot.ROWS);
			}
			case 1 -> {
				words("INSERT INTO");
				name();
				gap();
				columns();
				select(2);
			}
			case 2 -> {
				words("UPDATE");
				name();
				words("SET");
				name();
				glue("=");
				value();
				glue(",");
				name();
				glue("=");
				expression(2);
				where(2);
			}
			case 3 -> {
				words("DELETE FROM");
				name();
				where(3);
			}
			case 4 -> {
				words("WITH");
				name();
				words("AS");
				glue("(");
				select(1);
				glue(")");
				gap();
				select(2);
			}
			case 5 -> {
				glue("(");
				select(1);
				glue(")");
				words("UNION ALL");
				glue("(");
				select(1);
				glue(")");
			}
			case 6 -> {
				words("CALL");
				name();
				glue("(");
				value();
				glue(",");
				expression(1);
				glue(")");
			}
			default -> select(3);
		}
	}

	private void select(int depth) {
		words("SELECT");
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			expression(depth - 1);
			if (this.random.nextInt(3) == 0) {
				words("AS");
				name();
			}
			if (i > 0) {
				glue(",");
			}
		}
		words("FROM");
		name();
		if (this.random.nextInt(3) == 0) {
			words("LEFT JOIN");
			name();
			words("ON");
			predicate(depth - 1);
		}
		where(depth);
		if (this.random.nextInt(4) == 0) {
			words("GROUP BY");
			name();
			words("HAVING");
			predicate(0);
		}
		if (this.random.nextInt(3) == 0) {
			words("LIMIT");
			add(Slot.GAP, Slot.VALUE);
			words("OFFSET");
			add(Slot.GAP, Slot.VALUE);
		}
	}

	private void where(int depth) {
		if (this.random.nextInt(5) > 0) {
			words("WHERE");
			predicate(depth - 1);
			while (this.random.nextInt(3) == 0) {
				words(this.random.nextBoolean() ? "AND" : "OR");
				predicate(depth - 1);
			}
		}
	}

	private void predicate(int depth) {
		gap();
		switch (this.random.nextInt(depth > 0 ? 9 : 6)) {
			case 0 -> {
				name();
				words("IN");
				glue("(");
				add(Slot.LIST);
				glue(")");
			}
			case 1 -> {
				name();
				words("NOT BETWEEN");
				add(Slot.GAP, Slot.VALUE);
				words("AND");
				add(Slot.GAP, Slot.VALUE);
			}
			case 2 -> {
				name();
				words("LIKE");
				add(Slot.GAP, Slot.TEXT);
				words("ESCAPE '!'");
			}
			case 3 -> {
				name();
				words("IS NOT NULL");
			}
			case 4 -> {
				add("(");
				name();
				glue(",");
				name();
				add(")");
				words("IN");
				glue("(");
				add(Slot.ROW_LIST);
				glue(")");
			}
			case 6 -> {
				name();
				words("IN");
				glue("(");
				select(depth - 1);
				glue(")");
			}
			case 7 -> {
				words("NOT");
				glue("(");
				predicate(depth - 1);
				glue(")");
			}
			default -> {
				expression(depth - 1);
				glue(OPERATORS.get(this.random.nextInt(4)));
				expression(depth - 1);
			}
		}
	}

	private void expression(int depth) {
		switch (this.random.nextInt(depth > 0 ? 9 : 4)) {
			case 0 -> value();
			case 1 -> {
				gap();
				add("?");
			}
			case 4 -> {
				expression(depth - 1);
				glue(OPERATORS.get(this.random.nextInt(OPERATORS.size())));
				expression(depth - 1);
			}
			case 5 -> {
				name();
				add("(");
				expression(depth - 1);
				glue(",");
				value();
				glue(")");
			}
			case 6 -> {
				words("CASE WHEN");
				predicate(depth - 1);
				words("THEN");
				value();
				words("ELSE");
				value();
				words("END");
			}
			case 7 -> {
				words("CAST");
				add("(");
				value();
				words("AS VARCHAR)");
			}
			case 8 -> {
				gap();
				glue("(");
				select(depth - 1);
				glue(")");
			}
			default -> name();
		}
	}

	private void columns() {
		add("(");
		name();
		glue(",");
		name();
		glue(")");
	}

	private void value() {
		add(Slot.GAP, Slot.VALUE);
	}

	/** Digits in names are no numbers, and quotes make no string of them. */
	private void name() {
		gap();
		int number = this.names.size();
		String name = switch (this.random.nextInt(5)) {
			case 0 -> "t" + number;
			case 1 -> "orders_" + number + "_2024";
			case 2 -> "s" + number + ".\u00e9t\u00e9" + number;
			case 3 -> "x" + number + "e5";
			default -> switch (this.dialect) {
				case MYSQL, CLICKHOUSE, UNKNOWN -> "`a b" + number + "-- #`";
				case SQLITE, SQL_SERVER -> "[it's " + number + "-- (]";
				default -> "\"it's " + number + "/*\"";
			};
		};
		this.names.add(name);
		add(name);
	}

	private void words(String words) {
		for (String word : words.split(" ")) {
			gap();
			add(word);
		}
		gap();
	}

	/** With blanks around it, or none. */
	private void glue(String token) {
		if (this.random.nextBoolean()) {
			gap();
		}
		add(token);
	}

	private void gap() {
		boolean begin = this.pieces.isEmpty();
		Object last = begin ? "" : this.pieces.get(this.pieces.size() - 1);
		if (!begin && last != Slot.GAP) {
			add(Slot.GAP);
		}
	}

	private void add(Object... more) {
		for (Object piece : more) {
			boolean twice = piece == Slot.GAP && !this.pieces.isEmpty()
					&& this.pieces.get(this.pieces.size() - 1) == Slot.GAP;
			if (!twice) {
				this.pieces.add(piece);
			}
		}
	}

}
