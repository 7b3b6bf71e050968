package dev.apm4j.trace;

import org.jspecify.annotations.Nullable;

/**
 * A line that the application has logged. Immutable, and as long as the application made
 * it: whoever keeps it cuts it.
 *
 * @param epochMillis when, in milliseconds since the epoch
 * @param level its level in capital letters, such as {@code WARN}
 * @param logger name of the logger
 * @param thread name of the thread
 * @param message the message with its arguments filled in
 * @param throwable what was thrown, if anything
 * @param span the span in which it was logged, if any
 */
public record LogLine(long epochMillis, String level, String logger, String thread, String message,
		@Nullable Throwable throwable, @Nullable ApmSpan span) {

}
