package dev.apm4j.export;

import java.util.concurrent.atomic.AtomicLong;

import dev.apm4j.trace.Segment;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between the request threads and the pipeline's one. Offering takes no
 * lock and no memory and wakes nobody: waking a consumer would cost more than all the
 * rest of tracing a request.
 */
final class Ingress {

	// Of JCTools' two families the one without sun.misc.Unsafe, about which newer JVMs
	// print a warning.
	private final MpscAtomicArrayQueue<Segment> queue;

	private final long maxSpans;

	/**
	 * Never more than there are: a segment may grow between offer and poll, so that more
	 * is taken off than was added, and what gets negative for it is set to 0.
	 */
	private final AtomicLong spans = new AtomicLong();

	Ingress(int capacity, int maxSpans) {
		this.queue = new MpscAtomicArrayQueue<>(capacity);
		this.maxSpans = maxSpans;
	}

	/**
	 * Adds a segment. Called by any thread.
	 * @return {@code false} if there is no room
	 */
	boolean offer(Segment segment) {
		long size = segment.weight();
		long before = this.spans.get();
		if (before > 0 && before + size > this.maxSpans) {
			return false;
		}
		this.spans.addAndGet(size);
		if (this.queue.offer(segment)) {
			return true;
		}
		this.spans.addAndGet(-size);
		return false;
	}

	/**
	 * Takes the oldest segment. Called by one thread at a time.
	 */
	@Nullable Segment poll() {
		Segment segment = this.queue.poll();
		if (segment != null) {
			long left = this.spans.addAndGet(-segment.weight());
			if (left < 0) {
				this.spans.compareAndSet(left, 0);
			}
		}
		return segment;
	}

	/** How many segments were ever added. */
	long accepted() {
		return this.queue.currentProducerIndex();
	}

	int size() {
		return this.queue.size();
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	int capacity() {
		return this.queue.capacity();
	}

	long spans() {
		return Math.max(0, this.spans.get());
	}

}
