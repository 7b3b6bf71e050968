package dev.apm4j.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Jdk;
import dev.apm4j.it.app.Program;
import dev.apm4j.it.app.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dead code is found however the application is started, or nothing is said to be dead.
 */
class DeadCodeIT {

	private static final String ENABLED = "--apm.scavenger.enabled=true";

	private static final String QUICK = "--apm.scavenger.interval=1s";

	private static final String JDK_WARNING = "A Java agent has been loaded dynamically";

	private static final Deployment NEWEST = new Deployment(BootLine.BOOT_4_1, 25, false);

	private static final Deployment OLDEST = new Deployment(BootLine.BOOT_3_5, 17, false);

	@RegisterExtension
	final Applications applications = new Applications();

	@TempDir
	Path folder;

	@ParameterizedTest
	@MethodSource("deployments")
	void executableJar(Deployment deployment) {
		Application application = start(deployment, Program.jar(deployment.line().jar()), "dead code");
		assertExactlyTheCalledAreAlive(application, "self-attach");
	}

	@ParameterizedTest
	@MethodSource("extremes")
	void classPath(Deployment deployment) {
		Program program = Program.classPath(deployment.line().jar(), this.folder);
		Application application = start(deployment, program, "dead code, class path");
		assertExactlyTheCalledAreAlive(application, "self-attach");
	}

	static Stream<Deployment> deployments() {
		return Stream.of(BootLine.BOOT_3_5, BootLine.BOOT_4_1)
			.flatMap((line) -> Stream.of(new Deployment(line, 17, false), new Deployment(line, 25, false)));
	}

	static Stream<Deployment> extremes() {
		return Stream.of(OLDEST, NEWEST);
	}

	@ParameterizedTest
	@MethodSource("extremes")
	void javaagent(Deployment deployment) {
		Application application = start(deployment, Program.jar(deployment.line().jar()), "dead code, javaagent",
				"-javaagent:" + agent());
		assertExactlyTheCalledAreAlive(application, "-javaagent");
		assertThat(application.log()).doesNotContain(JDK_WARNING);
	}

	@Test
	void javaagentOnTheClassPathNeedsNoDynamicLoading() {
		Program program = Program.classPath(NEWEST.line().jar(), this.folder);
		Application application = start(NEWEST, program, "dead code, javaagent and class path", "-javaagent:" + agent(),
				"-XX:-EnableDynamicAgentLoading", "-XX:+DisableAttachMechanism");
		assertExactlyTheCalledAreAlive(application, "-javaagent");
	}

	@ParameterizedTest
	@MethodSource("extremes")
	void launcherAgentClass(Deployment deployment) {
		Program program = Program.withLauncherAgent(deployment.line().jar(), agent(), this.folder.resolve("app.jar"));
		Application application = start(deployment, program, "dead code, launcher agent",
				(deployment.jdk() > 17) ? "-XX:-EnableDynamicAgentLoading" : "-XX:+DisableAttachMechanism");
		assertExactlyTheCalledAreAlive(application, "Launcher-Agent-Class");
		assertThat(application.log()).doesNotContain(JDK_WARNING);
	}

	@Test
	void beansMayBeWorkedOutBefore() {
		Deployment deployment = Deployment.of(BootLine.BOOT_4_1);
		Program program = Program.aheadOfTime(Jdk.running(), deployment.line().jar(), this.folder, ENABLED);
		Application application = start(deployment, program, "dead code, ahead of time");
		assertExactlyTheCalledAreAlive(application, "self-attach");
		assertThat(application.log()).contains("Starting AOT-processed OrdersApplication");
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource
	void nothingIsDeadIfNothingIsRecorded(Deployment deployment, String option, String reason) {
		Application application = start(deployment, Program.jar(deployment.line().jar()), "dead code " + option,
				option);
		Caller caller = new Caller(application);
		assertThat(caller.get(StockRoom.PATH).body()).isEqualTo("requested!");

		Usage usage = new Usage(caller);
		JsonNode recording = usage.state().path("recording");
		assertThat(recording.path("state").textValue()).isEqualTo("unavailable");
		assertThat(recording.path("reason").textValue()).contains(reason);
		assertThat(recording.path("remedy").textValue()).isNotEmpty();
		assertThat(usage.state().path("counts").path("never").intValue()).isZero();
		assertThat(usage.methods(StockRoom.PACKAGE)).doesNotContainValue("never");
		assertThat(usage.report()).startsWith("# Calls are not recorded").doesNotContain("com.example");
		JsonNode deadCode = caller.json("/actuator/apm").path("deadCode");
		assertThat(deadCode.path("state").textValue()).isEqualTo("unavailable");
		assertThat(deadCode.path("methods").path("neverCalled").intValue()).isZero();
		assertThat(application.log()).contains(reason).contains(recording.path("remedy").textValue());
	}

	static Stream<Arguments> nothingIsDeadIfNothingIsRecorded() {
		String modules = "--limit-modules=java.se,jdk.unsupported,jdk.management,jdk.crypto.ec,jdk.zipfs";
		return Stream.of(
				Arguments.of(NEWEST, "-XX:-EnableDynamicAgentLoading",
						"does not load agents while it runs (-XX:-EnableDynamicAgentLoading)"),
				Arguments.of(NEWEST, "-XX:+DisableAttachMechanism", "started with -XX:+DisableAttachMechanism"),
				Arguments.of(OLDEST, "-XX:+DisableAttachMechanism", "started with -XX:+DisableAttachMechanism"),
				Arguments.of(NEWEST, modules, "has no module jdk.attach"));
	}

	@Test
	void reportIsWrittenAtTheEnd() {
		Path report = this.folder.resolve("dead.txt");
		batch(report);
		assertThat(report).content()
			.contains("\ncom.example.orders.usage.StockRoom.deadChecked()\n")
			.contains("\ncom.example.orders.usage.StockRoom.requested()\n")
			.contains("\ncom.example.orders.usage.StockRoom$DeadShelf()\n")
			.doesNotContain("StockRoom.open()")
			.doesNotContain("OrdersApplication.main");

		// The report of the run before must not count any more.
		batch(report, "-XX:+DisableAttachMechanism");
		assertThat(report).content()
			.startsWith("# Calls are not recorded")
			.contains("-XX:+DisableAttachMechanism")
			.doesNotContain("com.example");
	}

	private void batch(Path report, String... jvmOptions) {
		Application application = this.applications.add(OLDEST.launch(Program.jar(OLDEST.line().jar()),
				List.of(jvmOptions), "dead code, batch", ENABLED, "--spring.main.web-application-type=none",
				"--orders.jobs=false", "--apm.scavenger.report=" + report));
		assertThat(application.awaitExit(Duration.ofSeconds(120))).isZero();
	}

	private Application start(Deployment deployment, Program program, String name, String... jvmOptions) {
		Application application = deployment.launch(program, List.of(jvmOptions), name, ENABLED, QUICK);
		return this.applications.add(application).awaitStarted();
	}

	private static void assertExactlyTheCalledAreAlive(Application application, String means) {
		Caller caller = new Caller(application);
		Usage usage = new Usage(caller).awaitScan();
		usage.awaitMethods(StockRoom.PACKAGE, StockRoom.states(false));
		assertThat(caller.get(StockRoom.PATH).body()).isEqualTo("requested!");
		usage.awaitMethods(StockRoom.PACKAGE, StockRoom.states(true));
		assertThat(usage.methods("com.example.orders"))
			.containsEntry("OrdersApplication.main(java.lang.String[])", "called")
			.doesNotContainValue("unknown");

		assertThat(usage.state().path("recording").path("means").textValue()).isEqualTo(means);
		assertThat(usage.report()).contains("\ncom.example.orders.usage.StockRoom.deadStatic()\n")
			.contains("\ncom.example.orders.usage.StockRoom$DeadShelf()\n")
			.doesNotContain("StockRoom.open()");
		assertThat(application.log()).contains("apm4j records calls of ").contains("(" + means + ", scanned in ");
		JsonNode counts = caller.json("/actuator/apm").path("deadCode").path("methods");
		assertThat(counts.path("called").intValue()).isPositive();
		assertThat(counts.path("neverCalled").intValue()).isPositive();
		assertThat(counts.path("unknown").intValue()).isZero();
		assertThat(counts.path("total").intValue())
			.isEqualTo(counts.path("called").intValue() + counts.path("neverCalled").intValue());
	}

	private static Path agent() {
		return Path.of(System.getProperty("it.agent"));
	}

}
