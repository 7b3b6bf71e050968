package dev.apm4j.export;

import java.time.Duration;

import org.junit.jupiter.api.RepeatedTest;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	@RepeatedTest(20)
	void pausesDoubleUpToTheLongestAndStartAgainAfterASuccess() {
		Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(3));
		for (long full : new long[] { 500, 1000, 2000, 3000, 3000 }) {
			assertThat(Duration.ofNanos(backoff.next())).isBetween(Duration.ofMillis(full / 2),
					Duration.ofMillis(full));
		}
		backoff.reset();
		assertThat(Duration.ofNanos(backoff.next())).isLessThanOrEqualTo(Duration.ofMillis(500));
	}

}
