package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.metrics.JvmSampler;
import dev.apm4j.metrics.JvmSnapshot;
import dev.apm4j.metrics.MeterReader;
import dev.apm4j.metrics.ProcessSampler;
import dev.apm4j.metrics.ProcessSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CounterTests {

	private static final long PID = ProcessHandle.current().pid();

	private final ReadingSink sink = new ReadingSink();

	private final JvmCounters counters = new JvmCounters(new JvmSampler(), new ProcessSampler(), Duration.ofSeconds(5));

	private static long number(Map<String, Object> fields, String name) {
		return (Long) fields.get(name);
	}

	private static double percent(Map<String, Object> fields, String name) {
		return (Double) fields.get(name);
	}

	@Test
	void jvmIsReported() throws IOException {
		long before = System.currentTimeMillis();
		this.counters.report(this.sink);
		Packet runtime = this.sink.packs("java_runtime").get(0);
		assertThat(runtime.fields()).containsEntry("pcode", "31337").containsEntry("oid", "7");
		assertThat(Long.parseLong(runtime.fields().get("time"))).isBetween(before, System.currentTimeMillis());
		assertThat(ReadingSink.contents(runtime.tags())).isEqualTo(Map.of("pid", PID, "type", "java"));
		assertThat(runtime.fields().get("tagHash")).isNotEqualTo("0");
		Map<String, Object> fields = this.sink.fields("java_runtime");
		assertThat(number(fields, "heap_use")).isPositive().isLessThanOrEqualTo(number(fields, "heap_tot"));
		assertThat(number(fields, "heap_max")).isEqualTo(Runtime.getRuntime().maxMemory());
		assertThat(number(fields, "heap_perm")).isPositive().isLessThanOrEqualTo(number(fields, "nonheap_use"));
		assertThat(number(fields, "thread_count")).isBetween(1L, number(fields, "thread_peak_count"));
		assertThat(number(fields, "thread_daemon")).isBetween(1L, number(fields, "thread_count"));
		assertThat(number(fields, "thread_total_started")).isGreaterThanOrEqualTo(number(fields, "thread_count"));
		assertThat(number(fields, "heap_pending_finalization")).isNotNegative();
		assertThat(number(fields, "class_count")).isPositive();
		assertThat(number(fields, "cpu_cores")).isEqualTo(Runtime.getRuntime().availableProcessors());
		assertThat(percent(fields, "cpu_proc")).isBetween(0.0, 100.0);
		assertThat(this.sink.flushes).containsOnly(Flush.LATER);
	}

	@Test
	void openFilesAreReportedUnderTheNamesOfWhaTap() throws IOException {
		this.counters.report(this.sink);
		Map<String, Object> fields = this.sink.fields("app_filedescriptor");
		assertThat(fields).containsOnlyKeys("max_nofile", "currnet_nofile", "current_nofile_pct");
		assertThat(number(fields, "currnet_nofile")).isBetween(1L, number(fields, "max_nofile"));
		assertThat(percent(fields, "current_nofile_pct"))
			.isEqualTo(100.0 * number(fields, "currnet_nofile") / number(fields, "max_nofile"));
	}

	@Test
	void collectionsAreThoseOfTheInterval() throws IOException {
		System.gc();
		this.counters.report(this.sink);
		assertThat(number(this.sink.fields("java_runtime"), "gc_count")).isPositive();
		assertThat(number(this.sink.fields("java_runtime"), "gc_oldgen_count")).isPositive();
		List<Packet> collectors = this.sink.packs("java_gc");
		assertThat(collectors).isNotEmpty()
			.allSatisfy((pack) -> assertThat(pack.tags()).containsOnlyKeys("pid", "type", "collector"));
		long total = collectors.stream().mapToLong((pack) -> (Long) pack.entries().get("count").content()).sum();
		assertThat(total).isGreaterThanOrEqualTo(number(this.sink.fields("java_runtime"), "gc_count"));
		// The next interval counts from there, however many there were so far.
		long started = number(this.sink.fields("java_runtime"), "thread_total_started");
		this.sink.clear();
		new Thread(() -> {
		}).start();
		System.gc();
		this.counters.report(this.sink);
		assertThat(number(this.sink.fields("java_runtime"), "gc_oldgen_count")).isBetween(1L, 2L);
		assertThat(number(this.sink.fields("java_runtime"), "thread_total_started")).isGreaterThan(started);
	}

	@Test
	void concurrentCyclesAreNoPausesAndWhatIsNotKnownIsLeftOut() throws IOException {
		JvmSnapshot.Memory memory = new JvmSnapshot.Memory(1, 2, 3, -1);
		JvmSnapshot snapshot = new JvmSnapshot(1, 5, memory, memory, List.of(),
				List.of(new JvmSnapshot.Collector("ZGC Major Cycles", JvmSnapshot.Generation.OLD, true, 1, 900),
						new JvmSnapshot.Collector("ZGC Major Pauses", JvmSnapshot.Generation.OLD, false, 3, 2)),
				new JvmSnapshot.Threads(9, 8, 10, 1, 1, 1, 1), new JvmSnapshot.Classes(1, 1, 0));
		this.counters.report(this.sink, snapshot, new ProcessSnapshot(-1, 2, -1, -1, 0, 11));
		assertThat(this.sink.fields("java_runtime")).containsEntry("gc_count", 3L)
			.containsEntry("gc_time", 2L)
			.containsEntry("gc_oldgen_count", 3L)
			.doesNotContainKeys("heap_max", "cpu");
		assertThat(this.sink.packs("java_gc")).hasSize(2);
		assertThat(this.sink.packs("app_filedescriptor")).isEmpty();
	}

	@Test
	void poolsAreReported() throws IOException {
		MeterRegistry registry = new SimpleMeterRegistry();
		gauge(registry, "hikaricp.connections", "pool", "HikariPool-1", 10);
		gauge(registry, "hikaricp.connections.active", "pool", "HikariPool-1", 3);
		gauge(registry, "hikaricp.connections.idle", "pool", "HikariPool-1", 7);
		gauge(registry, "hikaricp.connections.max", "pool", "HikariPool-1", 20);
		gauge(registry, "hikaricp.connections.pending", "pool", "HikariPool-1", 2);
		gauge(registry, "tomcat.threads.busy", "name", "http-nio-8080", 4);
		gauge(registry, "tomcat.threads.current", "name", "http-nio-8080", 10);
		gauge(registry, "tomcat.threads.config.max", "name", "http-nio-8080", 200);
		gauge(registry, "other", "name", "x", 1);
		MeterReader reader = new MeterReader(registry);
		new PoolCounters(reader, Duration.ofSeconds(5)).report(this.sink);
		assertThat(this.sink.packs("app_pool"))
			.extracting((pack) -> Map.of("tags", ReadingSink.contents(pack.tags()), "fields",
					ReadingSink.contents(pack.entries())))
			.containsExactlyInAnyOrder(
					Map.of("tags", Map.of("pid", PID, "type", "hikari", "name", "HikariPool-1"), "fields",
							Map.of("total", 10L, "active", 3L, "idle", 7L, "max", 20L, "pending", 2L)),
					Map.of("tags", Map.of("pid", PID, "type", "tomcat", "name", "http-nio-8080"), "fields",
							Map.of("total", 10L, "active", 4L, "idle", 6L, "max", 200L)));
		assertThat(PoolCounters.connections(reader).pools()).containsExactly(new PoolConnections("HikariPool-1", 3, 7));
	}

	@Test
	void withoutMetersNoPoolsAreReported() throws IOException {
		new PoolCounters(new MeterReader(new SimpleMeterRegistry()), Duration.ofSeconds(5)).report(this.sink);
		assertThat(this.sink.received).isEmpty();
	}

	private static void gauge(MeterRegistry registry, String name, String label, String value, int number) {
		registry.gauge(name, Tags.of(label, value), number);
	}

}
