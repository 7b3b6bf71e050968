package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the methods of the application: the code base, and when which of them
 * was first and last seen to be called, by the second. Thread-safe, bounded by the code
 * base, and before there is one by 500,000 methods. Not for the application's own
 * threads: there may be waiting.
 */
final class UsageRegistry {

	private static final int MOST_EARLY = 500_000;

	private static final int MOST_UNKNOWN = 10_000;

	private final Map<MethodKey, MethodTimes> early = new HashMap<>();

	private final Set<MethodKey> unknown = new HashSet<>();

	private final Predicate<MethodKey> recorded;

	private @Nullable WatchedMethods watched;

	private UsageHistory history = UsageHistory.EMPTY;

	private long recordingSince;

	/**
	 * Makes an empty registry.
	 * @param recorded whether calls of a method are seen; of those whose are not nobody
	 * says that they were never called. The answer may become {@code false} later
	 */
	UsageRegistry(Predicate<MethodKey> recorded) {
		this.recorded = recorded;
	}

	/**
	 * Takes since when calls have been recorded in this process. Before that, nothing is
	 * kept, and no method counts as never called.
	 * @param epochMillis since when, in milliseconds since 1970
	 */
	synchronized void recordingSince(long epochMillis) {
		this.recordingSince = seconds(epochMillis);
	}

	/** Takes the code base; calls that were reported before are kept. */
	synchronized void codeBase(CodeBase codeBase) {
		WatchedMethods current = new WatchedMethods(codeBase);
		if (this.watched != null) {
			current.addAll(this.watched);
		}
		current.addAll(this.history);
		this.watched = current;
		this.unknown.clear();
		this.early.forEach((method, times) -> called(current, method, times.firstCalled(0), times.lastCalled(0)));
		this.early.clear();
	}

	/**
	 * The code base.
	 * @return it, {@code null} while there is none
	 */
	synchronized @Nullable CodeBase codeBase() {
		return (this.watched != null) ? this.watched.codeBase() : null;
	}

	/**
	 * Takes a call.
	 * @param method the method
	 * @param epochMillis begin of the interval in which it was called
	 * @return whether no call of it was known before
	 */
	synchronized boolean invoked(MethodKey method, long epochMillis) {
		long seconds = seconds(epochMillis);
		if (this.watched != null) {
			return called(this.watched, method, seconds, seconds);
		}
		if (this.early.size() < MOST_EARLY || this.early.containsKey(method)) {
			this.early.computeIfAbsent(method, (key) -> new MethodTimes(1)).called(0, seconds, seconds);
		}
		return true;
	}

	/**
	 * Whether a call of a method is known since the recording began: one of an earlier
	 * run is none that a collector was told of, nor will be.
	 * @param method the method
	 * @return {@code false} also if it is not in the code base
	 */
	synchronized boolean isCalled(MethodKey method) {
		if (this.watched == null) {
			return false;
		}
		int index = this.watched.find(method);
		return index >= 0 && this.recordingSince != 0 && this.watched.times().lastCalled(index) >= this.recordingSince;
	}

	/**
	 * Takes out what is to be published: methods called since the last time, as far as
	 * they are in the code base.
	 * @return the methods; whoever could not publish them {@link #giveBack gives them
	 * back}
	 */
	synchronized List<MethodKey> takeInvoked() {
		List<MethodKey> taken = new ArrayList<>();
		if (this.watched != null) {
			BitSet unpublished = this.watched.unpublished();
			for (int i = unpublished.nextSetBit(0); i >= 0; i = unpublished.nextSetBit(i + 1)) {
				taken.add(this.watched.method(i).key());
			}
			unpublished.clear();
		}
		return taken;
	}

	/** Takes back what could not be published. */
	synchronized void giveBack(Collection<MethodKey> methods) {
		if (this.watched != null) {
			for (MethodKey method : methods) {
				int index = this.watched.find(method);
				if (index >= 0) {
					this.watched.unpublished().set(index);
				}
			}
		}
	}

	/**
	 * Takes what was kept, by this process or others; may be called again.
	 * @param history what was kept
	 */
	synchronized void restore(UsageHistory history) {
		this.history = history;
		if (this.watched != null) {
			this.watched.addAll(history);
		}
	}

	/**
	 * What is to be kept.
	 * @param epochMillis now
	 * @return what this process knows; nothing as long as there is no code base, or if
	 * calls are not recorded
	 */
	synchronized UsageHistory history(long epochMillis) {
		if (this.watched == null || this.recordingSince == 0) {
			return UsageHistory.EMPTY;
		}
		long now = seconds(epochMillis);
		this.watched.markUnrecorded(this.recorded);
		return this.watched.history(RecordedTime.NONE.plus(this.recordingSince, now));
	}

	/**
	 * All that is known.
	 * @param epochMillis now
	 * @return the packages with their classes and methods
	 */
	synchronized UsageReport report(long epochMillis) {
		RecordedTime recorded = this.history.recorded().plus(this.recordingSince, seconds(epochMillis));
		WatchedMethods methods = (this.watched != null) ? this.watched
				: new WatchedMethods(new CodeBase(List.of(), 0, 0));
		methods.markUnrecorded(this.recorded);
		return UsageReport.of(methods, recorded, this.recordingSince, this.unknown.size());
	}

	private boolean called(WatchedMethods methods, MethodKey method, long first, long last) {
		int index = methods.find(method);
		if (index >= 0) {
			boolean news = methods.times().lastCalled(index) == 0;
			methods.times().called(index, first, last);
			methods.unpublished().set(index);
			return news;
		}
		if (this.unknown.size() < MOST_UNKNOWN) {
			this.unknown.add(method);
		}
		return false;
	}

	private static long seconds(long epochMillis) {
		return Math.floorDiv(epochMillis, 1000L);
	}

}
