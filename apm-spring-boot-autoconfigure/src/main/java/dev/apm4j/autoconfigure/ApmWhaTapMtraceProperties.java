package dev.apm4j.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * WhaTap's transactions over several servers.
 *
 * @param enabled whether WhaTap's headers are read and written, and transactions tell
 * whom they belong to
 * @param callerHeader name of the header with the ids
 * @param poidHeader name of the header with the caller's project and object
 * @param spec1Header name of the header with the caller's version and name
 * @param specHeader name of an older header with them, which is only read
 * @param infoHeader name of another older header with them, which is only read
 */
@ConfigurationProperties("apm.whatap.mtrace")
record ApmWhaTapMtraceProperties(@DefaultValue("true") boolean enabled, @DefaultValue("x-wtap-mst") String callerHeader,
		@DefaultValue("x-wtap-po") String poidHeader, @DefaultValue("x-wtap-sp1") String spec1Header,
		@DefaultValue("x-wtap-sp") String specHeader, @DefaultValue("x-wtap-inf") String infoHeader) {

}
