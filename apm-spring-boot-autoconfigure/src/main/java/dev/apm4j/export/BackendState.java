package dev.apm4j.export;

import java.util.Locale;

/**
 * What is known of a backend from the last attempt to reach it.
 */
public enum BackendState {

	/** Nothing was sent so far. */
	CONNECTING,

	/** The last attempt succeeded. */
	UP,

	/** The last attempt failed or was refused. */
	DOWN,

	/** The pipeline is closed. */
	CLOSED;

	/**
	 * The state as it appears in meters and the actuator endpoint.
	 * @return the name in lower case
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT);
	}

}
