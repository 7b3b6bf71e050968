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

	private final String action;

	ApmConfigurationException(String property, Object value, String allowed) {
		this(property, new Advice("'" + property + "' is '" + value + "', but allowed is " + allowed + ".",
				setOrRemove(property, allowed)));
	}

	private ApmConfigurationException(String property, Advice advice) {
		super(advice.problem());
		this.property = property;
		this.action = advice.action();
	}

	/**
	 * A value that is allowed, and needs a library that is not there.
	 */
	static ApmConfigurationException missingDependency(String property, Object value, String dependency) {
		return new ApmConfigurationException(property,
				new Advice("'" + property + "' is '" + value + "', but what it needs is not on the class path.",
						"Add the dependency " + dependency + "."));
	}

	/**
	 * A value that is not allowed and is not shown, as it may be a secret.
	 */
	static ApmConfigurationException secret(String property, String allowed) {
		return new ApmConfigurationException(property,
				new Advice("'" + property + "' is not " + allowed + ".", setOrRemove(property, allowed)));
	}

	private static String setOrRemove(String property, String allowed) {
		return "Set '" + property + "' to " + allowed + ", or remove it.";
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

	String action() {
		return this.action;
	}

	private record Advice(String problem, String action) {
	}

}
