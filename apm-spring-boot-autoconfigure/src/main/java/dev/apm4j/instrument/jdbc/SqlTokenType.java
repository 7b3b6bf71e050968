package dev.apm4j.instrument.jdbc;

/**
 * What a piece of SQL text is, as far as it matters for taking the values out.
 */
enum SqlTokenType {

	/** Keyword or name without quotes. */
	WORD,

	QUOTED_NAME,

	STRING,

	NUMBER,

	/** {@code ?}, {@code $1}, {@code :name}, {@code @name}. */
	PARAMETER,

	OPEN,

	CLOSE,

	OPEN_BRACKET,

	CLOSE_BRACKET,

	COMMA,

	DOT,

	SEMICOLON,

	/** A character of an operator, or any other. */
	SYMBOL,

	END

}
