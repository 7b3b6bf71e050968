package dev.apm4j.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.apm4j.benchmarks.recorded.Basket;
import dev.apm4j.usage.Recording;
import dev.apm4j.usage.RecordingStatus;
import dev.apm4j.usage.ScanSettings;
import dev.apm4j.usage.Visibility;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A thousand calls of a method whose calls are recorded for finding dead code, and of the
 * same one when they are not.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class CallRecordingBenchmark {

	private static final int CALLS = 1000;

	private static final int MAX_METHODS = 100_000;

	/** Whether calls are recorded. */
	@Param({ "false", "true" })
	private boolean recorded;

	private Recording recording;

	private Basket basket;

	/**
	 * Starts to record.
	 */
	@Setup
	public void start() {
		String packages = this.recorded ? Basket.class.getPackageName() : "none";
		this.recording = Recording.start(settings(packages));
		if (this.recording.status().state() != RecordingStatus.State.ACTIVE) {
			throw new IllegalStateException(this.recording.status().toString());
		}
		this.basket = new Basket();
		this.basket.inlined(1);
		if (this.recorded != this.recording.figures().methods() > 0) {
			throw new IllegalStateException(this.recording.figures().toString());
		}
	}

	static ScanSettings settings(String packages) {
		return new ScanSettings(List.of(), List.of(packages), List.of(), List.of(), List.of(), List.of(), List.of(),
				Visibility.PRIVATE, false, false, MAX_METHODS);
	}

	/**
	 * Stops to record.
	 */
	@TearDown
	public void stop() {
		this.recording.close();
	}

	/**
	 * Where the compiler may put the method into its caller.
	 * @return what came out
	 */
	@Benchmark
	public int inlined() {
		return this.basket.inlined(CALLS);
	}

	/**
	 * Where it must not.
	 * @return what came out
	 */
	@Benchmark
	public int called() {
		return this.basket.called(CALLS);
	}

}
