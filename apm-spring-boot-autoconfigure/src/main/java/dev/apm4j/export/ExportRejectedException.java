package dev.apm4j.export;

/**
 * Says that a backend has refused a batch for good: its content, size or credentials are
 * wrong, and sending it again would not help.
 */
public class ExportRejectedException extends Exception {

	/**
	 * Creates the exception.
	 * @param message what the backend answered, without secrets
	 */
	public ExportRejectedException(String message) {
		super(message);
	}

}
