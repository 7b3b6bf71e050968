package dev.apm4j.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.apm4j.benchmarks.application.WholeApplication;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks with bytes and CPU time of an operation, and prints a table of
 * them. Takes the arguments of JMH, such as a pattern of benchmark names or {@code -f 1}.
 * With {@code whole-application} first it is {@link WholeApplication} instead.
 */
public final class Main {

	private static final String OURS = "apm4j";

	private static final TimeValue WARM_UP = TimeValue.seconds(1);

	private static final TimeValue MEASUREMENT = TimeValue.milliseconds(400);

	private Main() {
	}

	/**
	 * Runs what the arguments ask for.
	 * @param args as {@code org.openjdk.jmh.Main} takes them
	 * @throws CommandLineOptionException if the arguments are no arguments of JMH
	 * @throws RunnerException if a benchmark fails
	 * @throws IOException if the help can't be printed
	 * @throws InterruptedException if interrupted
	 */
	public static void main(String[] args)
			throws CommandLineOptionException, RunnerException, IOException, InterruptedException {
		if (args.length > 0 && args[0].equals("whole-application")) {
			WholeApplication.main(Arrays.copyOfRange(args, 1, args.length));
			return;
		}
		CommandLineOptions given = new CommandLineOptions(args);
		OptionsBuilder options = new OptionsBuilder();
		options.parent(given);
		options.forks(given.getForkCount().orElse(2));
		options.warmupIterations(given.getWarmupIterations().orElse(5));
		options.warmupTime(given.getWarmupTime().orElse(WARM_UP));
		options.measurementIterations(given.getMeasurementIterations().orElse(5));
		options.measurementTime(given.getMeasurementTime().orElse(MEASUREMENT));
		options.shouldFailOnError(true);
		// The compiler works in the foreground: on a busy machine it would not be done
		// when
		// the measurement begins.
		options.jvmArgsAppend("-Xms512m", "-Xmx512m", "-Xbatch");
		options.addProfiler(GCProfiler.class);
		options.addProfiler(WorkerCpuProfiler.class);
		Runner runner = new Runner(options.build());
		if (given.shouldHelp()) {
			given.showHelp();
		}
		else if (given.shouldList()) {
			runner.list();
		}
		else {
			print(runner.run(), System.out);
		}
	}

	private static void print(Collection<RunResult> results, PrintStream out) {
		Map<String, Map<String, RunResult>> byScenario = new LinkedHashMap<>();
		for (RunResult result : results) {
			String benchmark = result.getParams().getBenchmark();
			int dot = benchmark.lastIndexOf('.');
			StringBuilder scenario = new StringBuilder(
					benchmark.substring(benchmark.lastIndexOf('.', dot - 1) + 1, dot).replace("Benchmark", ""));
			for (String parameter : result.getParams().getParamsKeys()) {
				scenario.append(' ').append(parameter).append('=').append(result.getParams().getParam(parameter));
			}
			byScenario.computeIfAbsent(scenario.toString(), (key) -> new LinkedHashMap<>())
				.put(benchmark.substring(dot + 1), result);
		}
		out.println();
		out.println("| scenario | tracer | B/op | CPU ns/op | CPU, apm4j = 1 |");
		out.println("|---|---|---:|---:|---:|");
		byScenario.forEach((scenario, tracers) -> {
			RunResult ours = tracers.get(OURS);
			tracers.forEach((tracer, result) -> {
				double cpu = score(result, WorkerCpuProfiler.LABEL);
				double ratio = (ours != null) ? cpu / score(ours, WorkerCpuProfiler.LABEL) : Double.NaN;
				out.printf("| %s | %s | %.0f | %.0f | %.1f |%n", scenario, tracer, score(result, "gc.alloc.rate.norm"),
						cpu, ratio);
			});
		});
	}

	private static double score(RunResult result, String label) {
		for (Map.Entry<String, Result> secondary : result.getSecondaryResults().entrySet()) {
			if (secondary.getKey().endsWith(label)) {
				return secondary.getValue().getScore();
			}
		}
		return Double.NaN;
	}

}
