package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Meters in SkyWalking.
 *
 * @param enabled whether meters are reported: those of Hikari and of thread pools, and
 * those of include
 * @param include names of further meters, such as http.server.requests, with * for any
 * characters
 * @param interval time between two reports, 1s or more
 */
@ConfigurationProperties("apm.skywalking.meters")
record ApmSkyWalkingMetersProperties(@DefaultValue("true") boolean enabled, @DefaultValue List<String> include,
		@DefaultValue("20s") Duration interval) {

}
