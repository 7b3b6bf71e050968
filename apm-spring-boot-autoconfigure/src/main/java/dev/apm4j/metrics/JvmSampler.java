package dev.apm4j.metrics;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.apm4j.metrics.JvmSnapshot.Classes;
import dev.apm4j.metrics.JvmSnapshot.Collector;
import dev.apm4j.metrics.JvmSnapshot.Generation;
import dev.apm4j.metrics.JvmSnapshot.Memory;
import dev.apm4j.metrics.JvmSnapshot.Pool;
import dev.apm4j.metrics.JvmSnapshot.PoolKind;
import dev.apm4j.metrics.JvmSnapshot.Threads;

/**
 * Reads the JVM through its management beans. What is counted since the sample before is
 * counted for this sampler alone, so several of them don't disturb each other. Not
 * thread-safe.
 */
public final class JvmSampler {

	/** By the start of the name, the more special one first. */
	private static final List<Map.Entry<String, PoolKind>> POOLS = List.of(
			Map.entry("codeheap 'non-nmethods'", PoolKind.CODE_HEAP_NON_METHODS),
			Map.entry("codeheap 'profiled", PoolKind.CODE_HEAP_PROFILED),
			Map.entry("codeheap 'non-profiled", PoolKind.CODE_HEAP_NON_PROFILED),
			Map.entry("code", PoolKind.CODE_CACHE), Map.entry("metaspace", PoolKind.METASPACE),
			Map.entry("compressed class space", PoolKind.COMPRESSED_CLASS_SPACE));

	private static final List<String> YOUNG_COLLECTORS = List.of("Copy", "PS Scavenge", "G1 Young Generation");

	private static final List<String> OLD_COLLECTORS = List.of("MarkSweepCompact", "PS MarkSweep", "G1 Old Generation");

	private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();

	private final List<CollectorReading> collectors = new ArrayList<>();

	private long cpuNanos = -1;

	private long readAt;

	/**
	 * Creates a sampler. What happened before counts for nothing.
	 */
	public JvmSampler() {
		for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
			this.collectors.add(new CollectorReading(bean));
		}
	}

	/**
	 * Takes a sample, which takes well below a millisecond with some hundred threads.
	 * @return the JVM now
	 */
	public JvmSnapshot sample() {
		return new JvmSnapshot(System.currentTimeMillis(), cpuPercent(),
				memory(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()),
				memory(ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage()), pools(),
				this.collectors.stream().map(CollectorReading::read).toList(), threads(),
				new Classes(this.classes.getLoadedClassCount(), this.classes.getTotalLoadedClassCount(),
						this.classes.getUnloadedClassCount()));
	}

	/**
	 * From CPU time, because the JVM's own load is measured since anybody asked for it.
	 */
	private double cpuPercent() {
		if (!(this.system instanceof com.sun.management.OperatingSystemMXBean known)) {
			return 0;
		}
		long cpu = known.getProcessCpuTime();
		long now = System.nanoTime();
		long used = cpu - this.cpuNanos;
		long elapsed = now - this.readAt;
		boolean comparable = cpu >= 0 && this.cpuNanos >= 0 && elapsed > 0;
		this.cpuNanos = cpu;
		this.readAt = now;
		if (!comparable) {
			return 0;
		}
		double percent = 100.0 * used / elapsed / Runtime.getRuntime().availableProcessors();
		return Math.max(0, Math.min(100, percent));
	}

	private static List<Pool> pools() {
		List<Pool> pools = new ArrayList<>();
		for (MemoryPoolMXBean bean : ManagementFactory.getMemoryPoolMXBeans()) {
			MemoryUsage usage = bean.getUsage();
			// A pool that is no longer valid has none.
			if (usage != null) {
				pools.add(new Pool(bean.getName(), kindOf(bean.getName()), memory(usage)));
			}
		}
		return pools;
	}

	private static Memory memory(MemoryUsage usage) {
		return new Memory(usage.getInit(), usage.getUsed(), usage.getCommitted(), usage.getMax());
	}

	static PoolKind kindOf(String pool) {
		String name = pool.toLowerCase(Locale.ROOT);
		for (Map.Entry<String, PoolKind> each : POOLS) {
			if (name.startsWith(each.getKey())) {
				return each.getValue();
			}
		}
		if (name.endsWith("eden space") || name.equals("zgc young generation")) {
			return PoolKind.EDEN;
		}
		if (name.endsWith("survivor space")) {
			return PoolKind.SURVIVOR;
		}
		if (name.endsWith("old gen") || name.endsWith("tenured gen") || name.equals("zgc old generation")) {
			return PoolKind.OLD;
		}
		boolean whole = name.equals("zheap") || name.equals("shenandoah") || name.equals("epsilon heap");
		return whole ? PoolKind.WHOLE_HEAP : PoolKind.OTHER;
	}

	static Generation generationOf(String collector) {
		if (YOUNG_COLLECTORS.contains(collector) || collector.startsWith("ZGC Minor ")) {
			return Generation.YOUNG;
		}
		if (OLD_COLLECTORS.contains(collector) || collector.startsWith("ZGC Major ")) {
			return Generation.OLD;
		}
		return Generation.ANY;
	}

	private Threads threads() {
		int[] states = new int[Thread.State.values().length];
		// Without stacks, so that no thread is stopped for it.
		for (ThreadInfo thread : this.threads.getThreadInfo(this.threads.getAllThreadIds())) {
			// One that has ended meanwhile is missing.
			if (thread != null) {
				states[thread.getThreadState().ordinal()]++;
			}
		}
		return new Threads(this.threads.getThreadCount(), this.threads.getDaemonThreadCount(),
				this.threads.getPeakThreadCount(), states[Thread.State.RUNNABLE.ordinal()],
				states[Thread.State.BLOCKED.ordinal()], states[Thread.State.WAITING.ordinal()],
				states[Thread.State.TIMED_WAITING.ordinal()]);
	}

	private static final class CollectorReading {

		private final GarbageCollectorMXBean bean;

		private final Generation generation;

		private final boolean concurrent;

		private long count;

		private long millis;

		CollectorReading(GarbageCollectorMXBean bean) {
			this.bean = bean;
			this.generation = generationOf(bean.getName());
			this.concurrent = bean.getName().endsWith(" Cycles");
			this.count = bean.getCollectionCount();
			this.millis = bean.getCollectionTime();
		}

		Collector read() {
			long newCount = this.bean.getCollectionCount();
			long newMillis = this.bean.getCollectionTime();
			Collector read = new Collector(this.bean.getName(), this.generation, this.concurrent,
					Math.max(0, newCount - this.count), Math.max(0, newMillis - this.millis));
			this.count = newCount;
			this.millis = newMillis;
			return read;
		}

	}

}
