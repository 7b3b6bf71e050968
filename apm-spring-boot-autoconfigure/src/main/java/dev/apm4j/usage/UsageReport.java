package dev.apm4j.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Which methods of the application were called when, at one moment. Times are by the
 * second, and those of calls the begin of the interval in which they were seen.
 *
 * @param recordingSince when calls were recorded first, in this process or, if that is
 * kept, an earlier one; {@code null} if never
 * @param recorded for how long calls were recorded, without the time between processes
 * @param totals counts of all methods
 * @param leftOut methods that are not listed as there are too many
 * @param unreadable class files and archives that could not be read
 * @param unknown methods that were called and are not listed, up to 10,000
 * @param packages packages by name; empty while there is no code base
 */
public record UsageReport(@Nullable Instant recordingSince, Duration recorded, Totals totals, int leftOut,
		int unreadable, int unknown, List<PackageUsage> packages) {

	static UsageReport of(WatchedMethods methods, RecordedTime recorded, long runSince, int unknown) {
		Map<String, List<ClassUsage>> packages = new TreeMap<>();
		int size = methods.size();
		int end;
		for (int start = 0; start < size; start = end) {
			end = start + 1;
			String className = methods.method(start).key().className();
			while (end < size && methods.method(end).key().className().equals(className)) {
				end++;
			}
			String packageName = className.substring(0, Math.max(0, className.lastIndexOf('.')));
			packages.computeIfAbsent(packageName, (name) -> new ArrayList<>())
				.add(classUsage(methods, start, end, runSince));
		}
		List<PackageUsage> list = packages.entrySet()
			.stream()
			.map((entry) -> new PackageUsage(entry.getKey(),
					Totals.sum(entry.getValue().stream().map(ClassUsage::totals).toList()),
					List.copyOf(entry.getValue())))
			.toList();
		return new UsageReport(instant(recorded.since()), Duration.ofSeconds(recorded.seconds()),
				Totals.sum(list.stream().map(PackageUsage::totals).toList()), methods.codeBase().leftOut(),
				methods.codeBase().unreadable(), unknown, list);
	}

	private static ClassUsage classUsage(WatchedMethods methods, int start, int end, long runSince) {
		List<MethodUsage> usages = new ArrayList<>(end - start);
		for (int i = start; i < end; i++) {
			MethodSignature signature = MethodSignature.of(methods.method(i).key(), false);
			MethodTimes times = methods.times();
			boolean recorded = runSince != 0 && !methods.unrecorded().get(i);
			long watchedSince = recorded ? MethodTimes.earlier(times.knownSince(i), runSince) : times.knownSince(i);
			usages.add(new MethodUsage(signature.methodName(), signature.parameterTypes(),
					Visibility.of(methods.method(i).access()), recorded, instant(watchedSince),
					instant(times.firstCalled(i)), instant(times.lastCalled(i))));
		}
		return new ClassUsage(methods.method(start).key().className(), Totals.of(usages), List.copyOf(usages));
	}

	private static @Nullable Instant instant(long seconds) {
		return (seconds != 0) ? Instant.ofEpochSecond(seconds) : null;
	}

	/**
	 * Counts of methods.
	 *
	 * @param methods all
	 * @param called those that were called
	 * @param neverCalled those that were watched and never called
	 */
	public record Totals(int methods, int called, int neverCalled) {

		static Totals of(List<MethodUsage> methods) {
			int called = (int) methods.stream().filter(MethodUsage::isCalled).count();
			int neverCalled = (int) methods.stream().filter(MethodUsage::isNeverCalled).count();
			return new Totals(methods.size(), called, neverCalled);
		}

		static Totals sum(List<Totals> totals) {
			return new Totals(totals.stream().mapToInt(Totals::methods).sum(),
					totals.stream().mapToInt(Totals::called).sum(),
					totals.stream().mapToInt(Totals::neverCalled).sum());
		}

	}

	/**
	 * A package.
	 *
	 * @param name its name
	 * @param totals counts of its methods
	 * @param classes its classes by name
	 */
	public record PackageUsage(String name, Totals totals, List<ClassUsage> classes) {
	}

	/**
	 * A class.
	 *
	 * @param name its binary name
	 * @param totals counts of its methods
	 * @param methods its methods by name
	 */
	public record ClassUsage(String name, Totals totals, List<MethodUsage> methods) {
	}

	/**
	 * A method.
	 *
	 * @param name its name, {@code <init>} for a constructor
	 * @param parameterTypes erased types of its parameters, separated by commas
	 * @param visibility its visibility
	 * @param recorded whether its calls are seen in this process
	 * @param watchedSince since when its calls are seen, over restarts; {@code null} if
	 * never
	 * @param firstCalled when it was called first, {@code null} if never
	 * @param lastCalled when it was called last, {@code null} if never
	 */
	public record MethodUsage(String name, String parameterTypes, Visibility visibility, boolean recorded,
			@Nullable Instant watchedSince, @Nullable Instant firstCalled, @Nullable Instant lastCalled) {

		/**
		 * Whether it was called.
		 * @return whether it was ever called
		 */
		public boolean isCalled() {
			return this.lastCalled != null;
		}

		/**
		 * Whether it is perhaps dead.
		 * @return whether a call would be seen, and there was none
		 */
		public boolean isNeverCalled() {
			return this.recorded && this.lastCalled == null;
		}

	}

}
