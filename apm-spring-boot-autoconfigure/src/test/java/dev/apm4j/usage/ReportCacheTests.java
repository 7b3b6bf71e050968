package dev.apm4j.usage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReportCache}.
 */
class ReportCacheTests {

	private final UsageRegistry registry = new UsageRegistry((method) -> true);

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	private final AtomicReference<CodeBase> codeBase = new AtomicReference<>();

	private final ReportCache cache = new ReportCache(() -> this.registry.report(0), this.codeBase::get,
			this.nanos::get);

	@Test
	void whoAsksAtTheSameTimeGetsTheSame() {
		UsageReport first = this.cache.get();
		this.nanos.addAndGet(Duration.ofMillis(999).toNanos());
		assertThat(this.cache.get()).isSameAs(first);
	}

	@Test
	void whoAsksASecondLaterGetsANewOne() {
		UsageReport first = this.cache.get();
		this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(this.cache.get()).isNotSameAs(first);
	}

	@Test
	void reportOfBeforeTheScanIsNotGivenAfterIt() {
		UsageReport first = this.cache.get();
		this.codeBase.set(new CodeBase(List.of(), 0, 0));
		assertThat(this.cache.get()).isNotSameAs(first);
	}

}
