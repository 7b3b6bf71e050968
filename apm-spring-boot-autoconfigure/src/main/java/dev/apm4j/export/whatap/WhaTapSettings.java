package dev.apm4j.export.whatap;

import java.time.Duration;

import dev.apm4j.trace.Hexa32;

/**
 * How the backend behaves, checked. The licence is not among it: what is needed of it is
 * the project's number.
 *
 * @param host where the agent listens
 * @param port its UDP port
 * @param version the version of the packets
 * @param projectCode number of the project, 0 if unknown
 * @param oid number of this object in the project, 0 if unknown
 * @param okind number of the kind of this object, 0 if unknown
 * @param lostTime how long the agent waits for the end of a transaction
 * ({@code trace_active_transaction_lost_time})
 * @param multiServer whether transactions tell whom they belong to on other servers
 * ({@code mtrace_enabled})
 */
public record WhaTapSettings(String host, int port, int version, long projectCode, int oid, int okind,
		Duration lostTime, boolean multiServer) {

	/** Where an agent listens if it is told nothing else. */
	public static final String DEFAULT_HOST = "127.0.0.1";

	/** The port for it. */
	public static final int DEFAULT_PORT = 6600;

	/** The version that every agent knows that is still shipped. */
	public static final int DEFAULT_VERSION = 20104;

	/** How long an agent waits if it is told nothing else. */
	public static final Duration DEFAULT_LOST_TIME = Duration.ofMinutes(5);

	/** The settings of an agent on this machine that is told nothing. */
	public static final WhaTapSettings DEFAULT = new WhaTapSettings(DEFAULT_HOST, DEFAULT_PORT, DEFAULT_VERSION, 0, 0,
			0, DEFAULT_LOST_TIME);

	public WhaTapSettings {
		if (host.isBlank() || port < 1 || port > 0xffff || lostTime.isNegative() || lostTime.isZero()) {
			throw new IllegalArgumentException(
					"Not the settings of a WhaTap agent: UDP " + host + ":" + port + ", lost after " + lostTime);
		}
		WireVersion.of(version);
	}

	/**
	 * The same with transactions that tell whom they belong to.
	 * @param host where the agent listens
	 * @param port its UDP port
	 * @param version the version of the packets
	 * @param projectCode number of the project, 0 if unknown
	 * @param oid number of this object in the project, 0 if unknown
	 * @param okind number of the kind of this object, 0 if unknown
	 * @param lostTime how long the agent waits for the end of a transaction
	 */
	public WhaTapSettings(String host, int port, int version, long projectCode, int oid, int okind, Duration lostTime) {
		this(host, port, version, projectCode, oid, okind, lostTime, true);
	}

	/**
	 * The project, kind and object that this process is, as {@code x-wtap-po} has them.
	 * @return empty if the project is unknown
	 */
	String object() {
		return (this.projectCode != 0) ? Hexa32.encodeAll(this.projectCode, this.okind, this.oid) : "";
	}

}
