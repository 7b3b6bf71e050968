package dev.apm4j.usage;

import java.lang.reflect.Modifier;

/**
 * Visibility of a method, the most visible first.
 */
public enum Visibility {

	/** Visible to all. */
	PUBLIC("public"),

	/** Visible to subclasses and the package. */
	PROTECTED("protected"),

	/** Visible to the package. */
	PACKAGE_PRIVATE("package-private"),

	/** Visible to the class. */
	PRIVATE("private");

	private final String text;

	Visibility(String text) {
		this.text = text;
	}

	/**
	 * The text for the collector.
	 * @return such as {@code package-private}
	 */
	public String text() {
		return this.text;
	}

	/**
	 * Whether something is visible enough.
	 * @param other what is asked for
	 * @return whether it is at least as visible as this
	 */
	boolean includes(Visibility other) {
		return other.compareTo(this) <= 0;
	}

	static Visibility of(int access) {
		if (Modifier.isPublic(access)) {
			return PUBLIC;
		}
		if (Modifier.isProtected(access)) {
			return PROTECTED;
		}
		return Modifier.isPrivate(access) ? PRIVATE : PACKAGE_PRIVATE;
	}

}
