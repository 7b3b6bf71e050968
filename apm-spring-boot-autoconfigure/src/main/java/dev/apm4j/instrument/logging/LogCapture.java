package dev.apm4j.instrument.logging;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.LogLine;
import dev.apm4j.trace.LogSink;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what the application logs, together with the span in which it does. What is
 * logged on the way to a backend is left out, or one line would cause the next.
 * Thread-safe.
 */
public final class LogCapture {

	/** The agent's own way to a backend. */
	private static final String EXPORT = "dev.apm4j.export";

	private final LogSink sink;

	private final Supplier<? extends @Nullable ApmTracer> tracers;

	private final List<String> carriers;

	private volatile @Nullable ApmTracer tracer;

	/**
	 * Creates a capture.
	 * @param sink what takes the lines
	 * @param tracers gives the tracer, which may come into being after the first line
	 * @param carriers packages of the libraries that carry the lines
	 */
	public LogCapture(LogSink sink, Supplier<? extends @Nullable ApmTracer> tracers, List<String> carriers) {
		this.sink = sink;
		this.tracers = tracers;
		this.carriers = Stream.concat(Stream.of(EXPORT), carriers.stream()).toList();
	}

	/**
	 * Whether a line of a logger may be passed on.
	 * @param logger name of the logger
	 * @return {@code false} for what belongs to the way to a backend
	 */
	boolean isWanted(@Nullable String logger) {
		if (logger == null) {
			return true;
		}
		for (String own : this.carriers) {
			if (logger.startsWith(own) && (logger.length() == own.length() || logger.charAt(own.length()) == '.')) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Passes on a line, on the thread that logs it.
	 */
	void accept(long epochMillis, String level, String logger, String thread, String message,
			@Nullable Throwable throwable) {
		ApmTracer found = tracer();
		if (found != null && found.isSuppressed()) {
			return;
		}
		ApmSpan span = (found != null) ? found.currentSpan() : null;
		this.sink.accept(new LogLine(epochMillis, level, logger, thread, message, throwable, span));
	}

	private @Nullable ApmTracer tracer() {
		ApmTracer found = this.tracer;
		if (found == null) {
			try {
				found = this.tracers.get();
				this.tracer = found;
			}
			catch (RuntimeException ex) {
				// The application context may be on its way in or out.
				return null;
			}
		}
		return found;
	}

}
