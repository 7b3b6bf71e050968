package dev.apm4j.benchmarks.application;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Starts a Spring Boot application twice, without tracing and with one of several
 * tracers, loads both at the same time with the same paced requests, and prints what the
 * tracer costs a request. What else the machine does meets both alike: read the ratios.
 * Needs Linux, and the applications that {@code benchmarks/whole-application.sh}
 * packages.
 */
public final class WholeApplication {

	private static final double SETTLE_SECONDS = 1;

	/** At most, on a machine that has much else to do. */
	private static final double WARM_UP_SECONDS = 60;

	/** How long the compilers are waited for. */
	private static final long COMPILERS_NANOS = 30_000_000_000L;

	/** What they do in two seconds that is no longer worth waiting for. */
	private static final long COMPILERS_QUIET_NANOS = 200_000_000;

	private final Options options;

	private final PrintStream progress = System.err;

	private WholeApplication(Options options) {
		this.options = options;
	}

	/**
	 * Measures what the arguments ask for.
	 * @param args see {@code --help}
	 * @throws IOException if an application does not start or answers wrongly
	 * @throws InterruptedException if interrupted
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		if (List.of(args).contains("--help")) {
			System.out.print(Options.HELP);
			return;
		}
		// Without it an answer's body may wait 40 ms for the acknowledgement of its head.
		System.setProperty("sun.net.httpserver.nodelay", "true");
		new WholeApplication(Options.of(args)).measure(System.out);
	}

	private void measure(PrintStream out) throws IOException, InterruptedException {
		Map<Variant, Comparison> comparisons = new EnumMap<>(Variant.class);
		for (int round = 0; round < this.options.rounds(); round++) {
			for (Variant variant : this.options.variants()) {
				this.progress.printf("round %d: %s%n", round + 1, variant.title());
				try {
					compare(variant, comparisons.computeIfAbsent(variant, (key) -> new Comparison()));
				}
				catch (IOException ex) {
					comparisons.remove(variant);
					this.progress.printf("  left out: %s%n", ex);
				}
			}
		}
		print(comparisons, out);
	}

	private void compare(Variant variant, Comparison comparison) throws IOException, InterruptedException {
		try (LocalServices plainServices = new LocalServices();
				LocalServices services = new LocalServices();
				ApplicationProcess plain = new ApplicationProcess(Variant.PLAIN, this.options, plainServices.address());
				ApplicationProcess traced = new ApplicationProcess(variant, this.options, services.address());
				Load load = new Load(this.options.connections())) {
			awaitReady(plain, traced);
			List<Integer> ports = List.of(plain.port(), traced.port());
			for (Load.Endpoint endpoint : Load.Endpoint.values()) {
				load.run(ports, endpoint, 0, WARM_UP_SECONDS, this.options.warmUp());
			}
			awaitCompilers(load, ports, plain, traced);
			for (int i = 0; i < this.options.windows(); i++) {
				for (Load.Endpoint endpoint : Load.Endpoint.values()) {
					load.run(ports, endpoint, this.options.rate(), SETTLE_SECONDS, Integer.MAX_VALUE);
					services.spans();
					ProcessFigures plainBefore = plain.figures();
					ProcessFigures before = traced.figures();
					List<long[]> durations = load.run(ports, endpoint, this.options.rate(),
							this.options.windowSeconds(), Integer.MAX_VALUE);
					ProcessFigures plainAfter = plain.figures();
					ProcessFigures after = traced.figures();
					Window window = new Window(Window.Cost.between(plainBefore, plainAfter, durations.get(0)),
							Window.Cost.between(before, after, durations.get(1)),
							(double) services.spans() / durations.get(1).length);
					comparison.add(endpoint, window);
					this.progress.printf("  %s %.3f = %.1f us / %.1f us, %d and %d requests%n", endpoint.route(),
							window.cpuRatio(), window.traced().cpuMicros(), window.plain().cpuMicros(),
							durations.get(1).length, durations.get(0).length);
				}
			}
			for (Load.Endpoint endpoint : Load.Endpoint.values()) {
				this.progress.printf("  %s | %s%n", endpoint.route(), comparison.row(endpoint));
			}
			ProcessFigures plainEnd = plain.figures();
			ProcessFigures end = traced.figures();
			comparison.add(new Comparison.Start(plain.startSeconds(), traced.startSeconds(), plain.startCpuSeconds(),
					traced.startCpuSeconds(), plainEnd.classes(), end.classes(), plainEnd.threads(), end.threads(),
					Variant.PLAIN.bytesOnDisk(this.options.applications()),
					variant.bytesOnDisk(this.options.applications())));
		}
	}

	private static void awaitReady(ApplicationProcess... applications) throws IOException, InterruptedException {
		boolean[] ready = new boolean[applications.length];
		int missing = applications.length;
		while (missing > 0) {
			for (int i = 0; i < applications.length; i++) {
				if (!ready[i] && applications[i].isReady()) {
					ready[i] = true;
					missing--;
				}
			}
			Thread.sleep(20);
		}
	}

	/**
	 * On a machine with much else to do the compilers are behind: what still runs
	 * uncompiled in one of the applications would be taken for its cost.
	 */
	private void awaitCompilers(Load load, List<Integer> ports, ApplicationProcess plain, ApplicationProcess traced)
			throws IOException, InterruptedException {
		long until = System.nanoTime() + COMPILERS_NANOS;
		long busy = Long.MAX_VALUE;
		while (busy > COMPILERS_QUIET_NANOS && System.nanoTime() < until) {
			long plainBefore = plain.figures().compilerNanos();
			long before = traced.figures().compilerNanos();
			for (Load.Endpoint endpoint : Load.Endpoint.values()) {
				load.run(ports, endpoint, this.options.rate(), 1, Integer.MAX_VALUE);
			}
			busy = Math.max(plain.figures().compilerNanos() - plainBefore, traced.figures().compilerNanos() - before);
		}
	}

	private void print(Map<Variant, Comparison> comparisons, PrintStream out) {
		out.printf("%nJDK %s, %d round(s) of %d windows of %.0f s, %d requests/s to each application%n",
				this.options.java().getFileName(), this.options.rounds(), this.options.windows(),
				this.options.windowSeconds(), this.options.rate());
		for (Load.Endpoint endpoint : Load.Endpoint.values()) {
			out.printf("%n`GET %s`; not traced: %s%n%n", endpoint.route(),
					comparisons.values().iterator().next().plain(endpoint));
			out.println("| | spans sent | CPU ratio (IQR) | CPU us | web threads | others | KB, web threads | others"
					+ " | median duration, ratio |");
			out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
			comparisons.forEach(
					(variant, comparison) -> out.printf("| %s | %s |%n", variant.title(), comparison.row(endpoint)));
		}
		out.printf("%nStart and footprint; not traced: %s%n%n", comparisons.values().iterator().next().plainStart());
		out.println("| | start s | CPU ratio | CPU s | classes | threads | MB on disk |");
		out.println("|---|---:|---:|---:|---:|---:|---:|");
		comparisons.forEach((variant, comparison) -> out.printf("| %s | %s |%n", variant.title(), comparison.start()));
	}

}
