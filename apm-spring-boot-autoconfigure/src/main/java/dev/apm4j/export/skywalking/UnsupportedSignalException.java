package dev.apm4j.export.skywalking;

/**
 * Says that a kind of data cannot be sent: the transport does not carry it, or the server
 * does not know the service (gRPC's {@code UNIMPLEMENTED}). Trying again would not help.
 */
public class UnsupportedSignalException extends Exception {

	/**
	 * Creates the exception.
	 * @param message what is not carried by whom
	 */
	public UnsupportedSignalException(String message) {
		super(message);
	}

}
