package dev.apm4j.autoconfigure;

import dev.apm4j.export.whatap.WhaTapBackend;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A log appender for as long as the WhaTap backend reports log lines and the application
 * context lives.
 *
 * @param appender the appender
 */
record WhaTapLogAppender(LogAppender appender) implements WhaTapBackend.Feature, AutoCloseable {

	private static final Log logger = LogFactory.getLog(WhaTapLogAppender.class);

	@Override
	public void start(WhaTapBackend backend) {
		this.appender.start();
	}

	@Override
	public void end(WhaTapBackend backend) {
		try {
			close();
		}
		catch (Exception ex) {
			logger.debug("The log appender was not taken out", ex);
		}
	}

	@Override
	public void close() throws Exception {
		this.appender.close();
	}

}
