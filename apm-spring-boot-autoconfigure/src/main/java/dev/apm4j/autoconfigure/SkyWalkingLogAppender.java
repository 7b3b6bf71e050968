package dev.apm4j.autoconfigure;

import java.time.Duration;

import dev.apm4j.export.skywalking.SkyWalkingBackend;

/**
 * A log appender for as long as the SkyWalking backend reports log lines and the
 * application context lives.
 *
 * @param appender the appender
 */
record SkyWalkingLogAppender(LogAppender appender) implements SkyWalkingBackend.Feature, AutoCloseable {

	@Override
	public void start(SkyWalkingBackend backend) {
		this.appender.start();
	}

	@Override
	public void end(SkyWalkingBackend backend, Duration timeout) throws Exception {
		close();
	}

	@Override
	public void close() throws Exception {
		this.appender.close();
	}

}
