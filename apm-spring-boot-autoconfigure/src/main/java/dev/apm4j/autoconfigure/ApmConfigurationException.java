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
		super("'" + property + "' is '" + value + "', but allowed is " + allowed + ".");
		this.property = property;
		this.allowed = allowed;
	}

	/**
	 * Names the property in an error that begins with the name of a setting and goes on
	 * with what is allowed.
	 */
	static ApmConfigurationException of(String prefix, IllegalArgumentException error) {
		return new ApmConfigurationException(prefix, String.valueOf(error.getMessage()));
	}

	private ApmConfigurationException(String prefix, String message) {
		super(prefix + message);
		int end = message.indexOf(' ');
		this.property = prefix + ((end > 0) ? message.substring(0, end) : message);
		this.allowed = "a value in that range";
	}

	String property() {
		return this.property;
	}

	String allowed() {
		return this.allowed;
	}

}
