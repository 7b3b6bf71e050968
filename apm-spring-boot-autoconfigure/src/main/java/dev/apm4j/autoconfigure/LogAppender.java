package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.logging.Log4j2Capture;
import dev.apm4j.instrument.logging.LogCapture;
import dev.apm4j.instrument.logging.LogbackCapture;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * The appender in the logging library that is in use, from its start to its end.
 */
final class LogAppender {

	private static final Log logger = LogFactory.getLog(LogAppender.class);

	private final String property;

	private final LogCapture capture;

	private final String level;

	private @Nullable AutoCloseable installed;

	/**
	 * Creates an appender.
	 * @param property the property that asks for it
	 * @param capture what takes the lines
	 * @param threshold from which level on
	 */
	LogAppender(String property, LogCapture capture, LogThreshold threshold) {
		this.property = property;
		this.capture = capture;
		this.level = threshold.name();
	}

	synchronized void start() {
		ClassLoader classLoader = LogAppender.class.getClassLoader();
		AutoCloseable appender = null;
		if (ClassUtils.isPresent("ch.qos.logback.classic.LoggerContext", classLoader)) {
			appender = Logback.install(this.capture, this.level);
		}
		if (appender == null && ClassUtils.isPresent("org.apache.logging.log4j.core.LoggerContext", classLoader)) {
			appender = Log4j2.install(this.capture, this.level);
		}
		if (appender == null) {
			logger.warn(this.property + " has no effect: neither Logback nor Log4j 2 is in use");
		}
		this.installed = appender;
	}

	synchronized void close() throws Exception {
		AutoCloseable appender = this.installed;
		this.installed = null;
		if (appender != null) {
			appender.close();
		}
	}

	private static final class Logback {

		static @Nullable AutoCloseable install(LogCapture capture, String level) {
			return (LoggerFactory.getILoggerFactory() instanceof ch.qos.logback.classic.LoggerContext context)
					? new LogbackCapture(context, capture, level) : null;
		}

	}

	private static final class Log4j2 {

		static @Nullable AutoCloseable install(LogCapture capture, String level) {
			return (LogManager.getContext(false) instanceof org.apache.logging.log4j.core.LoggerContext context)
					? new Log4j2Capture(context, capture, level) : null;
		}

	}

}
