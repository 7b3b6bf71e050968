package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * What the agent asks for: {@code id,request,extra}, where extra is numbers with blanks
 * in between. Source: the Python agent's {@code UdpSession.handle}.
 *
 * @param id what is asked for
 * @param request number of the question, which the answer has too
 * @param extra the thread and the transaction, old agents the transaction first; not to
 * be changed
 */
@SuppressWarnings("ArrayRecordComponent")
record ControlRequest(int id, long request, long[] extra) {

	/** The stack of a running transaction. */
	static final int ACTIVE_STACK = 0;

	/** A running transaction in detail. */
	static final int TRANSACTION_DETAIL = 26;

	/** How many running transactions do what. */
	static final int ACTIVE_STATISTICS = 40;

	/** The connections of pools. */
	static final int DATABASE_POOLS = 41;

	/** The libraries of the application. */
	static final int MODULES = 101;

	/** Agents read no more than that themselves. */
	static final int MAX_BYTES = 1024;

	private static final int MAX_EXTRA = 8;

	/**
	 * Reads a question.
	 * @param datagram what came in
	 * @return the question, or {@code null} if it is none
	 */
	static @Nullable ControlRequest parse(ByteBuffer datagram) {
		if (datagram.remaining() > MAX_BYTES) {
			return null;
		}
		String[] parts = StandardCharsets.US_ASCII.decode(datagram).toString().strip().split(",", -1);
		if (parts.length != 3) {
			return null;
		}
		try {
			int id = Integer.parseInt(parts[0].strip());
			long request = Long.parseLong(parts[1].strip());
			long[] extra = numbers(parts[2].strip());
			return (id >= 0 && extra != null) ? new ControlRequest(id, request, extra) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static long @Nullable [] numbers(String text) {
		if (text.isEmpty()) {
			return new long[0];
		}
		String[] parts = text.split(" +", MAX_EXTRA + 1);
		if (parts.length > MAX_EXTRA) {
			return null;
		}
		long[] numbers = new long[parts.length];
		for (int i = 0; i < parts.length; i++) {
			numbers[i] = Long.parseLong(parts[i]);
		}
		return numbers;
	}

}
