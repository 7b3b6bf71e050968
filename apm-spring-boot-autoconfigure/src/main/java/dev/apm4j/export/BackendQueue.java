package dev.apm4j.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.apm4j.trace.Segment;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one backend, bounded by segments and by spans. A batch counts until it
 * is done with, so that the bounds hold for all the memory behind it. One thread offers,
 * one takes.
 */
final class BackendQueue {

	private final SpscAtomicArrayQueue<KeptSegment> queue;

	private final int maxSegments;

	private final int maxSpans;

	private final int batchSize;

	private final int batchSpans;

	// Written by the thread that offers.

	private volatile long added;

	private volatile long addedSpans;

	// Written by the thread that takes.

	private volatile long done;

	private volatile long doneSpans;

	BackendQueue(PipelineSettings settings) {
		this.maxSegments = settings.queueSize();
		this.maxSpans = settings.queueSpans();
		this.batchSize = Math.min(settings.batchSize(), settings.queueSize());
		this.batchSpans = Math.min(settings.batchSpans(), settings.queueSpans());
		this.queue = new SpscAtomicArrayQueue<>(this.maxSegments);
	}

	@SuppressWarnings("NonAtomicOperationOnVolatileField")
	boolean offer(KeptSegment segment) {
		long spans = spans();
		if (size() >= this.maxSegments || (spans > 0 && spans + segment.spans() > this.maxSpans)) {
			return false;
		}
		// Counted first: it may be sent and done with at once.
		this.added++;
		this.addedSpans += segment.spans();
		this.queue.offer(segment);
		return true;
	}

	/** Whether a batch need not wait for more. */
	boolean hasFullBatch() {
		return this.queue.size() >= this.batchSize || spans() >= this.batchSpans;
	}

	@Nullable KeptSegment peek() {
		return this.queue.peek();
	}

	Batch take() {
		List<Segment> segments = new ArrayList<>(Math.min(this.queue.size(), this.batchSize));
		int spans = 0;
		while (segments.size() < this.batchSize && spans < this.batchSpans) {
			KeptSegment next = this.queue.poll();
			if (next == null) {
				break;
			}
			segments.add(next.segment());
			spans += next.spans();
		}
		return new Batch(Collections.unmodifiableList(segments), spans);
	}

	@SuppressWarnings("NonAtomicOperationOnVolatileField")
	void done(int segments, long spans) {
		this.doneSpans += spans;
		this.done += segments;
	}

	/** Lets go of what was given up. */
	void clear() {
		this.queue.clear();
	}

	/** How many segments were ever added. */
	long added() {
		return this.added;
	}

	/** How many of the added segments are done with, sent or dropped, oldest first. */
	long done() {
		return this.done;
	}

	int size() {
		long finished = this.done;
		return (int) (this.added - finished);
	}

	long spans() {
		long finished = this.doneSpans;
		return this.addedSpans - finished;
	}

	int capacity() {
		return this.maxSegments;
	}

	/**
	 * What is sent together.
	 *
	 * @param segments the segments, immutable
	 * @param spans how many spans they have
	 */
	record Batch(List<Segment> segments, int spans) {

		int size() {
			return this.segments.size();
		}

	}

}
