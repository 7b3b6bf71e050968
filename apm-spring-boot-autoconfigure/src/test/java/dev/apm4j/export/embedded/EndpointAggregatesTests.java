package dev.apm4j.export.embedded;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EndpointAggregatesTests {

	private final Segments segments = new Segments();

	private final SettableClock clock = new SettableClock();

	private final EndpointAggregates aggregates = new EndpointAggregates(this.clock);

	private EndpointStatistics only() {
		List<EndpointStatistics> endpoints = this.aggregates.endpoints();
		assertThat(endpoints).hasSize(1);
		return endpoints.get(0);
	}

	@Test
	void percentilesAreWithinOnePercent() {
		Random random = new Random(42);
		long[] durations = random.doubles(20_000, 0, 22).mapToLong((power) -> (long) Math.exp(power)).toArray();
		for (long duration : durations) {
			this.aggregates.count(this.segments.local("job", duration));
		}
		Arrays.sort(durations);
		EndpointStatistics job = only();
		assertThat(job.p50()).isCloseTo(durations[9_999], Percentage.withPercentage(1));
		assertThat(job.p95()).isCloseTo(durations[18_999], Percentage.withPercentage(1));
		assertThat(job.p99()).isCloseTo(durations[19_799], Percentage.withPercentage(1));
		assertThat(job.max()).isEqualTo(durations[19_999]);
		assertThat(job.total()).isEqualTo(Arrays.stream(durations).sum());
		assertThat(job.count()).isEqualTo(20_000);
	}

	@Test
	void zeroAndDaysAreCountedWhereTheRangeEnds() {
		this.aggregates.count(this.segments.local("job", 0));
		assertThat(only().p99()).isZero();
		long week = TimeUnit.DAYS.toMicros(7);
		this.aggregates.count(this.segments.local("job", week));
		assertThat(only().max()).isEqualTo(week);
		assertThat(only().p99()).isCloseTo(TimeUnit.HOURS.toMicros(1), Percentage.withPercentage(1));
	}

	@Test
	void entriesAndJobsAreToldApartAndLoneExitsAreNone() {
		for (Span.Kind kind : Span.Kind.values()) {
			this.aggregates.count(this.segments.segment("t", "00000000000000aa", "name", kind, 0, 10, (span) -> {
			}));
		}
		this.aggregates.count(this.segments.local("name", 10));
		assertThat(this.aggregates.endpoints()).extracting(EndpointStatistics::kind)
			.containsExactly("CONSUMER", "LOCAL", "SERVER");
	}

	@Test
	void aRequestFailsWithItsRootNotWithAHandledErrorInside() {
		this.aggregates.count(this.segments.segment("t", "a", 0, 10, (span) -> span.tag("error.type", "500")));
		this.aggregates.count(this.segments.segment("t", "a", 0, 10,
				(span) -> this.segments.tracer().nextSpan(span).start().error(new RuntimeException()).end()));
		assertThat(only().errors()).isEqualTo(1);
		assertThat(only().count()).isEqualTo(2);
	}

	@Test
	void statementsOfARequestAreCountedButNoCommits() {
		Statements sql = new Statements(this.segments);
		this.aggregates.count(sql.request("GET /orders", () -> {
			sql.execute(Statements.select("orders"), 1);
			sql.execute(Statements.select("items"), 20);
			sql.fail(Statements.select("items"), new IllegalStateException());
			sql.execute(Statements.template("COMMIT", null, null), 1);
		}));
		this.aggregates.count(sql.request("GET /orders", () -> sql.execute(Statements.select("orders"), 2)));
		assertThat(only().sqlCalls()).isEqualTo(24);
		assertThat(only().sqlRepeated()).isEqualTo(1);
	}

	@Test
	void minutesAreKeptForAnHourInOrder() {
		long first = this.clock.minute();
		for (int minute = 0; minute < 100; minute++) {
			for (int i = 0; i <= minute; i++) {
				this.aggregates.count(this.segments.segment("t", "a", 0, 1000L * (minute + 1),
						(i == 0) ? (span) -> span.tag("error.type", "500") : (span) -> {
						}));
			}
			this.clock.advance(Duration.ofMinutes(1));
		}
		List<MinuteStatistics> minutes = only().minutes();
		assertThat(minutes).hasSize(59);
		assertThat(minutes).extracting(MinuteStatistics::minute).isSorted().startsWith((first + 41) * 60);
		for (MinuteStatistics each : minutes) {
			long number = each.minute() / 60 - first;
			assertThat(each.count()).isEqualTo(number + 1);
			assertThat(each.errors()).isEqualTo(1);
			assertThat(each.p50()).isCloseTo(1000 * (number + 1), Percentage.withPercentage(1));
		}
		this.clock.advance(Duration.ofHours(2));
		assertThat(only().minutes()).isEmpty();
		assertThat(only().count()).isEqualTo(5050);
	}

	@Test
	void aClockThatJumpsNeverBreaksTheOrderOrTheCount() {
		int[] jumps = { 1, 1, -1, 1, 1, 60, 1, -60, 1, 1, -1, -1, 600, 1, -3, 1, 1, -10, 11, 1 };
		int counted = 0;
		for (int jump : jumps) {
			this.aggregates.count(this.segments.local("job", 10));
			counted++;
			this.clock.advance(Duration.ofMinutes(jump));
			this.aggregates.count(this.segments.local("job", 10));
			counted++;
			List<Long> minutes = only().minutes().stream().map(MinuteStatistics::minute).toList();
			assertThat(minutes).isSorted().doesNotHaveDuplicates();
			assertThat(minutes).allSatisfy(
					(minute) -> assertThat(minute / 60).isBetween(this.clock.minute() - 60, this.clock.minute() + 1));
			assertThat(only().count()).isEqualTo(counted);
		}
	}

	@Test
	void aHundredThousandNamesAreBounded() {
		for (int i = 0; i < 100_000; i++) {
			this.aggregates.count(this.segments.local("job-" + i, 10));
		}
		List<EndpointStatistics> endpoints = this.aggregates.endpoints();
		assertThat(endpoints).hasSize(EndpointAggregates.MAX_ENDPOINTS + 1);
		assertThat(endpoints.get(0).name()).isEqualTo(EndpointAggregates.OTHER);
		assertThat(endpoints.get(0).count()).isEqualTo(100_000 - EndpointAggregates.MAX_ENDPOINTS);
		this.aggregates.count(this.segments.local("job-0", 10));
		assertThat(this.aggregates.endpoints()).filteredOn((each) -> each.name().equals("job-0"))
			.first()
			.extracting(EndpointStatistics::count)
			.isEqualTo(2L);
	}

	@Test
	void threadsDoNotLoseACount() throws Exception {
		List<Segment> mixed = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			mixed.add(this.segments.segment("t", "endpoint-" + i % 3, 0, 1L << (i % 32),
					(i % 4 == 0) ? (span) -> span.tag("error.type", "500") : (span) -> {
					}));
		}
		int threads = 4;
		int rounds = 2000;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				futures.add(executor.submit(() -> {
					for (int i = 0; i < rounds; i++) {
						mixed.forEach(this.aggregates::count);
					}
				}));
			}
			for (Future<?> future : futures) {
				future.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		long expected = (long) threads * rounds * mixed.size();
		List<EndpointStatistics> endpoints = this.aggregates.endpoints();
		assertThat(endpoints.stream().mapToLong(EndpointStatistics::count).sum()).isEqualTo(expected);
		assertThat(endpoints.stream().mapToLong(EndpointStatistics::errors).sum()).isEqualTo(expected / 4);
		assertThat(
				endpoints.stream().flatMap((each) -> each.minutes().stream()).mapToLong(MinuteStatistics::count).sum())
			.isEqualTo(expected);
	}

	@Test
	void threadsThatMeetANewDurationTogetherDoNotLoseIt() throws Exception {
		DurationCounts counts = new DurationCounts();
		int threads = 4;
		int each = 200_000;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				futures.add(executor.submit(() -> {
					for (int i = 0; i < each; i++) {
						counts.record(i * 31L % 5_000_000, 1);
					}
				}));
			}
			for (Future<?> future : futures) {
				future.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		Histogram histogram = Timings.newHistogram();
		counts.addTo(histogram);
		assertThat(histogram.getTotalCount()).isEqualTo((long) threads * each);
	}

	private static final class SettableClock extends Clock {

		private Instant now = Instant.parse("2026-01-01T00:00:30Z");

		void advance(Duration duration) {
			this.now = this.now.plus(duration);
		}

		long minute() {
			return this.now.getEpochSecond() / 60;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

	}

}
