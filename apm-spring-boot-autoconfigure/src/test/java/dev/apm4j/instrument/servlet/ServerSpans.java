package dev.apm4j.instrument.servlet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;

/**
 * The server spans that have ended.
 */
final class ServerSpans {

	private final List<RecordedSpan> spans = new CopyOnWriteArrayList<>();

	void add(RecordedSpan span) {
		this.spans.add(span);
	}

	void clear() {
		this.spans.clear();
	}

	List<RecordedSpan> await(int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(5))
			.until(() -> this.spans.size() >= count);
		return List.copyOf(this.spans);
	}

}
