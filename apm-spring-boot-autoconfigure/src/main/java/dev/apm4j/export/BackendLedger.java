package dev.apm4j.export;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * What became of the segments for one backend, and what that says about it. Safe to read
 * from any thread.
 */
final class BackendLedger {

	private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final String backend;

	private final Log logger;

	private final AtomicLong offered = new AtomicLong();

	private final AtomicLong sent = new AtomicLong();

	private final DropCounters dropped = new DropCounters();

	private volatile BackendState state = BackendState.CONNECTING;

	private volatile @Nullable Failure lastFailure;

	private volatile @Nullable Instant lastSuccessAt;

	private boolean downLogged;

	private @Nullable Deadline nextDownLog;

	BackendLedger(String backend, Log logger) {
		this.backend = backend;
		this.logger = logger;
	}

	void offered() {
		this.offered.incrementAndGet();
	}

	void dropped(DropReason reason, long segments) {
		this.dropped.add(reason, segments);
	}

	void succeeded(int segments) {
		this.sent.addAndGet(segments);
		this.lastSuccessAt = Instant.now();
		changeTo(BackendState.UP);
		if (this.downLogged) {
			this.downLogged = false;
			this.logger.info("Backend '" + this.backend + "' is up again");
		}
	}

	/** Who refuses some is there for the others. */
	void partlyRejected(Throwable throwable, int sentSegments, int rejected) {
		this.lastFailure = new Failure(ErrorText.of(throwable), Instant.now());
		this.dropped.add(DropReason.REJECTED, rejected);
		succeeded(sentSegments);
	}

	void failed(Throwable throwable) {
		String text = ErrorText.of(throwable);
		this.lastFailure = new Failure(text, Instant.now());
		changeTo(BackendState.DOWN);
		// A backend that goes up and down all the time must not fill the log.
		if (!this.downLogged && (this.nextDownLog == null || this.nextDownLog.isOver())) {
			this.downLogged = true;
			this.nextDownLog = new Deadline(System.nanoTime() + LOG_INTERVAL_NANOS);
			this.logger.warn("Backend '" + this.backend + "' is down: " + text);
		}
	}

	void closed() {
		this.state = BackendState.CLOSED;
	}

	private void changeTo(BackendState newState) {
		if (this.state != BackendState.CLOSED) {
			this.state = newState;
		}
	}

	BackendState state() {
		return this.state;
	}

	long offeredCount() {
		return this.offered.get();
	}

	long sentCount() {
		return this.sent.get();
	}

	DropCounters drops() {
		return this.dropped;
	}

	BackendStatus status(BackendQueue queue, @Nullable String notice) {
		Failure failure = this.lastFailure;
		return new BackendStatus(this.backend, this.state, queue.size(), queue.capacity(), queue.spans(),
				this.offered.get(), this.sent.get(), this.dropped.snapshot(), (failure != null) ? failure.text() : null,
				(failure != null) ? failure.at() : null, this.lastSuccessAt,
				(notice != null) ? ErrorText.of(notice) : null);
	}

	private record Failure(String text, Instant at) {
	}

}
