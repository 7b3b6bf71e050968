package dev.apm4j.trace;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One call at a time of {@link ExitCalls}, reused for the next: a prepared statement has
 * one for all its executions. Not thread-safe. No method throws.
 */
public final class ExitCall {

	private static final String ERROR_TYPE = "error.type";

	private final ExitCalls calls;

	private @Nullable SpanTemplate template;

	private @Nullable CallStatistics statistics;

	private @Nullable ApmSpan span;

	private long startNanos;

	/** Of the call that went well; 0 as long as it goes on. */
	private long endNanos;

	private long rows;

	private long affectedRows;

	ExitCall(ExitCalls calls) {
		this.calls = calls;
	}

	/**
	 * Begins a call; to be followed by {@link #succeeded()} or
	 * {@link #failed(Throwable, String)}. Does nothing where tracing is suppressed.
	 * @param template what the call has in common with those like it
	 * @param waitNanos how long a connection was waited for just before, nanoseconds
	 */
	public void begin(SpanTemplate template, long waitNanos) {
		forget();
		this.template = template;
		ApmTracer tracer = this.calls.tracer();
		ApmSpan current = tracer.currentSpan();
		if (current == null) {
			if (!tracer.isSuppressed()) {
				beginAlone(tracer.nextSpan(template));
			}
		}
		else if (current.owner().isSealed()) {
			beginAlone(tracer.nextSpan(template));
		}
		else if (current.owner().counted()) {
			beginBelow(current, template);
		}
		if (waitNanos > 0 && this.statistics != null) {
			this.statistics.addWait(waitNanos);
		}
		if (waitNanos > 0 && this.span != null) {
			this.span.tag(DatabaseAttributes.CONNECTION_WAIT, waitNanos);
		}
	}

	/**
	 * Begins a call that went on already when it turned out to be worth telling.
	 * @param template what the call has in common with those like it
	 * @param waitNanos how long a connection was waited for just before, nanoseconds
	 * @param earlier when the call began, as {@link System#nanoTime()}
	 */
	public void beginEarlier(SpanTemplate template, long waitNanos, long earlier) {
		begin(template, waitNanos);
		this.startNanos = earlier;
		if (this.span != null) {
			this.span.setStartNanos(earlier);
		}
	}

	/** The call is the root of a segment of its own. */
	private void beginAlone(ApmSpan root) {
		start(root);
		count(root);
	}

	private void count(ApmSpan begun) {
		SpanTemplate counted = begun.template();
		if (begun.owner().counted() && counted != null) {
			this.statistics = begun.owner().callsOf(counted, begun.isRoot() ? 0 : this.calls.threshold());
		}
	}

	private void beginBelow(ApmSpan parent, SpanTemplate template) {
		Segment segment = parent.owner();
		CallStatistics known = segment.callsOf(template, this.calls.threshold());
		this.statistics = known;
		ApmSpan group = known.group();
		if (group != null) {
			group.liftAbove(parent);
			this.startNanos = System.nanoTime();
		}
		else if (segment.recording()) {
			ApmSpan begun = this.calls.tracer().nextSpan(template);
			start(begun);
			if (begun.owner() != segment) {
				// It was sealed in this moment.
				count(begun);
			}
		}
		else {
			this.startNanos = System.nanoTime();
		}
	}

	private void start(ApmSpan started) {
		started.start();
		this.span = started;
		this.startNanos = started.startNanos();
	}

	/**
	 * The span of this call, for attributes that its template doesn't have.
	 * @return the span that began with the call, or {@code null} if it has none of its
	 * own
	 */
	public @Nullable ApmSpan span() {
		return this.span;
	}

	/**
	 * Ends the call.
	 */
	public void succeeded() {
		long now = System.nanoTime();
		CallStatistics counted = this.statistics;
		ApmSpan own = this.span;
		this.endNanos = now;
		int number = (counted != null) ? counted.addSuccess(this.startNanos, now) : 0;
		if (number == CallStatistics.TOO_LATE) {
			ApmSpan alone = beginLate();
			if (this.statistics != null) {
				this.statistics.addSuccess(this.startNanos, now);
			}
			alone.endAt(now);
			return;
		}
		if (own == null || !own.isActive()) {
			return;
		}
		ApmSpan group = (counted != null) ? counted.group() : null;
		if (group != null) {
			own.standAside(group);
			this.span = null;
			return;
		}
		CallStatistics repeated = (counted != null && counted.isThreshold(number)) ? counted : null;
		if (repeated != null) {
			// Before the end, as nobody waits for this thread any more from then on.
			repeated.groupAttributes(this.calls.groupAttributes());
		}
		own.endAt(now);
		if (repeated != null) {
			makeGroup(repeated, own);
		}
	}

	private void makeGroup(CallStatistics repeated, ApmSpan own) {
		SpanTemplate common = repeated.template();
		ApmSpan group = (common != null) ? own.owner().merge(common) : null;
		if (group != null) {
			repeated.group(group);
			this.span = null;
		}
	}

	/**
	 * The segment was sealed while the call went on. It goes into another one, as what
	 * starts late does.
	 */
	private ApmSpan beginLate() {
		ApmSpan lost = this.span;
		if (lost != null) {
			lost.abandon();
		}
		this.statistics = null;
		ApmSpan alone = this.calls.tracer().nextSpan(Objects.requireNonNull(this.template));
		alone.setStartNanos(this.startNanos);
		beginAlone(alone);
		return alone;
	}

	/**
	 * Ends the call with an error. It has a span of its own then, whatever went before.
	 * @param error the error
	 * @param statusCode the code of the other side for it, or {@code null}
	 */
	public void failed(Throwable error, @Nullable String statusCode) {
		long now = System.nanoTime();
		CallStatistics counted = this.statistics;
		if (counted == null && this.span == null) {
			return;
		}
		ApmSpan own;
		if (counted != null && !counted.addFailure(now - this.startNanos)) {
			own = beginLate();
			if (this.statistics != null) {
				this.statistics.addFailure(now - this.startNanos);
			}
		}
		else {
			own = (this.span != null) ? this.span : belated(counted);
		}
		if (own != null) {
			describe(own, error, statusCode);
			own.endAt(now);
			this.span = own;
		}
	}

	/**
	 * Makes the last call, which seemed to have gone well, one that failed: its result
	 * can't be read. Does nothing once it is forgotten.
	 * @param error the error
	 * @param statusCode the code of the other side for it, or {@code null}
	 */
	public void failedAfterwards(Throwable error, @Nullable String statusCode) {
		CallStatistics counted = this.statistics;
		if (counted == null && this.span == null) {
			return;
		}
		if (counted != null) {
			counted.turnIntoFailure(this.endNanos - this.startNanos);
		}
		ApmSpan group = (counted != null) ? counted.group() : null;
		ApmSpan own = (this.span != null && this.span != group && this.span.isEnded()) ? this.span : null;
		if (own != null) {
			own.failAfterwards(error);
			own.changeAttribute(ERROR_TYPE, type(error, statusCode));
			if (statusCode != null) {
				own.changeAttribute(DatabaseAttributes.STATUS_CODE, statusCode);
			}
		}
		else {
			ApmSpan late = belated(counted);
			if (late != null) {
				describe(late, error, statusCode);
				late.end();
			}
		}
	}

	private static void describe(ApmSpan failed, Throwable error, @Nullable String statusCode) {
		failed.error(error).tag(ERROR_TYPE, type(error, statusCode)).tag(DatabaseAttributes.STATUS_CODE, statusCode);
	}

	/** The other side's code says more than the class of a driver's exception. */
	private static String type(Throwable error, @Nullable String statusCode) {
		return (statusCode != null) ? statusCode : error.getClass().getName();
	}

	/** A span for a call that was going to be one of a group. */
	private @Nullable ApmSpan belated(@Nullable CallStatistics counted) {
		SpanTemplate template = (counted != null && counted.group() != null) ? counted.template() : null;
		if (template == null) {
			return null;
		}
		ApmSpan late = this.calls.tracer().nextSpan(template);
		late.setStartNanos(this.startNanos);
		return late.start();
	}

	/**
	 * Counts rows that were fetched, also after the end of the call and until the next
	 * one begins.
	 * @param number how many more rows, 0 or more
	 */
	public void addRows(long number) {
		CallStatistics counted = this.statistics;
		if (counted != null) {
			counted.addRows(number);
		}
		ApmSpan own = this.span;
		if (own != null) {
			this.rows += number;
			own.changeAttribute(DatabaseAttributes.RETURNED_ROWS, BoxedNumbers.of(this.rows));
		}
	}

	/**
	 * Counts rows that were changed, also after the end of the call and until the next
	 * one begins.
	 * @param number how many more rows, 0 or more
	 */
	public void addAffectedRows(long number) {
		CallStatistics counted = this.statistics;
		if (counted != null) {
			counted.addAffectedRows(number);
		}
		ApmSpan own = this.span;
		if (own != null) {
			this.affectedRows += number;
			own.changeAttribute(DatabaseAttributes.AFFECTED_ROWS, BoxedNumbers.of(this.affectedRows));
		}
	}

	/**
	 * Lets go of the call that was last, so that nothing keeps its segment in memory.
	 */
	public void forget() {
		this.template = null;
		this.statistics = null;
		this.span = null;
		this.rows = 0;
		this.affectedRows = 0;
	}

}
