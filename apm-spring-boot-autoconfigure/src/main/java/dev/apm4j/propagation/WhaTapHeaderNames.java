package dev.apm4j.propagation;

/**
 * The names of WhaTap's headers, which its agents have as options.
 *
 * @param transaction ids and depth ({@code mtrace_caller_key})
 * @param object project and object of the caller ({@code mtrace_poid_key})
 * @param service version and name of the calling service ({@code mtrace_spec_key1})
 * @param olderService an older form of it, only read ({@code mtrace_spec_key})
 * @param info another older form of it, only read ({@code mtrace_info_key})
 */
public record WhaTapHeaderNames(String transaction, String object, String service, String olderService, String info) {

	/** The names that all agents have by default. */
	public static final WhaTapHeaderNames DEFAULT = new WhaTapHeaderNames("x-wtap-mst", "x-wtap-po", "x-wtap-sp1",
			"x-wtap-sp", "x-wtap-inf");

	private static final int MAX_LENGTH = 100;

	/**
	 * Checks the names.
	 * @throws IllegalArgumentException if one of them can't be the name of a header
	 */
	public WhaTapHeaderNames {
		for (String name : new String[] { transaction, object, service, olderService, info }) {
			requireName(name);
		}
	}

	/**
	 * Checks a name.
	 * @param name the name
	 * @throws IllegalArgumentException if it can't be the name of a header
	 */
	public static void requireName(String name) {
		if (name.length() > MAX_LENGTH || !HeaderText.isToken(name, 0, name.length())) {
			throw new IllegalArgumentException("the name of an HTTP header, such as x-wtap-mst, is needed");
		}
	}

}
