package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;

import dev.apm4j.export.ReportedParts;

/**
 * The transport to SkyWalking with all that is reported over it: what is added here
 * starts and ends with the exporter. Thread-safe.
 */
public final class SkyWalkingBackend implements AutoCloseable {

	/** What is left for saying good-bye, however long closing may take. */
	private static final Duration FAREWELL = Duration.ofSeconds(2);

	private final ServiceIdentity identity;

	private final SkyWalkingTransport transport;

	private final SkyWalkingSchedule schedule;

	private final SkyWalkingNotices notices;

	private final ReportedParts<Feature> features = new ReportedParts<>((feature) -> feature.start(this));

	/**
	 * Creates a backend that does nothing before {@link #start()}.
	 * @param identity who this process is
	 * @param transport the way to the server
	 * @param schedule the thread for periodic work
	 * @param notices where failures are said
	 */
	public SkyWalkingBackend(ServiceIdentity identity, SkyWalkingTransport transport, SkyWalkingSchedule schedule,
			SkyWalkingNotices notices) {
		this.identity = identity;
		this.transport = transport;
		this.schedule = schedule;
		this.notices = notices;
	}

	/**
	 * Who this process is.
	 * @return the identity
	 */
	public ServiceIdentity identity() {
		return this.identity;
	}

	/**
	 * The way to the server.
	 * @return the transport
	 */
	public SkyWalkingTransport transport() {
		return this.transport;
	}

	/**
	 * The thread for periodic work.
	 * @return the schedule
	 */
	public SkyWalkingSchedule schedule() {
		return this.schedule;
	}

	SkyWalkingNotices notices() {
		return this.notices;
	}

	/**
	 * Adds something that is reported. It begins with the backend, at once if that has
	 * begun.
	 * @param feature the feature
	 */
	public void add(Feature feature) {
		this.features.add(feature);
	}

	/**
	 * Begins to report. Does nothing the second time, or if closed before.
	 */
	public void start() {
		this.features.start(this.schedule::start);
	}

	/**
	 * Ends everything soon, where the exporter has not done it: it was never used.
	 */
	@Override
	public void close() {
		close(Duration.ofSeconds(1));
	}

	/**
	 * Ends everything: the periodic work, the features (the last added first), the
	 * transport. Does nothing the second time.
	 * @param timeout how long it may take at most
	 */
	public void close(Duration timeout) {
		List<Feature> ending = this.features.close();
		if (ending == null) {
			return;
		}
		long end = System.nanoTime() + timeout.toNanos();
		this.schedule.close(left(end).dividedBy(4));
		for (Feature feature : ending) {
			Duration half = left(end).dividedBy(2);
			try {
				feature.end(this, (half.compareTo(FAREWELL) < 0) ? half : FAREWELL);
			}
			catch (Exception ex) {
				// Best effort: the server may be gone before us.
			}
		}
		this.transport.close(left(end));
	}

	private static Duration left(long end) {
		return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
	}

	/**
	 * Something that is reported to SkyWalking beside segments.
	 */
	public interface Feature {

		/**
		 * Begins, usually by adding tasks to the schedule. Must return soon: the
		 * application's start waits for it.
		 * @param backend the backend
		 */
		void start(SkyWalkingBackend backend);

		/**
		 * Ends, after the schedule has ended; what is still to be sent can be sent.
		 * @param backend the backend
		 * @param timeout how long it may take at most
		 * @throws Exception if that fails, which nobody is told
		 */
		default void end(SkyWalkingBackend backend, Duration timeout) throws Exception {
		}

	}

}
