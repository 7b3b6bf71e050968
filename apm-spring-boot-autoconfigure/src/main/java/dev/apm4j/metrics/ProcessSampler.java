package dev.apm4j.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Reads what the JVM tells of the process and its machine, through its management beans.
 * Thread-safe.
 */
public final class ProcessSampler {

	private static final long UNKNOWN = -1;

	private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

	/**
	 * Takes a sample, which takes well below a millisecond but for the number of open
	 * files: the JVM counts them one by one.
	 * @return the process now
	 */
	public ProcessSnapshot sample() {
		boolean unix = this.system instanceof UnixOperatingSystemMXBean;
		return new ProcessSnapshot(systemCpuPercent(), Runtime.getRuntime().availableProcessors(),
				unix ? ((UnixOperatingSystemMXBean) this.system).getOpenFileDescriptorCount() : UNKNOWN,
				unix ? ((UnixOperatingSystemMXBean) this.system).getMaxFileDescriptorCount() : UNKNOWN,
				ManagementFactory.getMemoryMXBean().getObjectPendingFinalizationCount(),
				ManagementFactory.getThreadMXBean().getTotalStartedThreadCount());
	}

	/**
	 * What the JVM measures since anybody asked last, whoever that was: nothing else
	 * tells it, in a container as well.
	 */
	private double systemCpuPercent() {
		if (!(this.system instanceof com.sun.management.OperatingSystemMXBean known)) {
			return UNKNOWN;
		}
		double load = known.getCpuLoad();
		return (load >= 0 && load <= 1) ? 100 * load : UNKNOWN;
	}

}
