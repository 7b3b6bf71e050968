package dev.apm4j.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Traces;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Start and end of an application, long-lived or not.
 */
class LifeCycleIT {

	@RegisterExtension
	final Applications applications = new Applications();

	@ParameterizedTest
	@MethodSource
	void applicationStartsAndEndsWithoutComplaint(Deployment deployment) {
		Application application = this.applications.start(deployment, "life cycle");
		Caller caller = new Caller(application);
		String traceId = Traces.newTraceId();
		assertThat(caller.get("/orders/1", "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		new Traces(caller).complete(traceId, 9);

		application.terminate();
		// 128 + SIGTERM is what a JVM returns that ended in order.
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isIn(0, 143);
		assertThat(application.log()
			.lines()
			.filter((line) -> line.matches(".*\\b(WARN|WARNING|ERROR|SEVERE)\\b.*")
					|| line.contains("not eligible for getting processed"))
			.filter((line) -> !isOfTheJdk(line))).isEmpty();
	}

	static Stream<Deployment> applicationStartsAndEndsWithoutComplaint() {
		return Stream.concat(Deployment.lines(),
				Stream.of(new Deployment(BootLine.BOOT_3_5, 25, true), new Deployment(BootLine.BOOT_4_1, 25, true)));
	}

	/** JDK 25 warns of Netty's and Tomcat's native libraries and of Netty's Unsafe. */
	private static boolean isOfTheJdk(String line) {
		return line.startsWith("WARNING: ") && !line.contains("apm4j") && !line.contains("jctools")
				&& !line.contains("HdrHistogram");
	}

	@ParameterizedTest
	@MethodSource("dev.apm4j.it.app.Deployment#lines")
	void batchApplicationLosesNothing(Deployment deployment, @TempDir Path folder) throws IOException {
		Path file = folder.resolve("segments.txt");
		Application application = this.applications.launch(deployment, "batch",
				"--spring.main.web-application-type=none", "--orders.jobs=false", "--apm.backend=embedded,file",
				"--orders.export-file=" + file);
		assertThat(application.awaitExit(Duration.ofSeconds(60))).isZero();
		List<String> segments = Files.readAllLines(file);
		assertThat(segments).allSatisfy((segment) -> assertThat(segment).matches("[0-9a-f]{32} .+"));
		assertThat(segments).extracting((segment) -> segment.substring(33))
			.containsExactlyInAnyOrder("warmUpCatalog", "openOrdersRunner", "PriceImport.importPrices");
		assertThat(application.log()).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

}
