package dev.apm4j.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * A key of WhaTap's agents for {@code whatap.conf}.
 *
 * @param name the key; with a star at its end, all keys that begin so
 * @param use what becomes of it
 * @param property the property that stands for it here, {@code null} for none
 * @param live whether a change takes effect while the application runs
 * @param conversion makes the property's value of the key's
 * @param remark what else there is to know
 */
record WhaTapKey(String name, Use use, @Nullable String property, boolean live, Conversion conversion, String remark) {

	/**
	 * What becomes of a key.
	 */
	enum Use {

		/** A property stands for it. */
		MAPPED,

		/** The local agent reads the same file and does what it says. */
		AGENT,

		/** Nobody does anything with it. */
		UNSUPPORTED

	}

	static WhaTapKey mapped(String name, String property, Conversion conversion) {
		return new WhaTapKey(name, Use.MAPPED, property, false, conversion, "");
	}

	static WhaTapKey agent(String name, String remark) {
		return new WhaTapKey(name, Use.AGENT, null, false, Conversion.NONE, remark);
	}

	static WhaTapKey unsupported(String name, String remark) {
		return new WhaTapKey(name, Use.UNSUPPORTED, null, false, Conversion.NONE, remark);
	}

	/** The same for a property that is looked at again when the file changes. */
	WhaTapKey atOnce() {
		return new WhaTapKey(this.name, this.use, this.property, true, this.conversion, this.remark);
	}

	WhaTapKey remark(String newRemark) {
		return new WhaTapKey(this.name, this.use, this.property, this.live, this.conversion, newRemark);
	}

	boolean matches(String key) {
		return this.name.endsWith("*") ? key.startsWith(this.name.substring(0, this.name.length() - 1))
				: this.name.equals(key);
	}

	/**
	 * Makes a property's value of a key's.
	 */
	@FunctionalInterface
	interface Conversion {

		/** For what has no property. */
		Conversion NONE = (value) -> null;

		/**
		 * Converts a value.
		 * @param value what the file says
		 * @return what the property is, {@code null} if the key says nothing
		 * @throws IllegalArgumentException if the value is wrong; the message says what
		 * is needed, and nothing of the value
		 */
		@Nullable String convert(String value);

	}

}
