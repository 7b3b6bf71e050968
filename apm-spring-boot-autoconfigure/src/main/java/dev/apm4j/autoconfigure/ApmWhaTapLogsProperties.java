package dev.apm4j.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Log lines in WhaTap.
 *
 * @param enabled whether log lines inside of transactions are reported, which needs
 * Logback or Log4j 2
 * @param level the lowest level that is reported
 * @param maxLength characters of a message that are reported, 100 to 16384
 * @param queueSize lines that may wait, 16 or more; what exceeds them is dropped and
 * counted
 */
@ConfigurationProperties("apm.whatap.logs")
record ApmWhaTapLogsProperties(@DefaultValue("false") boolean enabled, @DefaultValue("INFO") LogThreshold level,
		@DefaultValue("4096") int maxLength, @DefaultValue("2048") int queueSize) {

}
