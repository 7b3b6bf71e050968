package dev.apm4j.export.whatap;

import java.io.IOException;

/**
 * Nobody listens where the agent should. Thrown for each packet meanwhile, so it has no
 * stack trace.
 */
final class AgentUnreachableException extends IOException {

	private static final long serialVersionUID = 1L;

	AgentUnreachableException(String address) {
		super("no WhaTap agent listens at UDP " + address + " (port unreachable)");
	}

	@Override
	public Throwable fillInStackTrace() {
		return this;
	}

}
