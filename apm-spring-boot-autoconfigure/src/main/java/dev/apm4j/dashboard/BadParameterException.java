package dev.apm4j.dashboard;

/**
 * A parameter of the API has a value that makes no sense. The message names the parameter
 * and what is allowed.
 */
final class BadParameterException extends RuntimeException {

	BadParameterException(String parameter, String allowed) {
		super("'" + parameter + "' must be " + allowed, null, false, false);
	}

}
