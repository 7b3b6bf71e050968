package dev.apm4j.usage;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is done with the calls that are recorded.
 *
 * @param interval how often is looked which methods were called
 * @param file keeps first and last calls over restarts; {@code null} for none
 * @param report takes the report as text at the end; {@code null} for none
 * @param collector where code base and calls are published; {@code null} for nowhere
 */
public record UsageSettings(Duration interval, @Nullable Path file, @Nullable Path report,
		@Nullable CollectorSettings collector) {
}
