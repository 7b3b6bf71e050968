package dev.apm4j.export;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.trace.Segment;

/**
 * A backend in memory that can be told how to behave.
 */
class RecordingExporter implements SegmentExporter {

	/** What a backend does with a batch before it takes it. */
	interface Behaviour {

		void onExport(List<Segment> batch) throws Exception;

	}

	final List<List<Segment>> batches = new CopyOnWriteArrayList<>();

	final AtomicInteger attempts = new AtomicInteger();

	final AtomicInteger closed = new AtomicInteger();

	volatile Behaviour behaviour = (batch) -> {
	};

	private final String name;

	RecordingExporter(String name) {
		this.name = name;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public void export(List<Segment> batch) throws Exception {
		this.attempts.incrementAndGet();
		this.behaviour.onExport(batch);
		this.batches.add(batch);
	}

	@Override
	public void close(Duration timeout) {
		this.closed.incrementAndGet();
	}

	List<String> names() {
		return this.batches.stream().flatMap(List::stream).map((segment) -> segment.root().name()).toList();
	}

}
