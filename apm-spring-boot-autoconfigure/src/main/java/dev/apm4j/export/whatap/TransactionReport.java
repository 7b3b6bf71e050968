package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.apm4j.trace.Segment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the agent of transactions: of each that it starts, soon, and that it ends, once.
 * The agent makes all numbers of that, so those that are not sampled are told as well,
 * without their steps. Used by the loop and by the exporter; one at a time sends.
 */
final class TransactionReport {

	/** How long an ended transaction waits for its detail. */
	static final Duration EXPORT_WAIT = Duration.ofSeconds(30);

	/**
	 * Spans of ended transactions that wait for the exporter, with the pipeline's usual
	 * bounds more than it can have: what exceeds them was dropped there.
	 */
	static final int WAITING_SPANS = 100_000;

	private static final Log logger = LogFactory.getLog(TransactionReport.class);

	private static final Duration MARGIN = Duration.ofSeconds(10);

	/** How long a request may be without a name before the agent is told of it. */
	private static final Duration NAME_WAIT = Duration.ofMillis(200);

	private final TransactionTable table;

	private final AgentLink link;

	private final TransactionWriter writer;

	private final Supplier<WhaTapSettings> settings;

	private final long exportWaitNanos;

	private volatile long withoutDetail;

	private volatile long odd;

	TransactionReport(TransactionTable table, AgentLink link, TransactionWriter writer,
			Supplier<WhaTapSettings> settings, Duration exportWait) {
		this.table = table;
		this.link = link;
		this.writer = writer;
		this.settings = settings;
		this.exportWaitNanos = exportWait.toNanos();
	}

	/**
	 * Sends what is due: starts, ends of what is only counted, and what would get lost
	 * otherwise. For the loop.
	 * @throws IOException the first failure; all else is tried all the same
	 */
	synchronized void look() throws IOException {
		this.table.drain();
		long now = System.nanoTime();
		List<TrackedTransaction> running = new ArrayList<>();
		List<TrackedTransaction> over = new ArrayList<>();
		List<TrackedTransaction> waiting = new ArrayList<>();
		for (TrackedTransaction each : this.table.all()) {
			if (each.isRunning()) {
				running.add(each);
			}
			else if (each.isOnlyCounted() || !each.hasEnded()) {
				over.add(each);
			}
			else {
				waiting.add(each);
			}
		}
		// The second chance of those that have ended is in the queue by now, and must not
		// be taken for a transaction of its own after their end.
		this.table.drain();
		Failures failures = new Failures();
		over.forEach((each) -> failures.of(() -> endOnlyCounted(each)));
		overdue(waiting, now).forEach((each) -> failures.of(() -> giveUp(each)));
		running.forEach((each) -> failures.of(() -> continueRunning(each)));
		failures.rethrow();
	}

	private void endOnlyCounted(TrackedTransaction transaction) throws IOException {
		this.table.remove(transaction);
		end(transaction, false);
	}

	private void giveUp(TrackedTransaction transaction) throws IOException {
		this.table.giveUp(transaction);
		countWithoutDetail();
		end(transaction, false);
	}

	/** Those that wait too long, or too many; they are taken off the list. */
	private List<TrackedTransaction> overdue(List<TrackedTransaction> waiting, long now) {
		long spans = 0;
		for (TrackedTransaction each : waiting) {
			spans += each.segment().weight();
		}
		List<TrackedTransaction> overdue = new ArrayList<>();
		for (TrackedTransaction each : waiting) {
			if (each.waitingNanos(now) >= this.exportWaitNanos || spans > WAITING_SPANS) {
				overdue.add(each);
				spans -= each.segment().weight();
			}
		}
		waiting.removeAll(overdue);
		return overdue;
	}

	private void continueRunning(TrackedTransaction transaction) throws IOException {
		if (transaction.isEndedEarly() || transaction.isTooNew() || isWithoutName(transaction.segment())) {
			return;
		}
		start(transaction);
		if (isAboutToBeLost(transaction.segment()) && transaction.isStarted(this.link.recoveries())) {
			this.writer.endEarly(transaction.segment());
			this.table.endedEarly(transaction);
		}
	}

	/**
	 * The agent takes the name of a transaction from its start, and the route of a
	 * request is known a moment later.
	 */
	private static boolean isWithoutName(Segment segment) {
		return TransactionNames.isWithoutRoute(segment.root()) && age(segment) < NAME_WAIT.toMillis();
	}

	private boolean isAboutToBeLost(Segment segment) {
		long limit = this.settings.get().lostTime().toMillis();
		long margin = Math.min(Math.max(MARGIN.toMillis(), limit / 20), limit / 2);
		return age(segment) >= limit - margin;
	}

	private static long age(Segment segment) {
		return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(segment.root().startEpochNanos());
	}

	private void start(TrackedTransaction transaction) throws IOException {
		int recoveries = this.link.recoveries();
		if (!transaction.isEndedEarly() && !transaction.isStarted(recoveries) && this.link.isTrying()) {
			this.writer.start(transaction.segment(), transaction.threadId());
			transaction.started(recoveries);
		}
	}

	/**
	 * Sends a transaction that has ended, with its steps. For the exporter.
	 * @param segment a kept segment
	 * @throws IOException if it could not be sent; it isn't tried again
	 */
	synchronized void report(Segment segment) throws IOException {
		this.table.drain();
		TrackedTransaction transaction = this.table.take(segment);
		if (transaction != null) {
			end(transaction, true);
		}
	}

	private void end(TrackedTransaction transaction, boolean detail) throws IOException {
		Segment segment = transaction.segment();
		if (transaction.isEndedEarly()) {
			this.writer.whole(segment, detail);
			return;
		}
		if (!transaction.isStarted(this.link.recoveries())) {
			this.writer.start(segment, transaction.threadId());
		}
		try {
			this.writer.end(segment, detail);
		}
		catch (AgentUnreachableException ex) {
			// The agent has forgotten the start.
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			if (!detail) {
				throw ex;
			}
			// The number is worth more than the steps that could not be written.
			logger.debug("The steps of a transaction could not be written for WhaTap", ex);
			countWithoutDetail();
			this.writer.end(segment, false);
		}
	}

	/**
	 * Ends all that is left, what goes on included.
	 * @param untilNanos when to stop, a {@link System#nanoTime()}
	 */
	synchronized void endAll(long untilNanos) {
		this.table.drain();
		Failures failures = new Failures();
		for (TrackedTransaction each : this.table.all()) {
			if (System.nanoTime() - untilNanos >= 0) {
				break;
			}
			failures.of(() -> endAtLast(each));
		}
	}

	private void endAtLast(TrackedTransaction transaction) throws IOException {
		this.table.giveUp(transaction);
		if (!transaction.isRunning()) {
			end(transaction, false);
		}
		else if (!transaction.isEndedEarly()) {
			start(transaction);
			this.writer.endEarly(transaction.segment());
		}
	}

	private synchronized void countWithoutDetail() {
		this.withoutDetail = this.withoutDetail + 1;
	}

	/** Those that go on, oldest first. */
	List<ActiveTransaction> active() {
		return this.table.all().stream().filter(TrackedTransaction::isRunning).map(TrackedTransaction::active).toList();
	}

	/**
	 * What was lost.
	 * @return it in a few words, {@code null} if nothing was
	 */
	@Nullable String remark() {
		List<String> parts = new ArrayList<>();
		add(parts, this.table.notQueued() + this.table.untracked(), " transactions were told at their end only");
		add(parts, this.withoutDetail, " transactions lost their steps");
		add(parts, this.odd, " transactions could not be written");
		return parts.isEmpty() ? null : String.join(", ", parts);
	}

	private static void add(List<String> parts, long count, String text) {
		if (count > 0) {
			parts.add(count + text);
		}
	}

	/** One odd transaction must not cost the others. */
	private final class Failures {

		private @Nullable IOException first;

		void of(AgentLoop.Task task) {
			try {
				task.run();
			}
			catch (IOException ex) {
				this.first = (this.first != null) ? this.first : ex;
			}
			catch (RuntimeException ex) {
				logger.debug("A transaction could not be written for WhaTap", ex);
				TransactionReport.this.odd = TransactionReport.this.odd + 1;
			}
		}

		void rethrow() throws IOException {
			if (this.first != null) {
				throw this.first;
			}
		}

	}

}
