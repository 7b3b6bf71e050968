package dev.apm4j.instrument.jdbc;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanTemplate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is remembered of statements, for how long and at what cost.
 */
class StatementTemplatesTests {

	private static final DatabaseUrl DATABASE = DatabaseUrl.of("jdbc:postgresql://db.example/shop");

	private final StatementTemplates templates = new StatementTemplates(DATABASE);

	/** A field, or the compiler could remove what isn't used. */
	@SuppressWarnings("unused")
	private StatementTemplate last;

	@Test
	void sameTextGivesTheSameObject() {
		SpanTemplate first = span("SELECT * FROM orders WHERE id = ?");
		assertThat(span("SELECT * FROM orders WHERE id = ?")).isSameAs(first);
	}

	@Test
	void textsThatDifferOnlyInValuesGiveTheSameObject() {
		SpanTemplate first = span("SELECT * FROM orders WHERE id IN (1, 2) AND a = 'x'");
		assertThat(span("SELECT * FROM orders WHERE id IN (3) AND a = 'y'")).isSameAs(first);
		assertThat(span("SELECT * FROM orders WHERE id IN (3) AND b = 'y'")).isNotSameAs(first);
	}

	@Test
	void textsWithValuesInThemDoNotDriveOutThoseThatComeAgain() {
		BoundedCache<String> cache = new BoundedCache<>(100, 1_000_000, 8192);
		AtomicInteger loaded = new AtomicInteger();
		for (int i = 0; i < 100_000; i++) {
			cache.get("SELECT * FROM items WHERE id = " + i, (key) -> "items");
			if (i % 20 == 0) {
				cache.get("SELECT * FROM table_" + (i / 20) % 50, (key) -> {
					loaded.incrementAndGet();
					return "tables";
				});
			}
		}
		assertThat(loaded.get()).isLessThan(500);
		assertThat(cache.size()).isLessThanOrEqualTo(200);
	}

	@Test
	void batchOfManyTextsIsNoLongerThanAStatement() {
		List<StatementTemplate> statements = IntStream.range(0, 64)
			.mapToObj((i) -> this.templates.of("UPDATE orders SET a = " + "b + ".repeat(100) + "c" + i))
			.toList();
		SpanTemplate batch = this.templates.batch(statements).span();
		assertThat((String) batch.attribute(DatabaseAttributes.QUERY_TEXT)).startsWith("UPDATE orders SET a = b")
			.hasSize(SqlSanitizer.DEFAULT_LIMIT)
			.endsWith(" ...");
		assertThat(batch.name()).isEqualTo("BATCH UPDATE orders");
	}

	@Test
	void shortenedTextsOfDifferentTablesAreDifferent() {
		String columns = "column_name, ".repeat(500);
		SpanTemplate orders = span("SELECT " + columns + "x FROM orders");
		SpanTemplate items = span("SELECT " + columns + "x FROM items");
		assertThat(orders.attribute(DatabaseAttributes.QUERY_TEXT))
			.isEqualTo(items.attribute(DatabaseAttributes.QUERY_TEXT));
		assertThat(orders.name()).isEqualTo("SELECT orders");
		assertThat(items.name()).isEqualTo("SELECT items");
	}

	@Test
	void longTextIsNotRememberedButItsStatementIs() {
		String padding = " ".repeat(StatementTemplates.MAX_TEXT_LENGTH);
		SpanTemplate statement = span("SELECT a" + padding + "FROM orders WHERE id = 17");
		assertThat(this.templates.size()).isZero();
		assertThat(span("SELECT a FROM orders WHERE id = 18")).isSameAs(statement);
	}

	@Test
	void endlessTextsTakeBoundedMemory() {
		StatementTemplates few = new StatementTemplates(DATABASE, 100, 1_000_000);
		for (int i = 0; i < 100_000; i++) {
			few.of("SELECT a" + i + " FROM t");
			assertThat(few.size()).isLessThanOrEqualTo(200);
		}
	}

	@Test
	void cacheIsBoundedByCharactersToo() {
		BoundedCache<Integer> cache = new BoundedCache<>(1000, 1000);
		for (int i = 0; i < 1000; i++) {
			cache.get("x".repeat(i % 300) + i, String::length);
			assertThat(cache.characters()).isLessThanOrEqualTo(2000);
			assertThat(cache.size()).isLessThanOrEqualTo(2000);
		}
		assertThat(cache.size()).isPositive();
	}

	@Test
	void keyThatIsTooLongAloneIsNotKeptAndDrivesNothingOut() {
		BoundedCache<Integer> cache = new BoundedCache<>(10, 100);
		cache.get("short", String::length);
		assertThat(cache.get("x".repeat(101), String::length)).isEqualTo(101);
		assertThat(cache.size()).isEqualTo(1);
	}

	@Test
	void whatIsUsedStaysWhileOthersGo() {
		BoundedCache<Object> cache = new BoundedCache<>(100, 1_000_000);
		AtomicInteger loads = new AtomicInteger();
		Object used = cache.get("used", (key) -> loads.incrementAndGet());
		cache.get("unused", (key) -> new Object());
		for (int i = 0; i < 100_000; i++) {
			cache.get("key" + i, (key) -> key);
			if (i % 50 == 0) {
				assertThat(cache.get("used", (key) -> loads.incrementAndGet())).isSameAs(used);
			}
		}
		assertThat(loads).hasValue(1);
		assertThat(cache.get("unused", (key) -> "loaded again")).isEqualTo("loaded again");
	}

	@Test
	void threadsThatLoadTheSameKeyGetTheSameObject() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			for (int round = 0; round < 100; round++) {
				String sql = "SELECT a" + round + " FROM t WHERE b = ";
				CountDownLatch start = new CountDownLatch(1);
				List<Future<SpanTemplate>> results = IntStream.range(0, 4).mapToObj((i) -> threads.submit(() -> {
					start.await();
					return span(sql + i);
				})).toList();
				start.countDown();
				SpanTemplate first = results.get(0).get();
				for (Future<SpanTemplate> result : results) {
					assertThat(result.get()).isSameAs(first);
				}
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void threadsThatFillTheCacheKeepItBounded() throws Exception {
		BoundedCache<String> cache = new BoundedCache<>(100, 1_000_000);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<Future<?>> running = IntStream.range(0, 4).<Future<?>>mapToObj((thread) -> threads.submit(() -> {
				for (int i = 0; i < 50_000; i++) {
					String key = thread + "-" + i;
					assertThat(cache.get(key, (text) -> text)).isEqualTo(key);
				}
			})).toList();
			for (Future<?> future : running) {
				future.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(cache.size()).isBetween(1, 208);
	}

	@Test
	void hitAllocatesNothing() {
		ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		String sql = "SELECT * FROM orders WHERE id = ?";
		this.last = this.templates.of(sql);
		long least = Long.MAX_VALUE;
		long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
		while (least > 0 && System.nanoTime() < deadline) {
			long before = bean.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < 1000; i++) {
				this.last = this.templates.of(sql);
			}
			least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
		}
		assertThat(least).isZero();
	}

	@Test
	void theTemplateHasTheDatabase() {
		SpanTemplate span = span("SELECT * FROM orders WHERE id = 17");
		assertThat(span.name()).isEqualTo("SELECT orders");
		assertThat(span.attribute(DatabaseAttributes.SYSTEM)).isEqualTo("postgresql");
		assertThat(span.attribute(DatabaseAttributes.NAMESPACE)).isEqualTo("shop");
		assertThat(span.attribute("server.address")).isEqualTo("db.example");
		assertThat(span.attribute("server.port")).isEqualTo(5432L);
		assertThat(this.templates.commit().span().attribute("server.address")).isEqualTo("db.example");
		assertThat(this.templates.connect().name()).isEqualTo("CONNECT shop");
	}

	@Test
	void theSameTextWithOtherParametersHasOtherSecrets() {
		StatementTemplates withValues = new StatementTemplates(DATABASE);
		StatementTemplate first = withValues.of("SELECT * FROM users WHERE name = ? AND password = 'x'");
		StatementTemplate second = withValues.of("SELECT * FROM users WHERE name = 'x' AND password = ?");
		assertThat(first.span()).isSameAs(second.span());
		assertThat(first.secrets()).isZero();
		assertThat(second.secrets()).isEqualTo(1);
	}

	private SpanTemplate span(String sql) {
		return this.templates.of(sql).span();
	}

}
