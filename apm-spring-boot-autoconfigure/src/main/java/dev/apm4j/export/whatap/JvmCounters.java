package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.metrics.JvmSampler;
import dev.apm4j.metrics.JvmSnapshot;
import dev.apm4j.metrics.JvmSnapshot.Collector;
import dev.apm4j.metrics.JvmSnapshot.Generation;
import dev.apm4j.metrics.JvmSnapshot.Pool;
import dev.apm4j.metrics.JvmSnapshot.PoolKind;
import dev.apm4j.metrics.ProcessSampler;
import dev.apm4j.metrics.ProcessSnapshot;

/**
 * Reports the JVM: heap, garbage collection, threads, processors and open files. The
 * names of fields are those of WhaTap's own counters for Java (golib's
 * {@code CounterPack1}), those of {@code app_filedescriptor} its Python agent's. Not
 * thread-safe.
 */
public final class JvmCounters implements WhaTapBackend.Feature {

	private static final String RUNTIME = "java_runtime";

	private static final String COLLECTOR = "java_gc";

	private static final String FILES = "app_filedescriptor";

	private final JvmSampler jvm;

	private final ProcessSampler process;

	private final Duration interval;

	private final long pid = ProcessHandle.current().pid();

	/**
	 * Creates the report.
	 * @param jvm reads the JVM, for this report alone
	 * @param process reads the process
	 * @param interval time between two reports
	 */
	public JvmCounters(JvmSampler jvm, ProcessSampler process, Duration interval) {
		this.jvm = jvm;
		this.process = process;
		this.interval = interval;
	}

	@Override
	public void start(WhaTapBackend backend) {
		// What is counted is counted from here.
		this.jvm.sample();
		AgentLink link = backend.link();
		backend.loop().periodic("JVM counters", this.interval, () -> report(link::send));
	}

	void report(PacketSink sink) throws IOException {
		report(sink, this.jvm.sample(), this.process.sample());
	}

	void report(PacketSink sink, JvmSnapshot snapshot, ProcessSnapshot now) throws IOException {
		long time = snapshot.epochMillis();
		MapContent tags = (map) -> map.put("pid", this.pid).put("type", "java");
		MapContent fields = (map) -> {
			writeMemory(snapshot, now, map);
			writeCollections(snapshot, map);
			writeThreads(snapshot, now, map);
			writeProcessors(snapshot, now, map);
		};
		sink.send((packets) -> packets.relays().tagCount(time, RUNTIME, tags, fields), Flush.LATER);
		for (Collector collector : snapshot.collectors()) {
			MapContent itsTags = (map) -> {
				tags.writeTo(map);
				map.put("collector", collector.name());
			};
			MapContent itsFields = (map) -> map.put("count", collector.count()).put("time", collector.millis());
			sink.send((packets) -> packets.relays().tagCount(time, COLLECTOR, itsTags, itsFields), Flush.LATER);
		}
		if (now.openFiles() >= 0 && now.maxFiles() > 0) {
			MapContent files = (map) -> map.put("max_nofile", now.maxFiles())
				// Spelled as WhaTap's agent does.
				.put("currnet_nofile", now.openFiles())
				.put("current_nofile_pct", 100.0 * now.openFiles() / now.maxFiles());
			sink.send((packets) -> packets.relays().tagCount(time, FILES, tags, files), Flush.LATER);
		}
	}

	private static void writeMemory(JvmSnapshot snapshot, ProcessSnapshot process, MapWriter map) {
		map.put("heap_tot", snapshot.heap().committed()).put("heap_use", snapshot.heap().used());
		if (snapshot.heap().max() >= 0) {
			map.put("heap_max", snapshot.heap().max());
		}
		long metaspace = 0;
		for (Pool pool : snapshot.pools()) {
			metaspace += (pool.kind() == PoolKind.METASPACE) ? pool.memory().used() : 0;
		}
		map.put("heap_perm", metaspace)
			.put("nonheap_use", snapshot.nonHeap().used())
			.put("heap_pending_finalization", process.pendingFinalization());
	}

	/** Whole concurrent cycles are left out: their time is not that of pauses. */
	private static void writeCollections(JvmSnapshot snapshot, MapWriter map) {
		long count = 0;
		long millis = 0;
		long old = 0;
		for (Collector collector : snapshot.collectors()) {
			if (!collector.concurrent()) {
				count += collector.count();
				millis += collector.millis();
				old += (collector.generation() == Generation.OLD) ? collector.count() : 0;
			}
		}
		map.put("gc_count", count).put("gc_time", millis).put("gc_oldgen_count", old);
	}

	private static void writeThreads(JvmSnapshot snapshot, ProcessSnapshot process, MapWriter map) {
		map.put("thread_count", snapshot.threads().live())
			.put("thread_daemon", snapshot.threads().daemon())
			.put("thread_peak_count", snapshot.threads().peak())
			.put("thread_total_started", process.threadsStarted())
			.put("class_count", snapshot.classes().loaded());
	}

	private static void writeProcessors(JvmSnapshot snapshot, ProcessSnapshot process, MapWriter map) {
		map.put("cpu_proc", snapshot.cpuPercent());
		if (process.systemCpuPercent() >= 0) {
			map.put("cpu", process.systemCpuPercent());
		}
		map.put("cpu_cores", process.processors());
	}

}
