package dev.apm4j.export.whatap;

/**
 * Bytes of UTF-8 that a field may have, as golib's {@code lang/pack/udp} has them.
 */
final class TextLimits {

	/** Host, path, user agent, referer, client, the title of a message. */
	static final int NAME = 2048;

	/** The method of a request, an address, and what a caller says of itself. */
	static final int WORD = 256;

	static final int CONNECTION = 4096;

	/** SQL, the URL of a call, the text of a message, a stack. */
	static final int TEXT = 32 * 1024;

	/** Type and message of an error. */
	static final int ERROR = 4096;

	/**
	 * Error and stack of an SQL step with parameters: all its fields at their most would
	 * not fit into a datagram.
	 */
	static final int ERROR_OF_PARAMETERS = 2048;

	/** Headers or parameters of a request. */
	static final int ENTRIES = 20;

	static final int ENTRY_KEY = 255;

	static final int ENTRY_VALUE = 256;

	/** All parameters of an SQL statement. */
	static final int SQL_PARAMETERS = ENTRIES * ENTRY_VALUE;

	private TextLimits() {
	}

}
