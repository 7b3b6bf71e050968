package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;

import dev.apm4j.trace.Hexa32;

/**
 * The number of a project, which is in the text of its licence: parts of eight bytes in
 * {@link Hexa32}, of which the first bytes are a decimal. What follows is a key, which is
 * neither used nor kept here.
 */
public final class ProjectCode {

	private static final int MAX_PARTS = 8;

	private static final String NO_PROJECT = "The WhaTap licence has no project in it";

	private ProjectCode() {
	}

	/**
	 * The project's number.
	 * @param licence the licence; a secret
	 * @return the number
	 * @throws IllegalArgumentException if it is no licence; its text is not in the
	 * message
	 */
	public static long of(String licence) {
		String[] parts = licence.strip().split("-", MAX_PARTS + 1);
		if (parts.length > MAX_PARTS || parts.length < 2) {
			throw new IllegalArgumentException("The WhaTap licence has not the form of one");
		}
		ByteBuffer bytes = ByteBuffer.allocate(parts.length * Long.BYTES);
		for (String part : parts) {
			bytes.putLong(Hexa32.decode(part));
		}
		bytes.flip();
		int length = bytes.get();
		if (length != 1 && length != 2 && length != 3 && length != 4 && length != 5 && length != 8) {
			throw new IllegalArgumentException(NO_PROJECT);
		}
		long code = 0;
		for (int i = 0; i < length; i++) {
			code = (i == 0) ? bytes.get() : (code << 8) | (bytes.get() & 0xff);
		}
		if (code <= 0) {
			throw new IllegalArgumentException(NO_PROJECT);
		}
		return code;
	}

}
