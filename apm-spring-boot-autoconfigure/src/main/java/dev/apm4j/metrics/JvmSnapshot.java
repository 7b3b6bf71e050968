package dev.apm4j.metrics;

import java.util.List;

/**
 * The JVM at one moment. Immutable. Sizes are in bytes; -1 stands for a limit that is not
 * defined.
 *
 * @param epochMillis when, in milliseconds since the epoch
 * @param cpuPercent CPU time of this process since the sample before, as a share of all
 * processors that it may use, 0 to 100; 0 in the first sample and where the JVM doesn't
 * tell
 * @param heap the whole heap
 * @param nonHeap everything beside the heap that the JVM manages
 * @param pools the pools that both consist of
 * @param collectors the garbage collectors
 * @param threads the platform threads
 * @param classes the classes
 */
public record JvmSnapshot(long epochMillis, double cpuPercent, Memory heap, Memory nonHeap, List<Pool> pools,
		List<Collector> collectors, Threads threads, Classes classes) {

	/**
	 * Some memory.
	 *
	 * @param init what the JVM asked for at first, -1 if not defined
	 * @param used what is in use
	 * @param committed what is available to the JVM
	 * @param max what it may become at most, -1 if not defined
	 */
	public record Memory(long init, long used, long committed, long max) {
	}

	/**
	 * A pool of memory.
	 *
	 * @param name its name, which depends on the garbage collector
	 * @param kind what it is for
	 * @param memory how large it is
	 */
	public record Pool(String name, PoolKind kind, Memory memory) {
	}

	/**
	 * What a pool is for.
	 */
	public enum PoolKind {

		/** Where objects are made. */
		EDEN,

		/** Where young objects survive. */
		SURVIVOR,

		/** Where objects grow old. */
		OLD,

		/** The heap of a collector without generations. */
		WHOLE_HEAP,

		/** Class metadata. */
		METASPACE,

		/** Class metadata behind short pointers. */
		COMPRESSED_CLASS_SPACE,

		/** All compiled code. */
		CODE_CACHE,

		/** Code of the JVM itself, where the code cache has segments. */
		CODE_HEAP_NON_METHODS,

		/** Compiled code that still measures itself. */
		CODE_HEAP_PROFILED,

		/** Code compiled for good. */
		CODE_HEAP_NON_PROFILED,

		/** Anything else. */
		OTHER

	}

	/**
	 * What a garbage collector did since the sample before; nothing in the first sample.
	 *
	 * @param name its name
	 * @param generation what it collects
	 * @param concurrent whether its time is that of whole cycles, in which the
	 * application goes on
	 * @param count collections
	 * @param millis milliseconds they took
	 */
	public record Collector(String name, Generation generation, boolean concurrent, long count, long millis) {
	}

	/**
	 * What a garbage collector collects.
	 */
	public enum Generation {

		/** Young objects. */
		YOUNG,

		/** Old objects, or all of them at once. */
		OLD,

		/** A heap without generations, or more than one of them in turn. */
		ANY

	}

	/**
	 * How many threads there are. Virtual threads are not among them.
	 *
	 * @param live all that live
	 * @param daemon daemons among them
	 * @param peak the most that ever lived at once
	 * @param runnable those that run or could
	 * @param blocked those that wait for a monitor
	 * @param waiting those that wait without a limit
	 * @param timedWaiting those that wait for a limited time
	 */
	public record Threads(int live, int daemon, int peak, int runnable, int blocked, int waiting, int timedWaiting) {
	}

	/**
	 * How many classes there are.
	 *
	 * @param loaded those that are loaded
	 * @param totalLoaded those that ever were
	 * @param totalUnloaded those that are no longer
	 */
	public record Classes(int loaded, long totalLoaded, long totalUnloaded) {
	}

}
