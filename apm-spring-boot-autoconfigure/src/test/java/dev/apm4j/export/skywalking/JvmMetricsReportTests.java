package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.util.List;

import dev.apm4j.metrics.JvmSampler;
import dev.apm4j.metrics.JvmSnapshot;
import dev.apm4j.skywalking.proto.GC;
import dev.apm4j.skywalking.proto.GCPhase;
import dev.apm4j.skywalking.proto.JVMMetric;
import dev.apm4j.skywalking.proto.MemoryPool;
import dev.apm4j.skywalking.proto.PoolType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

class JvmMetricsReportTests {

	private static final JvmSnapshot.Memory MEMORY = new JvmSnapshot.Memory(1, 2, 3, -1);

	private final CollectingTransport transport = new CollectingTransport();

	private final SkyWalkingBackend backend = this.transport.backend();

	private final JvmMetricsReport report = new JvmMetricsReport(new JvmSampler());

	@Test
	void samplesAreSentUnderTheNameOfTheInstance() throws Exception {
		this.report.report(this.backend);
		assertThat(this.transport.jvmMetrics).singleElement().satisfies((sent) -> {
			assertThat(sent.getService()).isEqualTo("shop");
			assertThat(sent.getServiceInstance()).isEqualTo("shop-1");
			assertThat(sent.getMetricsList()).singleElement()
				.satisfies((metric) -> assertThat(metric.getMemory(0).getUsed()).isPositive());
		});
	}

	@Test
	void whatWasSentIsNotSentAgain() throws Exception {
		this.report.report(this.backend);
		this.report.report(this.backend);
		assertThat(this.transport.jvmMetrics).hasSize(1);
	}

	@Test
	void samplesAreKeptWhileTheServerIsAway() throws Exception {
		this.transport.failure = new IOException("Connection refused");
		assertThatIOException().isThrownBy(() -> this.report.report(this.backend));
		this.report.add(JVMMetric.newBuilder().setTime(7).build());
		this.transport.failure = null;
		this.report.report(this.backend);
		assertThat(this.transport.jvmMetrics).singleElement()
			.satisfies((sent) -> assertThat(sent.getMetricsList()).hasSize(2));
	}

	@Test
	void oldestSamplesMakeRoom() throws Exception {
		for (int i = 1; i <= 2 * JvmMetricsReport.MAX_SAMPLES; i++) {
			this.report.add(JVMMetric.newBuilder().setTime(i).build());
		}
		this.report.report(this.backend);
		List<JVMMetric> sent = this.transport.jvmMetrics.get(0).getMetricsList();
		assertThat(sent).hasSize(JvmMetricsReport.MAX_SAMPLES);
		// The sample of this moment has pushed out one more.
		assertThat(sent.get(0).getTime()).isEqualTo(JvmMetricsReport.MAX_SAMPLES + 2);
	}

	@Test
	void everyValueHasItsPlace() {
		JvmSnapshot snapshot = new JvmSnapshot(1000, 12.5, MEMORY, new JvmSnapshot.Memory(5, 6, 7, 8),
				List.of(new JvmSnapshot.Pool("G1 Eden Space", JvmSnapshot.PoolKind.EDEN, MEMORY),
						new JvmSnapshot.Pool("unheard of", JvmSnapshot.PoolKind.OTHER, MEMORY)),
				List.of(collector(JvmSnapshot.Generation.YOUNG, false, 2, 20),
						collector(JvmSnapshot.Generation.ANY, false, 3, 30),
						collector(JvmSnapshot.Generation.ANY, false, 4, 40),
						collector(JvmSnapshot.Generation.ANY, true, 1, 900)),
				new JvmSnapshot.Threads(10, 9, 11, 1, 2, 3, 4), new JvmSnapshot.Classes(100, 120, 20));
		JVMMetric metric = JvmMetricsReport.metric(snapshot);
		assertThat(metric.getTime()).isEqualTo(1000);
		assertThat(metric.getCpu().getUsagePercent()).isEqualTo(12.5);
		assertThat(metric.getMemoryList())
			.extracting((memory) -> memory.getIsHeap(), (memory) -> memory.getInit(), (memory) -> memory.getUsed(),
					(memory) -> memory.getCommitted(), (memory) -> memory.getMax())
			.containsExactly(tuple(true, 1L, 2L, 3L, -1L), tuple(false, 5L, 6L, 7L, 8L));
		assertThat(metric.getMemoryPoolList()).extracting(MemoryPool::getType, MemoryPool::getUsed)
			.containsExactly(tuple(PoolType.NEWGEN_USAGE, 2L));
		assertThat(metric.getGcList()).extracting(GC::getPhase, GC::getCount, GC::getTime)
			.containsExactly(tuple(GCPhase.NEW, 2L, 20L), tuple(GCPhase.NORMAL, 7L, 70L));
		assertThat(metric.getThread().getLiveCount()).isEqualTo(10);
		assertThat(metric.getThread().getTimedWaitingStateThreadCount()).isEqualTo(4);
		assertThat(metric.getClazz().getLoadedClassCount()).isEqualTo(100);
		assertThat(metric.getClazz().getTotalUnloadedClassCount()).isEqualTo(20);
	}

	private static JvmSnapshot.Collector collector(JvmSnapshot.Generation generation, boolean concurrent, long count,
			long millis) {
		return new JvmSnapshot.Collector("any", generation, concurrent, count, millis);
	}

}
