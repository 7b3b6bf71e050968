package dev.apm4j.export.whatap;

/**
 * Why a packet was lost.
 */
enum PacketDrop {

	/** It fits into no datagram. */
	TOO_LARGE("too large"),

	/** Nobody listens. */
	UNREACHABLE("agent unreachable"),

	/** The system had no room for the datagram. */
	BUFFER_FULL("send buffer full"),

	/** Sending failed otherwise. */
	FAILED("sending failed"),

	/** The backend is closed. */
	CLOSED("closed");

	private final String words;

	PacketDrop(String words) {
		this.words = words;
	}

	@Override
	public String toString() {
		return this.words;
	}

}
