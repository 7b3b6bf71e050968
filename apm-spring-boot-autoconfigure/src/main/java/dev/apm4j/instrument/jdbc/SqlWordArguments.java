package dev.apm4j.instrument.jdbc;

/**
 * Finds the arguments of {@code EXEC p word, @x = word}: Transact-SQL takes a word there
 * for a string. Nothing but commas ends the list, so whatever is no argument does.
 */
final class SqlWordArguments {

	private enum State {

		NONE, PROCEDURE, BEHIND_PROCEDURE, ARGUMENT, BEHIND_ARGUMENT

	}

	private State state = State.NONE;

	/**
	 * Looks at the next token.
	 * @param type its type
	 * @param lexer the lexer, at the token
	 * @return whether it is a value
	 */
	boolean test(SqlTokenType type, SqlLexer lexer) {
		if (lexer.keyword() == SqlKeyword.EXEC || lexer.keyword() == SqlKeyword.EXECUTE) {
			this.state = State.PROCEDURE;
			return false;
		}
		boolean name = type == SqlTokenType.QUOTED_NAME || (type == SqlTokenType.WORD && lexer.keyword() == null);
		boolean value = name && (this.state == State.ARGUMENT || this.state == State.BEHIND_PROCEDURE);
		this.state = switch (this.state) {
			case NONE -> State.NONE;
			case PROCEDURE -> inProcedure(type, lexer, name);
			case BEHIND_PROCEDURE -> behindProcedure(type, lexer, name);
			case ARGUMENT -> inArgument(type, lexer, name);
			case BEHIND_ARGUMENT -> behindArgument(type, lexer, name);
		};
		return value;
	}

	private static State inProcedure(SqlTokenType type, SqlLexer lexer, boolean name) {
		if (name) {
			return State.BEHIND_PROCEDURE;
		}
		// EXEC @result = p
		boolean result = type == SqlTokenType.PARAMETER || type == SqlTokenType.DOT
				|| (type == SqlTokenType.SYMBOL && "=.".indexOf(lexer.first()) >= 0);
		return result ? State.PROCEDURE : State.NONE;
	}

	private static State behindProcedure(SqlTokenType type, SqlLexer lexer, boolean name) {
		boolean qualified = type == SqlTokenType.DOT || (type == SqlTokenType.SYMBOL && lexer.first() == '.');
		return qualified ? State.PROCEDURE : inArgument(type, lexer, name);
	}

	private static State inArgument(SqlTokenType type, SqlLexer lexer, boolean name) {
		boolean value = switch (type) {
			case STRING, NUMBER, PARAMETER -> true;
			default -> name || lexer.keyword() == SqlKeyword.NULL || lexer.keyword() == SqlKeyword.DEFAULT;
		};
		if (value) {
			return State.BEHIND_ARGUMENT;
		}
		return (type == SqlTokenType.SYMBOL && lexer.first() == '-') ? State.ARGUMENT : State.NONE;
	}

	private static State behindArgument(SqlTokenType type, SqlLexer lexer, boolean name) {
		if (type == SqlTokenType.COMMA || (type == SqlTokenType.SYMBOL && lexer.first() == '=')) {
			return State.ARGUMENT;
		}
		// EXEC p @x OUTPUT
		return name ? State.BEHIND_ARGUMENT : State.NONE;
	}

}
