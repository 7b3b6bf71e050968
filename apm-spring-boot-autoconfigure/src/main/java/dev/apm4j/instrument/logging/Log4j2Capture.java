package dev.apm4j.instrument.logging;

import java.beans.PropertyChangeEvent;
import java.beans.PropertyChangeListener;
import java.util.UUID;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Property;

/**
 * An appender of Log4j's root logger. It comes back if the logging is configured anew,
 * and is gone when this is closed. With asynchronous loggers it runs on their thread and
 * finds no span.
 */
public final class Log4j2Capture implements AutoCloseable {

	private final LoggerContext context;

	private final Level threshold;

	private final CapturingAppender appender;

	private final PropertyChangeListener afterChange = this::configurationChanged;

	/**
	 * Installs the appender.
	 * @param context Log4j itself
	 * @param capture what takes the lines
	 * @param threshold name of the lowest level that is taken
	 */
	public Log4j2Capture(LoggerContext context, LogCapture capture, String threshold) {
		this.context = context;
		this.threshold = Level.toLevel(threshold, Level.INFO);
		this.appender = new CapturingAppender(capture);
		this.appender.start();
		context.addPropertyChangeListener(this.afterChange);
		install(context.getConfiguration());
	}

	private void configurationChanged(PropertyChangeEvent change) {
		if (LoggerContext.PROPERTY_CONFIG.equals(change.getPropertyName())
				&& change.getNewValue() instanceof Configuration configuration) {
			this.appender.start();
			install(configuration);
		}
	}

	private void install(Configuration configuration) {
		configuration.getRootLogger().addAppender(this.appender, this.threshold, null);
	}

	@Override
	public void close() {
		this.context.removePropertyChangeListener(this.afterChange);
		this.context.getConfiguration().getRootLogger().removeAppender(this.appender.getName());
		this.appender.stop();
	}

	private static final class CapturingAppender extends AbstractAppender {

		private final LogCapture capture;

		CapturingAppender(LogCapture capture) {
			// Log4j removes appenders by name, and there may be one of another
			// application.
			super("apm4j-" + UUID.randomUUID(), null, null, true, Property.EMPTY_ARRAY);
			this.capture = capture;
		}

		@Override
		public void append(LogEvent event) {
			if (this.capture.isWanted(event.getLoggerName())) {
				String logger = (event.getLoggerName() != null) ? event.getLoggerName() : "";
				String message = event.getMessage().getFormattedMessage();
				this.capture.accept(event.getTimeMillis(), event.getLevel().name(), logger, event.getThreadName(),
						(message != null) ? message : "", event.getThrown());
			}
		}

	}

}
