package dev.apm4j.metrics;

/**
 * The process and its machine at one moment. Immutable; -1 stands for what the JVM
 * doesn't tell.
 *
 * @param systemCpuPercent how busy the processors of the machine or the container were of
 * late, 0 to 100, or -1
 * @param processors the processors that the JVM may use
 * @param openFiles file descriptors that are open, or -1
 * @param maxFiles file descriptors that may be open at most, or -1
 * @param pendingFinalization about how many objects wait to be finalized
 * @param threadsStarted threads that were started since the JVM began
 */
public record ProcessSnapshot(double systemCpuPercent, int processors, long openFiles, long maxFiles,
		int pendingFinalization, long threadsStarted) {

}
