package dev.apm4j.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Log lines in SkyWalking.
 *
 * @param enabled whether log lines are reported, which needs Logback or Log4j 2
 * @param level the lowest level that is reported
 * @param maxLength characters of a message that are reported, 100 or more
 * @param queueSize lines that may wait, 16 or more; what exceeds them is dropped and
 * counted
 */
@ConfigurationProperties("apm.skywalking.logs")
record ApmSkyWalkingLogsProperties(@DefaultValue("false") boolean enabled, @DefaultValue("INFO") LogThreshold level,
		@DefaultValue("4096") int maxLength, @DefaultValue("2048") int queueSize) {

}
