package dev.apm4j.instrument.jdbc;

/**
 * Writes the sanitised text. Lists whose length depends on the values become short while
 * they are written: of elements in a row that only consist of a value, or that are the
 * same text, one stays. So {@code IN (?, ?, ?)} takes the room of {@code IN (?)}, however
 * many there are. Used by one thread.
 */
final class SqlText {

	static final String VALUE = "?";

	private static final String ELLIPSIS = " ...";

	private static final int MAX_GROUPS = 32;

	private enum Element {

		EMPTY, VALUE, NULL, ROW, OTHER

	}

	private static final class Group {

		/** Whether elements are left out. */
		boolean list;

		/** Rows behind VALUES, which nothing encloses. */
		boolean loose;

		/** Whether all elements so far are values. */
		boolean plain;

		int start;

		Element element = Element.EMPTY;

		int previousStart;

		int previousEnd;

		Element previous = Element.EMPTY;

	}

	private final int limit;

	private final StringBuilder out;

	private final Group[] groups = new Group[MAX_GROUPS];

	private int depth;

	private int unfollowed;

	private boolean full;

	private int lastStart;

	private int beforeLastStart;

	SqlText(int limit) {
		this.limit = limit;
		this.out = new StringBuilder(Math.min(limit, 256));
		this.groups[0] = new Group();
		begin(this.groups[0], false, false);
	}

	private void begin(Group group, boolean list, boolean loose) {
		group.list = list;
		group.loose = loose;
		group.plain = true;
		group.start = this.out.length();
		group.element = Element.EMPTY;
		group.previous = Element.EMPTY;
	}

	/** A word, name or operator. */
	void token(String sql, int from, int to, boolean space) {
		leaveRows();
		append(sql, from, to, space);
		mark(Element.OTHER);
	}

	/** The word before a row, which the rows behind VALUES may have. */
	void rowWord(String sql, int from, int to, boolean space) {
		append(sql, from, to, space);
		mark(Element.OTHER);
	}

	/** NULL or DEFAULT. */
	void nullWord(String sql, int from, int to, boolean space) {
		leaveRows();
		append(sql, from, to, space);
		mark(Element.NULL);
	}

	void value(boolean space) {
		leaveRows();
		append(VALUE, 0, 1, space);
		mark(Element.VALUE);
	}

	/** A parameter as it is written. */
	void parameter(String sql, int from, int to, boolean space) {
		leaveRows();
		append(sql, from, to, space);
		mark(Element.VALUE);
	}

	/**
	 * Makes one value of the last tokens and what comes now.
	 * @param tokens how many of the last ones, 1 or 2
	 */
	void replaceLast(int tokens) {
		if (this.full) {
			return;
		}
		int from = (tokens == 1) ? this.lastStart : this.beforeLastStart;
		this.out.setLength(from);
		this.out.append(VALUE);
		this.lastStart = from;
		Group group = group();
		group.element = (from <= group.start + 1) ? Element.VALUE : Element.OTHER;
	}

	/** The rows behind VALUES begin. */
	void beginRows() {
		if (this.unfollowed == 0 && this.depth + 1 < MAX_GROUPS) {
			push(true, true);
		}
	}

	/**
	 * An opening parenthesis or bracket.
	 * @param bracket the character
	 * @param list whether the number of elements depends on values
	 * @param space whether there is space before it
	 */
	void open(char bracket, boolean list, boolean space) {
		append(String.valueOf(bracket), 0, 1, space);
		if (this.full) {
			return;
		}
		Group outer = group();
		outer.element = (outer.element == Element.EMPTY) ? Element.ROW : Element.OTHER;
		push(list, false);
	}

	private void push(boolean list, boolean loose) {
		if (this.full || this.unfollowed > 0 || this.depth + 1 >= MAX_GROUPS) {
			this.unfollowed++;
			return;
		}
		this.depth++;
		if (this.groups[this.depth] == null) {
			this.groups[this.depth] = new Group();
		}
		begin(this.groups[this.depth], list, loose);
	}

	void close(char bracket, boolean space) {
		if (this.full) {
			return;
		}
		if (this.unfollowed > 0) {
			this.unfollowed--;
			append(String.valueOf(bracket), 0, 1, space);
			return;
		}
		leaveRows();
		Group group = group();
		endElement(group);
		append(String.valueOf(bracket), 0, 1, space);
		if (this.depth > 0) {
			this.depth--;
			Group outer = group();
			if (!group.plain && outer.element == Element.ROW) {
				outer.element = Element.OTHER;
			}
		}
	}

	void comma(boolean space) {
		if (this.full) {
			return;
		}
		Group group = group();
		if (this.unfollowed == 0) {
			endElement(group);
		}
		append(",", 0, 1, space);
		if (this.unfollowed == 0) {
			group.start = this.out.length();
			group.element = Element.EMPTY;
		}
	}

	private void endElement(Group group) {
		if (group.element == Element.OTHER || group.element == Element.EMPTY) {
			group.plain = false;
		}
		if (!group.list) {
			return;
		}
		if (group.element == Element.VALUE) {
			rewrite(group.start);
		}
		if (group.previous != Element.EMPTY && isRepetition(group)) {
			this.out.setLength(group.previousEnd);
			if (group.previous == Element.NULL && group.element == Element.VALUE) {
				rewrite(group.previousStart);
				group.previous = Element.VALUE;
				group.previousEnd = this.out.length();
			}
			return;
		}
		group.previous = group.element;
		group.previousStart = group.start;
		group.previousEnd = this.out.length();
	}

	private boolean isRepetition(Group group) {
		Element one = group.previous;
		Element other = group.element;
		if (isValue(one) && isValue(other)) {
			return one != Element.NULL || other != Element.NULL || isSameText(group);
		}
		return one == other && (one == Element.ROW || isSameText(group));
	}

	private static boolean isValue(Element element) {
		return element == Element.VALUE || element == Element.NULL;
	}

	private boolean isSameText(Group group) {
		int one = skipSpace(group.previousStart);
		int other = skipSpace(group.start);
		int length = group.previousEnd - one;
		if (length != this.out.length() - other) {
			return false;
		}
		boolean values = false;
		for (int i = 0; i < length; i++) {
			char c = this.out.charAt(one + i);
			if (c != this.out.charAt(other + i)) {
				return false;
			}
			values = values || c == '?';
		}
		return values;
	}

	private int skipSpace(int from) {
		return (from < this.out.length() && this.out.charAt(from) == ' ') ? from + 1 : from;
	}

	/** The last element becomes a value, whatever it was. */
	private void rewrite(int from) {
		this.out.setLength(skipSpace(from));
		this.out.append(VALUE);
	}

	/** What is neither row nor comma ends the rows. */
	private void leaveRows() {
		if (!this.full && this.unfollowed == 0 && group().loose) {
			endElement(group());
			this.depth--;
			group().element = Element.OTHER;
		}
	}

	private void mark(Element element) {
		if (!this.full && this.unfollowed == 0) {
			Group group = group();
			group.element = (group.element == Element.EMPTY) ? element : Element.OTHER;
		}
	}

	private Group group() {
		return this.groups[this.depth];
	}

	private void append(String text, int from, int to, boolean space) {
		// Twice the limit, as what is at the end may still become shorter.
		if (this.full || this.out.length() + (to - from) > 2 * this.limit) {
			this.full = true;
			return;
		}
		if (space && !this.out.isEmpty()) {
			this.out.append(' ');
		}
		this.beforeLastStart = this.lastStart;
		this.lastStart = this.out.length();
		this.out.append(text, from, to);
	}

	/** Whether nothing more is written. */
	boolean isFull() {
		return this.full;
	}

	/** Whether the text is shorter than the statement, once it is finished. */
	boolean isShortened(boolean cut) {
		return cut || this.full || this.out.length() > this.limit;
	}

	/**
	 * The text, which ends with an ellipsis if something is missing.
	 * @param cut whether the statement goes on
	 * @return at most {@code limit} characters
	 */
	String finish(boolean cut) {
		leaveRows();
		if (!isShortened(cut)) {
			return this.out.toString();
		}
		int end = Math.min(this.out.length(), this.limit - ELLIPSIS.length());
		if (end > 0 && Character.isHighSurrogate(this.out.charAt(end - 1))) {
			end--;
		}
		return this.out.substring(0, end) + ELLIPSIS;
	}

}
