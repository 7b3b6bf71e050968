package dev.apm4j.metrics;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.apm4j.metrics.JvmSnapshot.Generation;
import dev.apm4j.metrics.JvmSnapshot.PoolKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class JvmSamplerTests {

	private final JvmSampler sampler = new JvmSampler();

	@Test
	void memoryIsThatOfTheJvm() {
		JvmSnapshot snapshot = this.sampler.sample();
		assertThat(snapshot.epochMillis()).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
		assertThat(snapshot.heap().used()).isPositive().isLessThanOrEqualTo(snapshot.heap().committed());
		assertThat(snapshot.heap().max()).isEqualTo(Runtime.getRuntime().maxMemory());
		assertThat(snapshot.nonHeap().used()).isPositive();
		assertThat(snapshot.pools()).extracting(JvmSnapshot.Pool::kind)
			.contains(PoolKind.METASPACE, PoolKind.OLD)
			.doesNotContain(PoolKind.OTHER);
	}

	@Test
	void collectionsAreThoseSinceTheSampleBefore() {
		System.gc();
		assertThat(this.sampler.sample().collectors()).extracting(JvmSnapshot.Collector::count)
			.anySatisfy((count) -> assertThat(count).isPositive());
		System.gc();
		JvmSampler another = new JvmSampler();
		assertThat(another.sample().collectors())
			.extracting(JvmSnapshot.Collector::generation, JvmSnapshot.Collector::count)
			.contains(tuple(Generation.OLD, 0L));
	}

	@Test
	void cpuIsThatSinceTheSampleBefore() {
		assertThat(this.sampler.sample().cpuPercent()).isZero();
		long sum = 0;
		for (int i = 0; i < 50_000_000; i++) {
			sum += i % 7;
		}
		assertThat(sum).isPositive();
		assertThat(this.sampler.sample().cpuPercent()).isGreaterThan(0).isLessThanOrEqualTo(100);
	}

	@Test
	void threadsAreCountedByState() throws InterruptedException {
		CountDownLatch end = new CountDownLatch(1);
		Thread waiting = new Thread(() -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		waiting.setDaemon(true);
		waiting.start();
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> waiting.getState() == Thread.State.WAITING);
		JvmSnapshot.Threads threads = this.sampler.sample().threads();
		end.countDown();
		waiting.join();
		assertThat(threads.waiting()).isPositive();
		assertThat(threads.runnable()).isPositive();
		assertThat(threads.live()).isGreaterThan(1).isLessThanOrEqualTo(threads.peak());
		assertThat(threads.daemon()).isPositive().isLessThanOrEqualTo(threads.live());
	}

	@Test
	void classesAreCounted() {
		JvmSnapshot.Classes classes = this.sampler.sample().classes();
		assertThat(classes.loaded()).isPositive();
		assertThat(classes.totalLoaded()).isGreaterThanOrEqualTo(classes.loaded());
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			G1 Eden Space, EDEN
			PS Eden Space, EDEN
			Eden Space, EDEN
			ZGC Young Generation, EDEN
			PS Survivor Space, SURVIVOR
			G1 Old Gen, OLD
			Tenured Gen, OLD
			ZGC Old Generation, OLD
			ZHeap, WHOLE_HEAP
			Shenandoah, WHOLE_HEAP
			Metaspace, METASPACE
			Compressed Class Space, COMPRESSED_CLASS_SPACE
			CodeCache, CODE_CACHE
			CodeHeap 'non-nmethods', CODE_HEAP_NON_METHODS
			CodeHeap 'profiled nmethods', CODE_HEAP_PROFILED
			CodeHeap 'non-profiled nmethods', CODE_HEAP_NON_PROFILED
			Something New, OTHER
			""")
	void poolsOfAllCollectorsAreKnown(String name, PoolKind kind) {
		assertThat(JvmSampler.kindOf(name)).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "Copy, YOUNG", "G1 Young Generation, YOUNG", "PS Scavenge, YOUNG", "ZGC Minor Pauses, YOUNG",
			"MarkSweepCompact, OLD", "G1 Old Generation, OLD", "ZGC Major Cycles, OLD", "G1 Concurrent GC, ANY",
			"Shenandoah Pauses, ANY", "ZGC Cycles, ANY" })
	void collectorsAreKnown(String name, Generation generation) {
		assertThat(JvmSampler.generationOf(name)).isEqualTo(generation);
	}

}
