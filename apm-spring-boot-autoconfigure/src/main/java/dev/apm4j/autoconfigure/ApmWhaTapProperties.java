package dev.apm4j.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The WhaTap backend.
 *
 * @param enabled whether anything is reported; if not, the backend is left out of those
 * that are chosen
 * @param host where the local agent listens
 * @param port the UDP port on which it listens
 * @param version the version of its packets, 20104 or 20106
 * @param license the licence, of which only the number of the project is used; never
 * shown
 * @param projectCode the number of the project, in place of the licence
 * @param oid number of this object in the project, which the local agent knows
 * @param okind number of the kind of this object
 * @param lostTime how long the local agent waits for the end of a transaction
 * (trace_active_transaction_lost_time in its configuration), 10s to 24d
 * @param home directory of a whatap.conf; without it the environment's WHATAP_HOME
 * @param mtrace transactions over several servers
 */
@ConfigurationProperties("apm.whatap")
public record ApmWhaTapProperties(@DefaultValue("true") boolean enabled, @DefaultValue("127.0.0.1") String host,
		@DefaultValue("6600") int port, @DefaultValue("20104") int version, @Nullable String license,
		@Nullable Long projectCode, @DefaultValue("0") int oid, @DefaultValue("0") int okind,
		@DefaultValue("300s") Duration lostTime, @Nullable String home, @DefaultValue Mtrace mtrace) {

	/** Nothing of it: there is a secret among the values. */
	@Override
	public String toString() {
		return "ApmWhaTapProperties";
	}

	/**
	 * Transactions over several servers.
	 *
	 * @param enabled whether WhaTap's headers are read and written, and transactions tell
	 * whom they belong to
	 * @param callerHeader name of the header with the ids
	 * @param poidHeader name of the header with the caller's project and object
	 * @param spec1Header name of the header with the caller's version and name
	 * @param specHeader name of an older header with them, which is only read
	 * @param infoHeader name of another older header with them, which is only read
	 */
	public record Mtrace(@DefaultValue("true") boolean enabled, @DefaultValue("x-wtap-mst") String callerHeader,
			@DefaultValue("x-wtap-po") String poidHeader, @DefaultValue("x-wtap-sp1") String spec1Header,
			@DefaultValue("x-wtap-sp") String specHeader, @DefaultValue("x-wtap-inf") String infoHeader) {
	}

}
