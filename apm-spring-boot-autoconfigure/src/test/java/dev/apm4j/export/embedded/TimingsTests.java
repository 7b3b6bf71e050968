package dev.apm4j.export.embedded;

import java.util.concurrent.TimeUnit;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimingsTests {

	private final Timings timings = new Timings();

	private Timings.Reading read() {
		return this.timings.read(Timings.newHistogram());
	}

	private static long millis(long millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

	@Test
	void oneOrTwoOfAGroupAreCountedExactly() {
		this.timings.count(1, millis(3), millis(3), millis(3));
		assertThat(read()).isEqualTo(new Timings.Reading(1, 0, 3000, 3000, 3000, 3000, 3000));
		this.timings.count(2, millis(60), millis(10), millis(50));
		assertThat(read().p50()).isCloseTo(10_000, Percentage.withPercentage(1));
		assertThat(read().max()).isEqualTo(50_000);
		assertThat(read().total()).isEqualTo(63_000);
	}

	@Test
	void thoseBetweenShortestAndLongestCountWithTheirMean() {
		this.timings.count(100, millis(1 + 98 * 20 + 500), millis(1), millis(500));
		Timings.Reading read = read();
		assertThat(read.count()).isEqualTo(100);
		assertThat(read.p50()).isCloseTo(20_000, Percentage.withPercentage(1));
		assertThat(read.p99()).isCloseTo(20_000, Percentage.withPercentage(1));
		assertThat(read.max()).isEqualTo(500_000);
		assertThat(read.total()).isEqualTo(2_461_000);
	}

	@Test
	void aSumThatIsReadTooEarlyDoesNoHarm() {
		this.timings.count(5, millis(1), millis(7), millis(9));
		assertThat(read().count()).isEqualTo(5);
		assertThat(read().p50()).isZero();
	}

	@Test
	void failuresCountWithTheirMean() {
		this.timings.countFailed(4, millis(40));
		assertThat(read().p50()).isCloseTo(10_000, Percentage.withPercentage(1));
		assertThat(read().errors()).isEqualTo(4);
		assertThat(read().count()).isEqualTo(4);
	}

	@Test
	void nanosecondsAreNotLostInTheSum() {
		for (int i = 0; i < 1000; i++) {
			this.timings.count(1, 1900, 1900, 1900);
		}
		assertThat(read().total()).isEqualTo(1900);
	}

	@Test
	void countsBeyondFourBillionStayAtTheEnd() {
		for (int i = 0; i < 4; i++) {
			this.timings.count(Integer.MAX_VALUE, 0, 0, 0);
		}
		this.timings.count(1_000, millis(1000), millis(1), millis(1));
		assertThat(read().count()).isEqualTo(4L * Integer.MAX_VALUE + 1000);
		assertThat(read().p50()).isZero();
		assertThat(read().p99()).isZero();
	}

}
