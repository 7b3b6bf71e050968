package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.apm4j.metrics.JvmSampler;
import dev.apm4j.metrics.JvmSnapshot;
import dev.apm4j.skywalking.proto.CPU;
import dev.apm4j.skywalking.proto.ClassCounts;
import dev.apm4j.skywalking.proto.GC;
import dev.apm4j.skywalking.proto.GCPhase;
import dev.apm4j.skywalking.proto.JVMMetric;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.Memory;
import dev.apm4j.skywalking.proto.MemoryPool;
import dev.apm4j.skywalking.proto.PoolType;
import dev.apm4j.skywalking.proto.ThreadCounts;
import org.jspecify.annotations.Nullable;

/**
 * Reports the JVM: takes a sample each second and sends what was not sent yet, at most
 * the last {@value #MAX_SAMPLES} samples. Not thread-safe.
 */
public final class JvmMetricsReport implements SkyWalkingBackend.Feature {

	/** Ten minutes of a server that is away; as many as SkyWalking's own agent keeps. */
	static final int MAX_SAMPLES = 600;

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** A failed report is tried again sooner than the next sample is due. */
	private static final long MIN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

	private final Deque<JVMMetric> samples = new ArrayDeque<>();

	private final JvmSampler sampler;

	private @Nullable Long sampledAt;

	/**
	 * Creates the report.
	 * @param sampler reads the JVM, for this report alone
	 */
	public JvmMetricsReport(JvmSampler sampler) {
		this.sampler = sampler;
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		backend.schedule().periodic("JVM metrics", INTERVAL, () -> report(backend));
	}

	void report(SkyWalkingBackend backend) throws Exception {
		long now = System.nanoTime();
		Long last = this.sampledAt;
		if (last == null || now - last >= MIN_INTERVAL_NANOS) {
			this.sampledAt = now;
			add(metric(this.sampler.sample()));
		}
		if (!this.samples.isEmpty()) {
			backend.transport()
				.jvmMetrics(JVMMetricCollection.newBuilder()
					.addAllMetrics(this.samples)
					.setService(backend.identity().service())
					.setServiceInstance(backend.identity().instance())
					.build());
			this.samples.clear();
		}
	}

	void add(JVMMetric sample) {
		if (this.samples.size() == MAX_SAMPLES) {
			this.samples.removeFirst();
		}
		this.samples.addLast(sample);
	}

	static JVMMetric metric(JvmSnapshot snapshot) {
		JVMMetric.Builder metric = JVMMetric.newBuilder()
			.setTime(snapshot.epochMillis())
			.setCpu(CPU.newBuilder().setUsagePercent(snapshot.cpuPercent()))
			.addMemory(memory(snapshot.heap(), true))
			.addMemory(memory(snapshot.nonHeap(), false))
			.setThread(threads(snapshot.threads()))
			.setClazz(ClassCounts.newBuilder()
				.setLoadedClassCount(snapshot.classes().loaded())
				.setTotalLoadedClassCount(snapshot.classes().totalLoaded())
				.setTotalUnloadedClassCount(snapshot.classes().totalUnloaded()));
		for (JvmSnapshot.Pool pool : snapshot.pools()) {
			PoolType type = typeOf(pool.kind());
			if (type != null) {
				metric.addMemoryPool(MemoryPool.newBuilder()
					.setType(type)
					.setInit(pool.memory().init())
					.setUsed(pool.memory().used())
					.setCommitted(pool.memory().committed())
					.setMax(pool.memory().max()));
			}
		}
		addCollections(snapshot, metric);
		return metric.build();
	}

	private static Memory memory(JvmSnapshot.Memory memory, boolean heap) {
		return Memory.newBuilder()
			.setIsHeap(heap)
			.setInit(memory.init())
			.setUsed(memory.used())
			.setCommitted(memory.committed())
			.setMax(memory.max())
			.build();
	}

	private static ThreadCounts threads(JvmSnapshot.Threads threads) {
		return ThreadCounts.newBuilder()
			.setLiveCount(threads.live())
			.setDaemonCount(threads.daemon())
			.setPeakCount(threads.peak())
			.setRunnableStateThreadCount(threads.runnable())
			.setBlockedStateThreadCount(threads.blocked())
			.setWaitingStateThreadCount(threads.waiting())
			.setTimedWaitingStateThreadCount(threads.timedWaiting())
			.build();
	}

	/**
	 * One message a phase, because the server adds nothing up. Whole concurrent cycles
	 * are left out: their time would be taken for that of pauses.
	 */
	private static void addCollections(JvmSnapshot snapshot, JVMMetric.Builder metric) {
		Map<GCPhase, GC.Builder> phases = new EnumMap<>(GCPhase.class);
		for (JvmSnapshot.Collector collector : snapshot.collectors()) {
			if (!collector.concurrent()) {
				GC.Builder phase = phases.computeIfAbsent(phaseOf(collector.generation()),
						(key) -> GC.newBuilder().setPhase(key));
				phase.setCount(phase.getCount() + collector.count()).setTime(phase.getTime() + collector.millis());
			}
		}
		phases.values().forEach(metric::addGc);
	}

	private static GCPhase phaseOf(JvmSnapshot.Generation generation) {
		return switch (generation) {
			case YOUNG -> GCPhase.NEW;
			case OLD -> GCPhase.OLD;
			case ANY -> GCPhase.NORMAL;
		};
	}

	private static @Nullable PoolType typeOf(JvmSnapshot.PoolKind kind) {
		return switch (kind) {
			case EDEN -> PoolType.NEWGEN_USAGE;
			case SURVIVOR -> PoolType.SURVIVOR_USAGE;
			case OLD -> PoolType.OLDGEN_USAGE;
			case WHOLE_HEAP -> PoolType.ZHEAP_USAGE;
			case METASPACE -> PoolType.METASPACE_USAGE;
			case COMPRESSED_CLASS_SPACE -> PoolType.COMPRESSED_CLASS_SPACE_USAGE;
			case CODE_CACHE -> PoolType.CODE_CACHE_USAGE;
			case CODE_HEAP_NON_METHODS -> PoolType.CODEHEAP_NON_NMETHODS_USAGE;
			case CODE_HEAP_PROFILED -> PoolType.CODEHEAP_PROFILED_NMETHODS_USAGE;
			case CODE_HEAP_NON_PROFILED -> PoolType.CODEHEAP_NON_PROFILED_NMETHODS_USAGE;
			case OTHER -> null;
		};
	}

}
