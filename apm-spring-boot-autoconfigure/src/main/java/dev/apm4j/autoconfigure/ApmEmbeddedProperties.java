package dev.apm4j.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The embedded backend.
 *
 * @param maxSize memory for traces, 1MB or more; never more than a quarter of the largest
 * heap is used
 * @param slow traces that take at least this long count as slow and are kept longest
 */
@ConfigurationProperties("apm.embedded")
public record ApmEmbeddedProperties(@DefaultValue("64MB") DataSize maxSize, @DefaultValue("1s") Duration slow) {
}
