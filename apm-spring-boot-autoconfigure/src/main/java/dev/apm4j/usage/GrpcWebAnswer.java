package dev.apm4j.usage;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

import dev.apm4j.usage.CollectorException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a call of gRPC-Web was answered: a status, and a message if it is OK. The body is
 * a row of frames, each a byte of flags, a length and bytes; the last one holds what in
 * gRPC are trailers. A failure without a message has its status among the headers. So an
 * answer that was cut off has no status, and is never taken for a success.
 *
 * @param status number of the gRPC status
 * @param statusText what the server says to it, often nothing
 * @param message the message, empty if there was none
 */
record GrpcWebAnswer(int status, String statusText, ByteBuffer message) {

	private static final int OK = 0;

	private static final int CANCELLED = 1;

	private static final int UNKNOWN = 2;

	private static final int DEADLINE_EXCEEDED = 4;

	private static final int PERMISSION_DENIED = 7;

	private static final int RESOURCE_EXHAUSTED = 8;

	private static final int UNAVAILABLE = 14;

	private static final int UNAUTHENTICATED = 16;

	private static final String[] NAMES = { "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED",
			"NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
			"OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED" };

	private static final int FRAME_HEAD = 5;

	private static final int TRAILERS = 0x80;

	/**
	 * Reads an answer.
	 * @param statusHeader its header {@code grpc-status}, if it has one
	 * @param messageHeader its header {@code grpc-message}, if it has one
	 * @param body its body
	 * @return the answer
	 * @throws IllegalArgumentException if this is not the answer to a gRPC-Web call, or
	 * not all of it
	 */
	static GrpcWebAnswer read(Optional<String> statusHeader, Optional<String> messageHeader, byte[] body) {
		if (statusHeader.isPresent()) {
			return of(status(statusHeader.get()), messageHeader.map(GrpcWebAnswer::decode).orElse(""), null);
		}
		ByteBuffer frames = ByteBuffer.wrap(body);
		ByteBuffer message = null;
		while (frames.remaining() >= FRAME_HEAD) {
			int flags = frames.get() & 0xFF;
			int length = frames.getInt();
			if (length < 0 || length > frames.remaining()) {
				throw new IllegalArgumentException("the answer was cut off");
			}
			ByteBuffer frame = frames.slice(frames.position(), length);
			frames.position(frames.position() + length);
			if (flags == TRAILERS) {
				return ended(StandardCharsets.UTF_8.decode(frame).toString(), message);
			}
			if (flags != 0) {
				throw new IllegalArgumentException("the answer is compressed, which nobody asked for");
			}
			message = frame;
		}
		throw new IllegalArgumentException("the answer was cut off");
	}

	private static GrpcWebAnswer ended(String trailers, @Nullable ByteBuffer message) {
		OptionalInt status = OptionalInt.empty();
		String text = "";
		for (String line : trailers.split("\r?\n")) {
			int colon = line.indexOf(':');
			String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
			String value = line.substring(colon + 1).strip();
			if (name.equals("grpc-status")) {
				status = OptionalInt.of(status(value));
			}
			else if (name.equals("grpc-message")) {
				text = decode(value);
			}
		}
		return of(status.orElseThrow(() -> new IllegalArgumentException("the answer ends without a status")), text,
				message);
	}

	private static GrpcWebAnswer of(int status, String text, @Nullable ByteBuffer message) {
		if (status == OK && message == null) {
			throw new IllegalArgumentException("the answer has no message");
		}
		return new GrpcWebAnswer(status, text, (message != null) ? message : ByteBuffer.allocate(0));
	}

	private static int status(String text) {
		try {
			return Integer.parseInt(text);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("the status of the answer is not a number", ex);
		}
	}

	private static String decode(String text) {
		try {
			// Percent-encoded as in a URL, but a plus is a plus.
			return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

	boolean isOk() {
		return this.status == OK;
	}

	/**
	 * What the status means for a message of this size. The collector has UNKNOWN for one
	 * that is too large, but for other things too.
	 * @param suspiciousSize whether the message was so large that it could be smaller
	 * @return the kind of the failure
	 */
	Kind kind(boolean suspiciousSize) {
		return switch (this.status) {
			case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.UNAUTHENTICATED;
			case CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE -> Kind.UNREACHABLE;
			case RESOURCE_EXHAUSTED, UNKNOWN -> suspiciousSize ? Kind.TOO_LARGE : Kind.REFUSED;
			default -> Kind.REFUSED;
		};
	}

	/** The status for people. */
	@Override
	public String toString() {
		String name = (this.status >= 0 && this.status < NAMES.length) ? NAMES[this.status] : "status " + this.status;
		return this.statusText.isEmpty() ? name : name + " (" + this.statusText + ")";
	}

}
