package dev.apm4j.benchmarks;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * The two readings of the clock without which no span has a duration: the floor below the
 * times of the other benchmarks.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClockBenchmark {

	/**
	 * Start and end.
	 * @return the duration
	 */
	@Benchmark
	public long twoReadings() {
		long start = System.nanoTime();
		return System.nanoTime() - start;
	}

}
