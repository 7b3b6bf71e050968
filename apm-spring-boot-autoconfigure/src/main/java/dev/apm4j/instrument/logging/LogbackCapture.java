package dev.apm4j.instrument.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

/**
 * An appender of Logback's root logger. It comes back if the logging is configured anew,
 * and is gone when this is closed.
 */
public final class LogbackCapture implements AutoCloseable {

	private static final String NAME = "apm4j";

	private final LoggerContext context;

	private final CapturingAppender appender;

	private final AfterReset afterReset = new AfterReset();

	/**
	 * Installs the appender.
	 * @param context Logback itself
	 * @param capture what takes the lines
	 * @param threshold name of the lowest level that is taken
	 */
	public LogbackCapture(LoggerContext context, LogCapture capture, String threshold) {
		this.context = context;
		this.appender = new CapturingAppender(capture, Level.toLevel(threshold, Level.INFO));
		this.appender.setContext(context);
		this.appender.setName(NAME);
		context.addListener(this.afterReset);
		install();
	}

	private void install() {
		this.appender.start();
		this.context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this.appender);
	}

	@Override
	public void close() {
		this.context.removeListener(this.afterReset);
		this.context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this.appender);
		this.appender.stop();
	}

	private static final class CapturingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

		private final LogCapture capture;

		private final Level threshold;

		CapturingAppender(LogCapture capture, Level threshold) {
			this.capture = capture;
			this.threshold = threshold;
		}

		@Override
		protected void append(ILoggingEvent event) {
			if (event.getLevel().isGreaterOrEqual(this.threshold) && this.capture.isWanted(event.getLoggerName())) {
				Throwable thrown = (event.getThrowableProxy() instanceof ThrowableProxy proxy) ? proxy.getThrowable()
						: null;
				this.capture.accept(event.getTimeStamp(), event.getLevel().toString(), event.getLoggerName(),
						event.getThreadName(), event.getFormattedMessage(), thrown);
			}
		}

	}

	private final class AfterReset implements LoggerContextListener {

		@Override
		public boolean isResetResistant() {
			return true;
		}

		@Override
		public void onStart(LoggerContext started) {
		}

		@Override
		public void onReset(LoggerContext reset) {
			install();
		}

		@Override
		public void onStop(LoggerContext stopped) {
		}

		@Override
		public void onLevelChange(Logger logger, Level level) {
		}

	}

}
