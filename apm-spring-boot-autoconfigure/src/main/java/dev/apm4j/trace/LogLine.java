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

	/**
	 * A line that can wait: what an application logs may have megabytes.
	 * @param length how many characters of the message are kept at most, 1 or more
	 * @return this line if its message is not longer
	 */
	public LogLine cutTo(int length) {
		if (this.message.length() <= length) {
			return this;
		}
		int end = Character.isHighSurrogate(this.message.charAt(length - 1)) ? length - 1 : length;
		return new LogLine(this.epochMillis, this.level, this.logger, this.thread, this.message.substring(0, end),
				this.throwable, this.span);
	}

}
