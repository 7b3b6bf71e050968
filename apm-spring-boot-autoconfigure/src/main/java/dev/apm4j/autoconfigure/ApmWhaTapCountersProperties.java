package dev.apm4j.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Counters in WhaTap.
 *
 * @param enabled whether counters are reported: the JVM, pools, and what running
 * transactions are doing
 * @param interval time between two reports, 1s or more
 */
@ConfigurationProperties("apm.whatap.counters")
record ApmWhaTapCountersProperties(@DefaultValue("true") boolean enabled, @DefaultValue("5s") Duration interval) {

}
