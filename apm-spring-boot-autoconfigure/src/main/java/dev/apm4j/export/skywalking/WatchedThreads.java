package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The threads that are at work for one segment, in the order in which they came. Any
 * thread may come and go, without a lock; more than {@value #MAX} are not kept.
 */
final class WatchedThreads {

	static final int MAX = 16;

	private final AtomicReference<Present> present;

	/**
	 * Begins with this thread.
	 */
	WatchedThreads() {
		this.present = new AtomicReference<>(new Present(List.of(Thread.currentThread()), true));
	}

	void enter(Thread thread) {
		change((now) -> now.with(thread));
	}

	void leave(Thread thread) {
		change((now) -> now.without(thread));
	}

	/** A thread that is only presumed to be at work has begun something else. */
	void yieldPresumed(Thread thread) {
		change((now) -> now.presumed() ? now.without(thread) : now);
	}

	private void change(UnaryOperator<Present> change) {
		Present before;
		do {
			before = Objects.requireNonNull(this.present.get());
		}
		while (!this.present.compareAndSet(before, change.apply(before)));
	}

	boolean has(Thread thread) {
		return Objects.requireNonNull(this.present.get()).threads().contains(thread);
	}

	/** The thread that came last. */
	@Nullable Thread last() {
		List<Thread> now = Objects.requireNonNull(this.present.get()).threads();
		return now.isEmpty() ? null : now.get(now.size() - 1);
	}

	/**
	 * Who is at work at one time.
	 *
	 * @param threads the threads
	 * @param presumed whether the only one is taken for one at work because it began: not
	 * everything that begins a segment makes it current, so it has gone when another one
	 * comes
	 */
	private record Present(List<Thread> threads, boolean presumed) {

		Present with(Thread thread) {
			List<Thread> changed = this.presumed ? new ArrayList<>() : others(thread);
			if (changed.size() < MAX) {
				changed.add(thread);
			}
			return new Present(changed, false);
		}

		Present without(Thread thread) {
			return this.threads.contains(thread) ? new Present(others(thread), false) : this;
		}

		private List<Thread> others(Thread thread) {
			List<Thread> others = new ArrayList<>(this.threads);
			others.remove(thread);
			return others;
		}

	}

}
