package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Tells a client that went away from a failure of the server. The connections that a
 * handler opens itself break in the same way, therefore a wrapped {@link IOException}
 * counts only if its class says that it is the container's.
 */
final class ClientAbort {

	private static final Set<String> CONTAINERS_OWN = Set.of("org.apache.catalina.connector.ClientAbortException",
			"org.eclipse.jetty.io.EofException",
			"org.springframework.web.context.request.async.AsyncRequestNotUsableException");

	private static final int MAX_CAUSES = 16;

	private ClientAbort() {
	}

	static boolean isReasonOf(Throwable thrown) {
		Throwable cause = thrown;
		for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
			if (CONTAINERS_OWN.contains(cause.getClass().getName())) {
				return true;
			}
			cause = cause.getCause();
		}
		return thrown instanceof ClosedChannelException
				|| (thrown.getClass() == IOException.class && isBrokenConnection(thrown.getMessage()));
	}

	private static boolean isBrokenConnection(@Nullable String message) {
		if (message == null) {
			return false;
		}
		String text = message.toLowerCase(Locale.ROOT);
		return text.contains("broken pipe") || text.contains("connection reset by peer");
	}

}
