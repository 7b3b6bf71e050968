package dev.apm4j.propagation;

/**
 * The list in the {@code tracestate} header of W3C Trace Context level 2 (section 3.3).
 * <p>
 * The list is passed on with its members, their order and their values unchanged; empty
 * members and the white space around members are left out. A list with an invalid member,
 * with the same key twice or with more than {@value #MAX_MEMBERS} members is dropped as a
 * whole, which is what the specification's own test suite expects.
 * <p>
 * Level 1 has simple keys and keys of a tenant and a system ({@code tenant@system}, 241
 * and 14 characters); level 2 has one rule for both, which allows a digit at the
 * beginning and {@code @} anywhere. Accepted here is what level 2 allows and the test
 * suite, which tests the parts of a key, does not refuse: a digit may begin a simple key
 * and either part, but there is at most one {@code @} and both parts have their lengths.
 * <p>
 * At most {@value #MAX_PROPAGATED} characters are passed on (the specification asks for
 * 512 at least). From a longer list members of more than 128 characters are taken away
 * first, then members from the end.
 */
final class TraceState {

	static final int MAX_MEMBERS = 32;

	/** 32 members of the greatest length, with white space around each. */
	static final int MAX_RECEIVED = 17_000;

	static final int MAX_PROPAGATED = 4096;

	private static final int LONG_MEMBER = 128;

	private static final int MAX_PART = 256;

	private static final int MAX_TENANT = 241;

	private static final int MAX_SYSTEM = 14;

	private final String header;

	/** Pairs of begin and end. */
	private final int[] members = new int[MAX_MEMBERS * 2];

	private int count;

	private TraceState(String header) {
		this.header = header;
	}

	/**
	 * Validates a list.
	 * @param header the header, or several that are joined by commas
	 * @return the list to pass on, empty if it is empty or invalid
	 */
	static String normalize(String header) {
		if (header.length() > MAX_RECEIVED) {
			return "";
		}
		if (header.indexOf(',') < 0) {
			String member = HeaderText.trim(header);
			return (endOfKey(member, 0, member.length()) >= 0) ? member : "";
		}
		TraceState state = new TraceState(header);
		return state.parse() ? state.combine() : "";
	}

	private boolean parse() {
		int length = this.header.length();
		int position = 0;
		while (position <= length) {
			int comma = this.header.indexOf(',', position);
			int memberEnd = (comma < 0) ? length : comma;
			int from = HeaderText.skipSpace(this.header, position, memberEnd);
			int to = HeaderText.trimSpace(this.header, from, memberEnd);
			if (from < to && !add(from, to)) {
				return false;
			}
			position = memberEnd + 1;
		}
		return true;
	}

	private boolean add(int from, int to) {
		int keyEnd = endOfKey(this.header, from, to);
		if (keyEnd < 0 || this.count == MAX_MEMBERS) {
			return false;
		}
		int length = keyEnd + 1 - from;
		for (int i = 0; i < this.count; i++) {
			// The equals sign is compared too, so that no key is taken for its prefix.
			if (this.header.regionMatches(from, this.header, this.members[2 * i], length)) {
				return false;
			}
		}
		this.members[2 * this.count] = from;
		this.members[2 * this.count + 1] = to;
		this.count++;
		return true;
	}

	private String combine() {
		int total = -1;
		for (int i = 0; i < this.count; i++) {
			total += length(i) + 1;
		}
		for (int i = this.count - 1; i >= 0 && total > MAX_PROPAGATED; i--) {
			if (length(i) > LONG_MEMBER) {
				total -= remove(i);
			}
		}
		for (int i = this.count - 1; i >= 0 && total > MAX_PROPAGATED; i--) {
			total -= remove(i);
		}
		if (total == this.header.length()) {
			return this.header;
		}
		StringBuilder list = new StringBuilder(Math.max(total, 0));
		for (int i = 0; i < this.count; i++) {
			if (length(i) > 0) {
				if (list.length() > 0) {
					list.append(',');
				}
				list.append(this.header, this.members[2 * i], this.members[2 * i + 1]);
			}
		}
		return list.toString();
	}

	private int length(int member) {
		return this.members[2 * member + 1] - this.members[2 * member];
	}

	private int remove(int member) {
		int length = length(member);
		this.members[2 * member + 1] = this.members[2 * member];
		return (length > 0) ? length + 1 : 0;
	}

	/**
	 * Index of the equals sign of a member, or -1 if the member is invalid.
	 */
	private static int endOfKey(String text, int from, int to) {
		int equals = text.indexOf('=', from);
		if (equals < 0 || equals >= to || !isKey(text, from, equals)) {
			return -1;
		}
		int length = to - equals - 1;
		if (length < 1 || length > MAX_PART) {
			return -1;
		}
		for (int i = equals + 1; i < to; i++) {
			char c = text.charAt(i);
			if (c < 0x20 || c > 0x7e || c == '=') {
				return -1;
			}
		}
		return equals;
	}

	private static boolean isKey(String text, int from, int to) {
		int at = text.indexOf('@', from);
		if (at < 0 || at >= to) {
			return isPart(text, from, to, MAX_PART);
		}
		return isPart(text, from, at, MAX_TENANT) && isPart(text, at + 1, to, MAX_SYSTEM);
	}

	private static boolean isPart(String text, int from, int to, int maxLength) {
		if (to <= from || to - from > maxLength || !isLowerOrDigit(text.charAt(from))) {
			return false;
		}
		for (int i = from + 1; i < to; i++) {
			char c = text.charAt(i);
			if (!isLowerOrDigit(c) && c != '_' && c != '-' && c != '*' && c != '/') {
				return false;
			}
		}
		return true;
	}

	private static boolean isLowerOrDigit(char c) {
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	}

}
