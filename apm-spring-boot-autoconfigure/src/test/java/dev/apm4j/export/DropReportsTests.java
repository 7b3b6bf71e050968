package dev.apm4j.export;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.impl.NoOpLog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DropReportsTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final List<String> lines = new ArrayList<>();

	private final AtomicLong counter = new AtomicLong();

	@Test
	@SuppressWarnings("serial")
	void logsAtOnceAndThenOnceAMinuteWithWhatWasAdded() {
		DropReports reports = new DropReports(new NoOpLog() {

			@Override
			public void warn(Object message) {
				DropReportsTests.this.lines.add(message.toString());
			}

		});
		reports.watch(this.counter::get, (added) -> added + " dropped");
		reports.log(0);
		assertThat(this.lines).isEmpty();
		this.counter.set(3);
		reports.log(SECOND);
		assertThat(this.lines).containsExactly("3 dropped");
		this.counter.set(10);
		reports.log(60 * SECOND);
		assertThat(this.lines).hasSize(1);
		reports.log(61 * SECOND);
		assertThat(this.lines).containsExactly("3 dropped", "7 dropped");
		reports.log(1000 * SECOND);
		assertThat(this.lines).hasSize(2);
	}

}
