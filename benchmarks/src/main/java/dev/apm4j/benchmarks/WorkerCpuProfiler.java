package dev.apm4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time of the measuring threads for one operation. On a machine that has other work
 * to do it varies far less than the time on the clock.
 */
public final class WorkerCpuProfiler implements InternalProfiler {

	static final String LABEL = "worker.cpu";

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private long before;

	@Override
	public String getDescription() {
		return "CPU time of the measuring threads for one operation";
	}

	@Override
	public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
		this.before = workerNanos();
	}

	@Override
	public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
			IterationResult result) {
		double nanos = workerNanos() - this.before;
		long operations = result.getMetadata().getAllOps();
		return (operations > 0) ? List.of(new ScalarResult(LABEL, nanos / operations, "ns/op", AggregationPolicy.AVG))
				: List.of();
	}

	private long workerNanos() {
		long sum = 0;
		for (ThreadInfo thread : this.threads.getThreadInfo(this.threads.getAllThreadIds())) {
			if (thread != null && thread.getThreadName().contains("-jmh-worker-")) {
				sum += Math.max(0, this.threads.getThreadCpuTime(thread.getThreadId()));
			}
		}
		return sum;
	}

}
