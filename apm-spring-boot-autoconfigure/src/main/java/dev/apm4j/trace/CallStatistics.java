package dev.apm4j.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How often a segment made the calls of one {@link SpanTemplate}, and how long they took:
 * also the calls that have no span, because the segment is not sampled, is full, or
 * because one span stands for all of them. Thread-safe and lock-free; complete once the
 * segment's root has ended.
 */
public final class CallStatistics {

	private static final VarHandle SUCCEEDED;

	private static final VarHandle FAILED;

	private static final VarHandle TOTAL;

	private static final VarHandle FAILED_TOTAL;

	private static final VarHandle MIN;

	private static final VarHandle MAX;

	private static final VarHandle ROWS;

	private static final VarHandle AFFECTED_ROWS;

	private static final VarHandle WAIT;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			SUCCEEDED = lookup.findVarHandle(CallStatistics.class, "succeeded", int.class);
			FAILED = lookup.findVarHandle(CallStatistics.class, "failed", int.class);
			TOTAL = lookup.findVarHandle(CallStatistics.class, "total", long.class);
			FAILED_TOTAL = lookup.findVarHandle(CallStatistics.class, "failedTotal", long.class);
			MIN = lookup.findVarHandle(CallStatistics.class, "min", long.class);
			MAX = lookup.findVarHandle(CallStatistics.class, "max", long.class);
			ROWS = lookup.findVarHandle(CallStatistics.class, "rows", long.class);
			AFFECTED_ROWS = lookup.findVarHandle(CallStatistics.class, "affectedRows", long.class);
			WAIT = lookup.findVarHandle(CallStatistics.class, "wait", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** Instead of a number of calls: the segment was sealed before. */
	static final int TOO_LATE = -1;

	/** In both numbers of calls, once they stay what they are. */
	private static final int SEALED = Integer.MIN_VALUE;

	private final @Nullable SpanTemplate template;

	private final @Nullable CallStatistics next;

	/** As many calls are suspicious; 0 for never. */
	private final int threshold;

	private volatile int succeeded;

	private volatile int failed;

	private volatile long total;

	private volatile long failedTotal;

	private volatile long min = Long.MAX_VALUE;

	private volatile long max;

	private volatile long rows;

	private volatile long affectedRows;

	private volatile long wait;

	/** About when the last call that went well ended; threads may overtake each other. */
	private volatile long lastEndNanos;

	/** The span that stands for all calls, once they are many. */
	private volatile @Nullable ApmSpan group;

	private volatile Map<String, Object> groupAttributes = Map.of();

	CallStatistics(@Nullable SpanTemplate template, int threshold, @Nullable CallStatistics next) {
		this.template = template;
		this.threshold = threshold;
		this.next = next;
	}

	/**
	 * What the calls have in common.
	 * @return the template, or {@code null} for the rest in a segment with more kinds of
	 * calls than are told apart
	 */
	public @Nullable SpanTemplate template() {
		return this.template;
	}

	@Nullable CallStatistics next() {
		return this.next;
	}

	/**
	 * How many calls went well.
	 * @return the number of calls that ended without an exception
	 */
	public int succeeded() {
		return this.succeeded & ~SEALED;
	}

	/**
	 * How many calls failed.
	 * @return the number of calls that ended with an exception
	 */
	public int failed() {
		return this.failed & ~SEALED;
	}

	/**
	 * How long the calls that went well took together.
	 * @return nanoseconds
	 */
	public long totalNanos() {
		return this.total;
	}

	/**
	 * How long the calls that failed took together.
	 * @return nanoseconds
	 */
	public long failedNanos() {
		return this.failedTotal;
	}

	/**
	 * How long the shortest call that went well took.
	 * @return nanoseconds; 0 without a call
	 */
	public long minNanos() {
		long shortest = this.min;
		return (shortest != Long.MAX_VALUE) ? shortest : 0;
	}

	/**
	 * How long the longest call that went well took.
	 * @return nanoseconds
	 */
	public long maxNanos() {
		return this.max;
	}

	/**
	 * How many rows the calls fetched.
	 * @return the rows that were read of results
	 */
	public long rows() {
		return this.rows;
	}

	/**
	 * How many rows the calls changed.
	 * @return the update counts, as far as they were told or asked for
	 */
	public long affectedRows() {
		return this.affectedRows;
	}

	/**
	 * How long connections were waited for.
	 * @return nanoseconds, which are not part of the calls' time
	 */
	public long waitNanos() {
		return this.wait;
	}

	/**
	 * Whether the call was made often enough to be suspicious.
	 * @return whether the threshold of {@link ExitCalls} was reached
	 */
	public boolean isRepeated() {
		return this.threshold > 0 && succeeded() >= this.threshold;
	}

	/** Whether this very number of calls makes them suspicious. */
	boolean isThreshold(int number) {
		return number == this.threshold;
	}

	@Nullable ApmSpan group() {
		return this.group;
	}

	void group(ApmSpan span) {
		this.group = span;
	}

	void groupAttributes(Map<String, Object> attributes) {
		this.groupAttributes = attributes;
	}

	/** No call is counted any more. */
	void close() {
		SUCCEEDED.getAndBitwiseOr(this, SEALED);
		FAILED.getAndBitwiseOr(this, SEALED);
	}

	/**
	 * Makes the span that stands for all calls say so, when no more are expected. Calls
	 * that ended on other threads while that span was chosen join it now.
	 */
	void seal(Segment segment) {
		close();
		boolean shared = this.group != null || isRepeated();
		ApmSpan span = (shared && this.template != null) ? segment.merge(this.template) : null;
		if (span == null) {
			return;
		}
		// Calls at the same time take longer together than the work that they belong to.
		span.changeDuration(Math.min(this.total, this.lastEndNanos - span.startNanos()));
		span.changeAttribute(DatabaseAttributes.REPEATED, (long) succeeded());
		span.changeAttribute(DatabaseAttributes.REPEATED_MIN, minNanos());
		span.changeAttribute(DatabaseAttributes.REPEATED_MAX, this.max);
		if (this.rows > 0) {
			span.changeAttribute(DatabaseAttributes.RETURNED_ROWS, this.rows);
		}
		if (this.affectedRows > 0) {
			span.changeAttribute(DatabaseAttributes.AFFECTED_ROWS, this.affectedRows);
		}
		if (this.wait > 0) {
			span.changeAttribute(DatabaseAttributes.CONNECTION_WAIT, this.wait);
		}
		this.groupAttributes.forEach(span::changeAttribute);
	}

	/**
	 * Counts a call that went well.
	 * @return the number of calls that went well so far, this one included, or
	 * {@link #TOO_LATE} if it wasn't counted
	 */
	int addSuccess(long startNanos, long endNanos) {
		long nanos = endNanos - startNanos;
		if (this.succeeded < 0) {
			return TOO_LATE;
		}
		TOTAL.getAndAdd(this, nanos);
		int number = increment(SUCCEEDED);
		if (number == TOO_LATE) {
			TOTAL.getAndAdd(this, -nanos);
			return TOO_LATE;
		}
		this.lastEndNanos = endNanos;
		long seen = this.min;
		while (nanos < seen && !MIN.compareAndSet(this, seen, nanos)) {
			seen = this.min;
		}
		seen = this.max;
		while (nanos > seen && !MAX.compareAndSet(this, seen, nanos)) {
			seen = this.max;
		}
		return number;
	}

	/** Counts a call that failed, and tells whether it did. */
	boolean addFailure(long nanos) {
		if (this.failed < 0) {
			return false;
		}
		FAILED_TOTAL.getAndAdd(this, nanos);
		boolean counted = increment(FAILED) != TOO_LATE;
		if (!counted) {
			FAILED_TOTAL.getAndAdd(this, -nanos);
		}
		return counted;
	}

	private int increment(VarHandle counter) {
		int seen;
		do {
			seen = (int) counter.getVolatile(this);
			if (seen < 0) {
				return TOO_LATE;
			}
		}
		while (!counter.compareAndSet(this, seen, seen + 1));
		return seen + 1;
	}

	/**
	 * A call that was counted as one that went well didn't. Once the numbers stay what
	 * they are it stays one.
	 */
	void turnIntoFailure(long nanos) {
		if (addFailure(nanos)) {
			TOTAL.getAndAdd(this, -nanos);
			SUCCEEDED.getAndAdd(this, -1);
		}
	}

	void addWait(long nanos) {
		WAIT.getAndAdd(this, nanos);
	}

	void addRows(long number) {
		ROWS.getAndAdd(this, number);
	}

	void addAffectedRows(long number) {
		AFFECTED_ROWS.getAndAdd(this, number);
	}

	@Override
	public String toString() {
		return "CallStatistics[" + this.template + ", succeeded=" + succeeded() + ", failed=" + failed() + "]";
	}

}
