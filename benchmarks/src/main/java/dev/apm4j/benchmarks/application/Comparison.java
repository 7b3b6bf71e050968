package dev.apm4j.benchmarks.application;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Everything that was measured of one variant beside the plain application.
 */
final class Comparison {

	private final Map<Load.Endpoint, List<Window>> windows = new EnumMap<>(Load.Endpoint.class);

	private final List<Start> starts = new ArrayList<>();

	void add(Load.Endpoint endpoint, Window window) {
		this.windows.computeIfAbsent(endpoint, (key) -> new ArrayList<>()).add(window);
	}

	void add(Start start) {
		this.starts.add(start);
	}

	String row(Load.Endpoint endpoint) {
		List<Window> of = this.windows.get(endpoint);
		double[] ratios = sorted(of, Window::cpuRatio);
		return "%.1f | %.2f (%.2f) | %+.0f | %+.0f | %+.0f | %+.1f | %+.1f | %.2f".formatted(median(of, Window::spans),
				quantile(ratios, 0.5), quantile(ratios, 0.75) - quantile(ratios, 0.25),
				median(of, (window) -> window.traced().cpuMicros() - window.plain().cpuMicros()),
				median(of, (window) -> window.traced().webCpuMicros() - window.plain().webCpuMicros()),
				median(of, (window) -> window.traced().otherCpuMicros() - window.plain().otherCpuMicros()),
				median(of, (window) -> (window.traced().webBytes() - window.plain().webBytes()) / 1000),
				median(of, (window) -> (window.traced().otherBytes() - window.plain().otherBytes()) / 1000),
				median(of, (window) -> window.traced().medianMicros() / window.plain().medianMicros()));
	}

	String plain(Load.Endpoint endpoint) {
		List<Window> of = this.windows.get(endpoint);
		return "%.0f us CPU, %.1f KB".formatted(median(of, (window) -> window.plain().cpuMicros()),
				median(of, (window) -> window.plain().bytes() / 1000));
	}

	String start() {
		return "%+.1f | %.2f | %+.1f | %+.0f | %+.0f | %+.1f".formatted(
				median(this.starts, (start) -> start.seconds() - start.plainSeconds()),
				median(this.starts, (start) -> start.cpuSeconds() / start.plainCpuSeconds()),
				median(this.starts, (start) -> start.cpuSeconds() - start.plainCpuSeconds()),
				median(this.starts, (start) -> start.classes() - start.plainClasses()),
				median(this.starts, (start) -> start.threads() - start.plainThreads()),
				median(this.starts, (start) -> (start.bytesOnDisk() - start.plainBytesOnDisk()) / 1e6));
	}

	String plainStart() {
		return "%.1f s, %.1f s of CPU, %.0f classes, %.0f threads, %.1f MB".formatted(
				median(this.starts, Start::plainSeconds), median(this.starts, Start::plainCpuSeconds),
				median(this.starts, Start::plainClasses), median(this.starts, Start::plainThreads),
				median(this.starts, (start) -> start.plainBytesOnDisk() / 1e6));
	}

	private static <T> double median(List<T> of, ToDoubleFunction<T> figure) {
		return quantile(sorted(of, figure), 0.5);
	}

	private static <T> double[] sorted(List<T> of, ToDoubleFunction<T> figure) {
		double[] values = of.stream().mapToDouble(figure).toArray();
		Arrays.sort(values);
		return values;
	}

	private static double quantile(double[] sorted, double part) {
		double at = part * (sorted.length - 1);
		int below = (int) at;
		int above = Math.min(below + 1, sorted.length - 1);
		return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
	}

	/**
	 * The starts of both, side by side.
	 *
	 * @param plainSeconds until the plain one answered
	 * @param seconds until the other one did
	 * @param plainCpuSeconds CPU time until then, compilers included
	 * @param cpuSeconds the same of the other one
	 * @param plainClasses loaded after the measurement
	 * @param classes the same of the other one
	 * @param plainThreads of Java after the measurement
	 * @param threads the same of the other one
	 * @param plainBytesOnDisk of the application
	 * @param bytesOnDisk of the other one, and of the agent
	 */
	record Start(double plainSeconds, double seconds, double plainCpuSeconds, double cpuSeconds, int plainClasses,
			int classes, int plainThreads, int threads, long plainBytesOnDisk, long bytesOnDisk) {
	}

}
