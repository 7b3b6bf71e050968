package dev.apm4j.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Publishes the code base and which of its methods are called to a Scavenger collector,
 * on a daemon thread of its own. Thread-safe.
 * <p>
 * Each publisher is a JVM of its own to the collector, with its application's name: the
 * collector keeps one application a JVM, and a JVM can have several application contexts.
 */
final class ScavengerPublisher implements AutoCloseable {

	/** How long the end of the application may wait for the collector. */
	static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private static final Log logger = LogFactory.getLog(ScavengerPublisher.class);

	private final PublicationCycle cycle;

	private final Thread thread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private boolean started;

	private boolean awake;

	private boolean closing;

	/**
	 * Makes a publisher that does nothing before it is started.
	 * @param settings the collector
	 * @param source what is published
	 * @throws IllegalArgumentException if the URL of the collector cannot be one
	 */
	ScavengerPublisher(CollectorSettings settings, PublicationSource source) {
		this(new PublicationCycle(settings, source, jvmStartedAtMillis(), UUID.randomUUID().toString(),
				System::nanoTime, Clock.systemUTC(), new Random()));
	}

	ScavengerPublisher(PublicationCycle cycle) {
		this.cycle = cycle;
		this.thread = new Thread(this::run, "apm-scavenger");
		this.thread.setDaemon(true);
	}

	private static long jvmStartedAtMillis() {
		return ProcessHandle.current().info().startInstant().orElseGet(Instant::now).toEpochMilli();
	}

	/**
	 * Starts to publish. Does nothing if it was started or closed before.
	 */
	void start() {
		this.lock.lock();
		try {
			if (!this.started && !this.closing) {
				this.started = true;
				this.thread.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Looks for something to publish at once, as when the code base is there.
	 */
	void wakeUp() {
		this.lock.lock();
		try {
			this.awake = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How it goes.
	 * @return a moment's values
	 */
	PublicationStatus status() {
		return this.cycle.status();
	}

	private void run() {
		try {
			while (pause(step())) {
				// Until it is closed.
			}
			this.cycle.flush();
		}
		catch (InterruptedException ex) {
			// The time to close was over.
		}
		catch (Throwable ex) {
			logger.warn("Publishing usage of methods ended with a failure", ex);
		}
		finally {
			this.cycle.end();
		}
	}

	private long step() throws InterruptedException {
		try {
			return this.cycle.run();
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			logger.debug("Publishing usage of methods failed", ex);
			return this.cycle.failed(ex);
		}
	}

	private boolean pause(long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long rest = nanos;
			while (rest > 0 && !this.awake && !this.closing) {
				rest = this.changed.awaitNanos(rest);
			}
			this.awake = false;
			return !this.closing;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Publishes what there is once more and ends.
	 */
	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	/**
	 * Publishes what there is once more, also if the collector never answered before, and
	 * ends. What could not be published in time is given back to where it came from.
	 * @param timeout how long that may take
	 */
	void close(Duration timeout) {
		boolean wasStarted;
		this.lock.lock();
		try {
			this.closing = true;
			wasStarted = this.started;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
		if (!wasStarted) {
			this.cycle.end();
			return;
		}
		try {
			this.thread.join(Math.max(1, timeout.toMillis()));
			// Gives up a call that is under way, so that what it has is given back.
			this.thread.interrupt();
			this.thread.join(TimeUnit.SECONDS.toMillis(1));
		}
		catch (InterruptedException ex) {
			this.thread.interrupt();
			Thread.currentThread().interrupt();
		}
	}

}
