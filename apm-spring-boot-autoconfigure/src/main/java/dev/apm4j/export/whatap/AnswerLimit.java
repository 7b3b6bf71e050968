package dev.apm4j.export.whatap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds how often questions are answered, as whoever is on the machine may ask. For one
 * thread.
 */
final class AnswerLimit {

	/** Answers in a second. */
	static final int MAX_ANSWERS = 10;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final LongSupplier nanoTime;

	private final Deque<Long> answers = new ArrayDeque<>(MAX_ANSWERS);

	AnswerLimit(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/** Whether one more answer is due, which is counted then. */
	boolean tryAnswer() {
		long now = this.nanoTime.getAsLong();
		if (this.answers.size() == MAX_ANSWERS) {
			if (now - this.answers.getFirst() < SECOND) {
				return false;
			}
			this.answers.removeFirst();
		}
		this.answers.addLast(now);
		return true;
	}

}
