package dev.apm4j.it.oap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Jdk;
import dev.apm4j.it.app.Program;

/**
 * Starts applications that report to a SkyWalking server, as soon as there is something
 * to report.
 */
public final class Reporting {

	private static final List<String> JVM_OPTIONS = List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	private Reporting() {
	}

	/**
	 * The properties of an application that reports.
	 * @param address where to
	 * @param service name of its service
	 * @param more further arguments
	 * @return arguments of the application
	 */
	public static String[] arguments(String address, String service, String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=" + service,
				"--apm.backend=skywalking", "--apm.skywalking.address=" + address, "--apm.export.poll-interval=20ms",
				"--apm.export.linger=20ms"));
		arguments.addAll(List.of(more));
		return arguments.toArray(String[]::new);
	}

	/**
	 * Starts the sample application.
	 * @param address where it reports to
	 * @param service name of its service
	 * @param more further arguments
	 * @return the application, perhaps still starting
	 */
	public static Application sample(String address, String service, String... more) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--demo.traffic=false"));
		arguments.addAll(List.of(arguments(address, service, more)));
		return Application.launch("sample skywalking " + service, Jdk.running(),
				Program.jar(Path.of(System.getProperty("it.sample"))), JVM_OPTIONS, arguments);
	}

}
