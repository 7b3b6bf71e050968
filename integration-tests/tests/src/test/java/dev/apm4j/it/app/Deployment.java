package dev.apm4j.it.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;

/**
 * One of the ways in which the application is run.
 *
 * @param line the line of Spring Boot
 * @param jdk feature version of the JDK
 * @param virtualThreads whether requests and jobs run on virtual threads
 */
public record Deployment(BootLine line, int jdk, boolean virtualThreads) {

	/** The oldest JDK that is supported, and the first with unpinned virtual threads. */
	private static final List<Integer> JDKS = List.of(17, 25);

	private static final int VIRTUAL_THREADS_SINCE = 21;

	// Short-lived processes on a small machine: quick to start, small, and many at once.
	private static final List<String> JVM_OPTIONS = List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	/**
	 * All of them. JDKs that this machine doesn't have are among them, so that their
	 * tests show as skipped.
	 * @return the deployments
	 */
	public static Stream<Deployment> all() {
		TreeSet<Integer> jdks = new TreeSet<>(JDKS);
		jdks.add(Runtime.version().feature());
		List<Deployment> all = new ArrayList<>();
		for (BootLine line : BootLine.values()) {
			for (int jdk : jdks) {
				all.add(new Deployment(line, jdk, false));
				if (jdk >= VIRTUAL_THREADS_SINCE) {
					all.add(new Deployment(line, jdk, true));
				}
			}
		}
		return all.stream();
	}

	/**
	 * A deployment for each line on the JDK that runs the tests.
	 * @return the deployments
	 */
	public static Stream<Deployment> lines() {
		return Arrays.stream(BootLine.values()).map(Deployment::of);
	}

	/**
	 * A line on the JDK that runs the tests.
	 * @param line the line
	 * @return the deployment
	 */
	public static Deployment of(BootLine line) {
		return new Deployment(line, Runtime.version().feature(), false);
	}

	/**
	 * Starts the application so.
	 * @param name what for, part of the log's name
	 * @param arguments further arguments
	 * @return the application, still starting
	 * @throws TestAbortedException if this machine doesn't have the JDK
	 */
	public Application launch(String name, String... arguments) {
		return launch(this.line.jar(), name, arguments);
	}

	/**
	 * Starts another application so.
	 * @param jar its executable jar
	 * @param name what for, part of the log's name
	 * @param arguments further arguments
	 * @return the application, still starting
	 * @throws TestAbortedException if this machine doesn't have the JDK
	 */
	public Application launch(Path jar, String name, String... arguments) {
		return launch(Program.jar(jar), List.of(), name, arguments);
	}

	/**
	 * Starts a program so.
	 * @param program what to run
	 * @param jvmOptions further options of the JVM
	 * @param name what for, part of the log's name
	 * @param arguments further arguments
	 * @return the application, still starting
	 * @throws TestAbortedException if this machine doesn't have the JDK
	 */
	public Application launch(Program program, List<String> jvmOptions, String name, String... arguments) {
		Jdk found = Jdk.find(this.jdk)
			.orElseThrow(() -> new TestAbortedException("There is no JDK " + this.jdk + " on this machine"));
		List<String> options = new ArrayList<>(JVM_OPTIONS);
		options.addAll(jvmOptions);
		List<String> all = new ArrayList<>(List.of("--server.port=0"));
		if (this.virtualThreads) {
			all.add("--spring.threads.virtual.enabled=true");
		}
		all.addAll(List.of(arguments));
		return Application.launch(this + " " + name, found, program, options, all);
	}

	@Override
	public String toString() {
		return this.line + ", JDK " + this.jdk + (this.virtualThreads ? ", virtual threads" : "");
	}

}
