package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Locale;

import dev.apm4j.export.ExportRejectedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.handler.ssl.NotSslRecordException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call means, in words that lead to the property that is wrong. The codes
 * that make it worth to try another server are those of SkyWalking's own agent, and those
 * of a server that hangs or is something else.
 */
final class GrpcFailure {

	/** How a TLS alert begins on the wire, as Netty writes it. */
	private static final String TLS_ALERT = "bytes: 1503";

	/** How an answer in HTTP/1 begins. */
	private static final String HTTP_1 = "bytes: 48545450";

	private GrpcFailure() {
	}

	/** Whether the next call should go to another server. */
	static boolean mayBeTheServers(Status status) {
		return !isTooLarge(status) && switch (status.getCode()) {
			case UNAVAILABLE, PERMISSION_DENIED, UNAUTHENTICATED, RESOURCE_EXHAUSTED, UNKNOWN, DEADLINE_EXCEEDED,
					INTERNAL ->
				true;
			case UNIMPLEMENTED -> isHttp(status);
			default -> false;
		};
	}

	/** Whether the same call should go to another server at once. */
	static boolean isWorthAnotherServer(Status status) {
		// The time for this call is over already.
		return status.getCode() != Status.Code.DEADLINE_EXCEEDED && mayBeTheServers(status);
	}

	/** A server with a smaller limit, in the words of gRPC for Java and for Go. */
	private static boolean isTooLarge(Status status) {
		String description = String.valueOf(status.getDescription()).toLowerCase(Locale.ROOT);
		return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
				&& (description.contains("exceeds maximum") || description.contains("larger than max"));
	}

	/** All that older servers do with what is too large for them. */
	private static boolean isCancelledByServer(Status status) {
		return status.getCode() == Status.Code.CANCELLED
				&& String.valueOf(status.getDescription()).contains("RST_STREAM");
	}

	static Exception translate(StatusRuntimeException failure, ServerAddress server, ChannelSettings settings) {
		Status status = failure.getStatus();
		if (isTooLarge(status)) {
			return new TooLargeException(server + " takes no messages of this size: apm.skywalking.max-message-size "
					+ "should not be more than it takes", true);
		}
		if (isCancelledByServer(status)) {
			return new TooLargeException(
					server + " has ended the call: perhaps apm.skywalking.max-message-size is " + "more than it takes",
					false);
		}
		return switch (status.getCode()) {
			case PERMISSION_DENIED,
					UNAUTHENTICATED ->
				new ExportRejectedException(server + " refuses this client (" + status.getCode() + "): "
						+ ((settings.token() != null) ? "apm.skywalking.token is not the one it knows"
								: "it wants a token, see apm.skywalking.token"));
			case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION ->
				new ExportRejectedException(server + " refuses the data (" + status.getCode() + ")");
			case UNIMPLEMENTED -> isHttp(status) ? unavailable(failure, server, settings)
					: new UnsupportedSignalException(server + " does not know this service");
			case DEADLINE_EXCEEDED ->
				new IOException(server + " did not answer within " + settings.deadline().toMillis() + " ms");
			default -> unavailable(failure, server, settings);
		};
	}

	private static boolean isHttp(Status status) {
		String description = status.getDescription();
		return description != null && description.startsWith("HTTP status code");
	}

	private static IOException unavailable(StatusRuntimeException failure, ServerAddress server,
			ChannelSettings settings) {
		String known = known(failure.getStatus(), server, settings);
		// What gRPC says is long and misleading where the reason is known.
		return (known != null) ? new IOException(known)
				: new IOException(server + " cannot be reached (" + failure.getStatus().getCode() + ")", failure);
	}

	private static @Nullable String known(Status status, ServerAddress server, ChannelSettings settings) {
		String text = chain(status);
		boolean tls = settings.tls() != null;
		if (find(status, NotSslRecordException.class) != null || (tls && text.contains("unrecognized ssl message"))) {
			return server + " does not speak TLS: a wrong port, or apm.skywalking.tls.enabled should be false";
		}
		if (!tls && text.contains(TLS_ALERT)) {
			return server + " speaks TLS: apm.skywalking.tls.enabled should be true";
		}
		if (text.contains(HTTP_1) || isHttp(status)) {
			return server + " answers, but not in gRPC: a wrong port? SkyWalking takes gRPC on 11800";
		}
		if (text.contains("certificate_required") || text.contains("bad_certificate")
				|| text.contains("certificate_unknown") || text.contains("handshake_failure")) {
			return server + " does not accept the certificate of this client: "
					+ "see apm.skywalking.tls.client-certificate";
		}
		if (text.contains("pkix") || text.contains("no name matching") || text.contains("no subject alternative")
				|| text.contains("certificate")) {
			return server + " has a certificate that is not trusted: see apm.skywalking.tls.ca-certificate";
		}
		if (find(status, ConnectException.class) != null) {
			return server + " cannot be reached: " + reason(text);
		}
		if (text.contains("not settings") || text.contains("http/1")) {
			return server + " answers, but not in gRPC: a wrong port"
					+ (tls ? "?" : ", or apm.skywalking.tls.enabled should be true?");
		}
		if (text.contains("goaway")) {
			return server + " cannot be reached: it has closed the connection";
		}
		if (!tls && text.contains("closed")) {
			return server + " cannot be reached: the connection was closed; perhaps it speaks TLS, and "
					+ "apm.skywalking.tls.enabled should be true";
		}
		return null;
	}

	private static String reason(String text) {
		return text.contains("timed out") ? "the connection timed out"
				: (text.contains("refused") ? "connection refused" : "no connection");
	}

	/**
	 * All that is said anywhere, to look for words in. Never shown: it may be anything.
	 */
	private static String chain(Status status) {
		StringBuilder text = new StringBuilder();
		if (status.getDescription() != null) {
			text.append(status.getDescription());
		}
		Throwable cause = status.getCause();
		for (int i = 0; i < 8 && cause != null; i++) {
			text.append(' ').append(cause.getMessage());
			cause = cause.getCause();
		}
		return text.toString().toLowerCase(Locale.ROOT);
	}

	private static <T extends Throwable> @Nullable T find(Status status, Class<T> type) {
		Throwable cause = status.getCause();
		for (int i = 0; i < 8 && cause != null; i++) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
			cause = cause.getCause();
		}
		return null;
	}

}
