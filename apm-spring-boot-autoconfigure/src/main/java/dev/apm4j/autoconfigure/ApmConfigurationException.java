package dev.apm4j.autoconfigure;

/**
 * A property of the agent has a value that is not allowed. It ends the start with the
 * property's name and what is allowed, instead of an application that is traced otherwise
 * than its owner believes.
 */
class ApmConfigurationException extends RuntimeException {

	private final String property;

	private final String allowed;

	ApmConfigurationException(String property, Object value, String allowed) {
		super("'" + property + "' is '" + value + "', but allowed is " + allowed);
		this.property = property;
		this.allowed = allowed;
	}

	String property() {
		return this.property;
	}

	String allowed() {
		return this.allowed;
	}

}
