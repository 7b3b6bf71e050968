package dev.apm4j.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A property of the agent has a value that is not allowed. It ends the start with the
 * property's name and what is allowed, instead of an application that is traced otherwise
 * than its owner believes.
 */
class ApmConfigurationException extends RuntimeException {

	private static final Pattern CHECKED_ELSEWHERE = Pattern.compile("(\\S+) must be (.+) but is (.+)");

	private final String property;

	private final String allowed;

	ApmConfigurationException(String property, Object value, String allowed) {
		super("'" + property + "' is '" + value + "', but allowed is " + allowed + ".");
		this.property = property;
		this.allowed = allowed;
	}

	/**
	 * The same for settings that were checked elsewhere, with a message of the form "name
	 * must be range but is value".
	 */
	static ApmConfigurationException of(String prefix, IllegalArgumentException error) {
		Matcher message = CHECKED_ELSEWHERE.matcher(String.valueOf(error.getMessage()));
		if (!message.matches()) {
			throw error;
		}
		return new ApmConfigurationException(prefix + message.group(1), message.group(3), message.group(2));
	}

	String property() {
		return this.property;
	}

	String allowed() {
		return this.allowed;
	}

}
