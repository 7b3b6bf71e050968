package dev.apm4j.export.whatap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.Tracer;

import static org.awaitility.Awaitility.await;

/**
 * Transactions that go on, on real threads. Their ids are 1001, 1002 and so on.
 */
final class RunningTransactions implements SegmentSink, AutoCloseable {

	private static final long FIRST = 1001;

	private final List<ActiveTransaction> started = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final CountDownLatch done = new CountDownLatch(1);

	final ApmTracer tracer = ApmTracer.builder().sink(this).build();

	@Override
	public synchronized void started(Segment segment) {
		this.started.add(new ActiveTransaction(segment, FIRST + this.started.size(), Thread.currentThread()));
	}

	@Override
	public void accept(Segment segment) {
	}

	/** Those that go on, the oldest first. */
	synchronized List<ActiveTransaction> active() {
		return this.started.stream().filter((each) -> !each.segment().root().isEnded()).toList();
	}

	ApmSpan begin(String name) {
		return this.tracer.nextSegment(null).name(name).start();
	}

	/** Begins one on a thread of its own, which waits until the end of the test. */
	void beginAndWait(String name) {
		inThread(() -> {
			ApmSpan span = begin(name);
			try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
				waitForTheEnd();
			}
			span.end();
		});
	}

	/** Runs something on a thread of its own until that waits for something. */
	void inThread(Runnable work) {
		Thread thread = new Thread(work, "request-" + this.threads.size());
		this.threads.add(thread);
		thread.start();
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
	}

	/** Waits below as many frames. */
	void waitForTheEnd(int depth) {
		if (depth > 0) {
			waitForTheEnd(depth - 1);
		}
		else {
			waitForTheEnd();
		}
	}

	/** This name is looked for in stacks. */
	void waitForTheEnd() {
		try {
			if (!this.done.await(1, TimeUnit.MINUTES)) {
				throw new IllegalStateException("Nobody has ended the test");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.done.countDown();
		try {
			for (Thread thread : this.threads) {
				thread.join(TimeUnit.SECONDS.toMillis(10));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
