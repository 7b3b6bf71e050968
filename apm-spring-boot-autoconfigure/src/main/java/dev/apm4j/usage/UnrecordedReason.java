package dev.apm4j.usage;

/**
 * Why calls of a method are not recorded, or not all of them. Whether such a method is
 * dead can't be said.
 */
public enum UnrecordedReason {

	/** May have been called before the recording began. */
	LOADED_BEFORE("loaded before the recording began"),

	/** By a class loader of another part of the JVM, or in a module that doesn't read. */
	OTHER_CLASS_LOADER("loaded by a class loader, or in a module, that does not see apm4j"),

	/** Compiled for a Java that the library for class files doesn't know. */
	NEWER_CLASS_FILE("compiled for a newer Java than is known"),

	/** The JVM's limit of 64 KB. */
	TOO_LARGE("too large for one more instruction"),

	/** More methods than may count. */
	LIMIT("more methods than may be recorded"),

	/** Anything else. */
	FAILED("could not be changed");

	private final String text;

	UnrecordedReason(String text) {
		this.text = text;
	}

	/**
	 * The reason for people.
	 * @return such as {@code loaded before the recording began}
	 */
	public String text() {
		return this.text;
	}

}
