package dev.apm4j.export.whatap;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.Segment;

/**
 * A transaction from its start until the agent knows its end. Made on a request's thread,
 * so it is small; all that changes belongs to {@link TransactionReport}, one thread at a
 * time.
 */
final class TrackedTransaction {

	private static final int NEVER = -1;

	private final Segment segment;

	private final Thread thread;

	/** The number of recoveries of the agent before it was told of the start. */
	private int startedAfter = NEVER;

	private boolean endedEarly;

	private boolean seen;

	/** Since when it waits for the exporter, 0 if it doesn't. */
	private long waitingSince;

	/**
	 * Tracks a transaction.
	 * @param segment its segment, which begins on this thread
	 */
	TrackedTransaction(Segment segment) {
		this(segment, Thread.currentThread());
	}

	TrackedTransaction(Segment segment, Thread thread) {
		this.segment = segment;
		this.thread = thread;
	}

	Segment segment() {
		return this.segment;
	}

	ActiveTransaction active() {
		return new ActiveTransaction(this.segment, TransactionWriter.txid(this.segment), this.thread);
	}

	Thread thread() {
		return this.thread;
	}

	/** The number of the thread on which it began. */
	long threadId() {
		return this.thread.getId();
	}

	boolean isRunning() {
		return this.segment.root() instanceof ApmSpan root && root.isActive();
	}

	boolean hasEnded() {
		return this.segment.root().isEnded();
	}

	boolean isOnlyCounted() {
		return this.segment.isDecided() && this.segment.keepReason() == null;
	}

	/** Whether the agent knows the start; it forgets all when it was away. */
	boolean isStarted(int recoveries) {
		return this.startedAfter == recoveries;
	}

	void started(int recoveries) {
		this.startedAfter = recoveries;
	}

	boolean isEndedEarly() {
		return this.endedEarly;
	}

	void endedEarly() {
		this.endedEarly = true;
	}

	/**
	 * Whether a request should be looked at once more before its name is told: its path
	 * comes a moment after its start.
	 */
	boolean isTooNew() {
		boolean first = !this.seen;
		this.seen = true;
		return first && TransactionNames.isNameless(this.segment.root());
	}

	/** How long it waits for the exporter. */
	long waitingNanos(long now) {
		if (this.waitingSince == 0) {
			this.waitingSince = (now != 0) ? now : 1;
		}
		return now - this.waitingSince;
	}

}
