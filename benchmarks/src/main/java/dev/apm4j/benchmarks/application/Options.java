package dev.apm4j.benchmarks.application;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to measure, and for how long.
 *
 * @param variants beside the plain application, in this order
 * @param rounds how often the JVMs are started anew
 * @param windows measured for each endpoint in a round
 * @param windowSeconds length of a window
 * @param warmUp requests to each endpoint before that, as fast as possible
 * @param rate requests a second to each of the two applications, 0 for as many as
 * possible
 * @param connections to each application
 * @param java home of the JVM that the applications run on
 * @param jvmArguments its arguments
 * @param applications folder of the packaged applications
 */
record Options(List<Variant> variants, int rounds, int windows, double windowSeconds, int warmUp, int rate,
		int connections, Path java, List<String> jvmArguments, Path applications) {

	static final String HELP = """
			--variants=a,b      %s
			--rounds=1          fresh JVMs
			--windows=4         for each endpoint and round
			--window=3          seconds
			--warm-up=15000     requests to each endpoint, as fast as possible
			--rate=600          requests a second to each application, 0: as many as possible
			--connections=4     to each application
			--java=<home>       JVM of the applications
			--jvm-args=<args>   its arguments, separated by blanks
			--applications=benchmarks/application
			--quick             as --windows=2 --window=2 --warm-up=6000
			""".formatted(String.join(",", Arrays.stream(Variant.values()).map(Variant::option).toList()));

	static Options of(String[] args) {
		Map<String, String> given = new LinkedHashMap<>();
		for (String arg : args) {
			if (!arg.startsWith("--")) {
				throw new IllegalArgumentException(arg);
			}
			String[] parts = arg.substring(2).split("=", 2);
			given.put(parts[0], (parts.length > 1) ? parts[1] : "");
		}
		boolean quick = given.remove("quick") != null;
		Options options = new Options(variants(given.remove("variants")), number(given.remove("rounds"), 1),
				number(given.remove("windows"), quick ? 2 : 4), number(given.remove("window"), quick ? 2 : 3),
				number(given.remove("warm-up"), quick ? 6000 : 15000), number(given.remove("rate"), 600),
				number(given.remove("connections"), 4),
				Path.of(text(given.remove("java"), System.getProperty("java.home"))),
				List.of(text(given.remove("jvm-args"), "-Xms512m -Xmx512m").split(" ")),
				Path.of(text(given.remove("applications"), "benchmarks/application")));
		if (!given.isEmpty()) {
			throw new IllegalArgumentException("--" + given.keySet().iterator().next());
		}
		return options;
	}

	private static List<Variant> variants(String names) {
		if (names == null) {
			return List.of(Variant.values());
		}
		List<Variant> variants = new ArrayList<>();
		for (String name : names.split(",")) {
			variants.add(Arrays.stream(Variant.values())
				.filter((variant) -> variant.option().equals(name))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException("--variants=" + name)));
		}
		return variants;
	}

	private static int number(String value, int otherwise) {
		return (value != null) ? Integer.parseInt(value) : otherwise;
	}

	private static String text(String value, String otherwise) {
		return (value != null) ? value : otherwise;
	}

}
