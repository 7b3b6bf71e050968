package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class SkyWalkingNoticesTests {

	private final AtomicLong now = new AtomicLong(-5);

	private final SkyWalkingNotices notices = new SkyWalkingNotices(this.now::get);

	@Test
	void failuresAreLoggedOnceAMinuteHoweverManyThereAre(CapturedOutput output) {
		for (int second = 0; second < 180; second++) {
			this.notices.failed("keep-alive", new IOException("away"));
			this.notices.failed("meters", new IOException("away"));
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(lines(output, "failed and is tried again: away")).isEqualTo(3);
		this.notices.succeeded("meters");
		assertThat(lines(output, "reachable again")).isZero();
		this.notices.succeeded("keep-alive");
		assertThat(lines(output, "reachable again")).isEqualTo(1);
		assertThat(this.notices.summary()).isNull();
	}

	@Test
	void aServerThatComesAndGoesDoesNotFillTheLog(CapturedOutput output) {
		for (int second = 0; second < 60; second++) {
			this.notices.failed("keep-alive", new IOException("away"));
			this.notices.succeeded("keep-alive");
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(lines(output, "SkyWalking")).isEqualTo(2);
	}

	private static long lines(CapturedOutput output, String text) {
		return output.toString().lines().filter((line) -> line.contains(text) && !line.contains(" DEBUG ")).count();
	}

}
