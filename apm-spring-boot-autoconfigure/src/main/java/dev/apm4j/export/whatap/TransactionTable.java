package dev.apm4j.export.whatap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.apm4j.trace.Segment;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that go on, and those that have ended and are not reported yet.
 * Requests put them into a bounded queue, without a lock and without waking anybody; all
 * else is under a lock that is held for no more than looking things up. Thread-safe.
 */
class TransactionTable {

	static final int QUEUE = 16 * 1024;

	/** More than the agent itself keeps, which are 5,000. */
	static final int ACTIVE = 20_000;

	private final MpscAtomicArrayQueue<TrackedTransaction> queue;

	private final int capacity;

	/** Oldest first. Segments are equal only to themselves. */
	private final Map<Segment, TrackedTransaction> transactions = new LinkedHashMap<>();

	/** Those whose end was sent without waiting for the exporter any longer. */
	private final Set<Segment> givenUp = Collections.newSetFromMap(new WeakHashMap<>());

	/**
	 * Those whose end was sent although they go on, with their threads. Of spans that
	 * nobody ever ends there may be any number, and the agent knows nothing of these any
	 * more: they are not held on to.
	 */
	private final Map<Segment, Thread> endedEarly = new WeakHashMap<>();

	private final LongAdder notQueued = new LongAdder();

	private long untracked;

	/**
	 * Set when something has found no room, or isn't held on to, for the first time: from
	 * then on the end of each transaction is a second chance to get to know it.
	 */
	private volatile boolean incomplete;

	TransactionTable() {
		this(QUEUE, ACTIVE);
	}

	TransactionTable(int queue, int active) {
		this.queue = new MpscAtomicArrayQueue<>(queue);
		this.capacity = active;
	}

	/** Takes a transaction that begins on this thread, a request's. */
	void started(Segment segment) {
		if (!this.queue.offer(new TrackedTransaction(segment))) {
			this.notQueued.increment();
			this.incomplete = true;
		}
	}

	/**
	 * Takes one that ends on this thread, a request's. To be called before the pipeline
	 * has it.
	 */
	void ended(Segment segment) {
		if (this.incomplete) {
			this.queue.offer(new TrackedTransaction(segment));
		}
	}

	/** Takes over what is in the queue. */
	synchronized void drain() {
		TrackedTransaction next = this.queue.poll();
		while (next != null) {
			if (this.endedEarly.remove(next.segment()) != null) {
				next.endedEarly();
				this.transactions.put(next.segment(), next);
			}
			// What has ended goes soon.
			else if (this.transactions.size() < (next.hasEnded() ? 2 * this.capacity : this.capacity)) {
				this.transactions.putIfAbsent(next.segment(), next);
			}
			else if (!this.transactions.containsKey(next.segment())) {
				this.untracked++;
				this.incomplete = true;
			}
			next = this.queue.poll();
		}
	}

	/**
	 * Takes a transaction out that is about to be reported by the exporter.
	 * @param segment its segment
	 * @return the transaction, a new one if it was not known before; {@code null} if its
	 * end was sent already
	 */
	synchronized @Nullable TrackedTransaction take(Segment segment) {
		TrackedTransaction known = this.transactions.remove(segment);
		if (known != null) {
			return known;
		}
		Thread thread = this.endedEarly.remove(segment);
		if (thread != null) {
			return early(segment, thread);
		}
		return this.givenUp.remove(segment) ? null : new TrackedTransaction(segment);
	}

	private static TrackedTransaction early(Segment segment, Thread thread) {
		TrackedTransaction transaction = new TrackedTransaction(segment, thread);
		transaction.endedEarly();
		return transaction;
	}

	synchronized void remove(TrackedTransaction transaction) {
		this.transactions.remove(transaction.segment());
		this.endedEarly.remove(transaction.segment());
	}

	/** Takes note that the end of one was sent that goes on. */
	synchronized void endedEarly(TrackedTransaction transaction) {
		this.incomplete = true;
		transaction.endedEarly();
		if (transaction.isRunning()) {
			this.transactions.remove(transaction.segment());
			this.endedEarly.put(transaction.segment(), transaction.thread());
		}
	}

	/** Takes one out for which the exporter will come too late, if at all. */
	synchronized void giveUp(TrackedTransaction transaction) {
		remove(transaction);
		this.givenUp.add(transaction.segment());
	}

	/** All of them, oldest first; a new list. */
	synchronized List<TrackedTransaction> all() {
		List<TrackedTransaction> early = new ArrayList<>();
		this.endedEarly.forEach((segment, thread) -> early.add(early(segment, thread)));
		for (TrackedTransaction each : early) {
			if (each.hasEnded()) {
				// From now on it may have to wait, for which it has to be the same one.
				this.endedEarly.remove(each.segment());
				this.transactions.put(each.segment(), each);
			}
		}
		early.removeIf(TrackedTransaction::hasEnded);
		early.sort(Comparator.comparingLong((each) -> each.segment().root().startEpochNanos()));
		early.addAll(this.transactions.values());
		return early;
	}

	/** Starts that found no room in the queue. */
	long notQueued() {
		return this.notQueued.sum();
	}

	/** Those that found no room in the table. */
	synchronized long untracked() {
		return this.untracked;
	}

}
