package dev.apm4j.it;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Program;
import dev.apm4j.it.app.Usage;
import dev.apm4j.it.scavenger.Collector;
import dev.apm4j.it.scavenger.Publication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A collector of Scavenger gets the dead code and nothing else, whatever starts, ends and
 * crashes when.
 */
class ScavengerIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Deployment NEWEST = Deployment.of(BootLine.BOOT_4_1);

	@RegisterExtension
	final Applications applications = new Applications();

	@TempDir
	Path folder;

	private String name;

	private Collector collector;

	@BeforeEach
	void collector(TestInfo test) {
		this.name = test.getTestMethod().orElseThrow().getName();
		this.collector = new Collector(this.name, this.folder.resolve("journal.txt"));
	}

	@AfterEach
	void end() {
		this.collector.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "BOOT_3_5", "BOOT_4_1" })
	void exactlyTheCalledAreInvoked(BootLine line) {
		this.collector.start();
		Application application = start(Deployment.of(line));
		new Caller(application).get(StockRoom.PATH);
		awaitInvoked(true);

		application.terminate();
		application.awaitExit(Duration.ofSeconds(30));
		List<Publication> received = this.collector.received();
		assertThat(received).allMatch(Publication::isAccepted);
		assertThat(received).extracting(Publication::call)
			.startsWith("InitConfig", "PollConfig", Publication.CODE_BASE, Publication.INVOCATIONS)
			.containsOnlyOnce("InitConfig", Publication.CODE_BASE);
		Map<String, String> codeBase = Publication.codeBase(received);
		assertThat(ofStockRoom(codeBase.values())).isEqualTo(signatures(StockRoom.states(true).keySet()));
		assertThat(codeBase.values()).containsAll(Publication.invoked(received));
		assertThat(Publication.invoked(received))
			.contains("com.example.orders.OrdersApplication.main(java.lang.String[])");
		assertThat(received.subList(1, received.size())).extracting((call) -> call.common("jvm_uuid"))
			.containsOnly(received.get(1).common("jvm_uuid"));
		Publication first = Publication.of(received, Publication.INVOCATIONS).get(0);
		assertThat(first.common("app_name")).isEqualTo("orders");
		assertThat(first.common("app_version")).isEqualTo("1.0");
		assertThat(first.common("environment")).isEqualTo("test");
		assertThat(application.log()).doesNotContain(Collector.KEY);
	}

	@Test
	void collectorMayComeLater() {
		Application application = start(NEWEST);
		Caller caller = new Caller(application);
		caller.get(StockRoom.PATH);
		awaitState(caller, "retrying");
		this.collector.start();
		awaitInvoked(true);
		awaitState(caller, "up");
	}

	@Test
	void collectorMayGoAndComeBack() {
		this.collector.start();
		Application application = start(NEWEST);
		Caller caller = new Caller(application);
		awaitInvoked(false);
		this.collector.stop();
		caller.get(StockRoom.PATH);
		awaitState(caller, "retrying");
		this.collector.start();
		awaitInvoked(true);
		awaitState(caller, "up");
		assertThat(Publication.processes(this.collector.received())).hasSize(1);
		assertThat(Publication.of(this.collector.received(), Publication.CODE_BASE)).hasSize(1);
	}

	@Test
	void killedApplicationLosesWhatItHasNotPublishedOnly() {
		String file = "--apm.scavenger.file=" + this.folder.resolve("usage.bin");
		this.collector.start();
		Application killed = start(NEWEST, file);
		Caller caller = new Caller(killed);
		caller.get(StockRoom.PATH);
		awaitInvoked(true);
		awaitMethods(killed, true);
		JsonNode before = requested(killed);
		killed.close();
		Instant killedAt = Instant.now();

		Application next = start(NEWEST, file);
		Awaitility.await().atMost(PATIENCE).until(() -> Publication.processes(this.collector.received()).size() == 2);
		awaitMethods(next, true);
		JsonNode after = requested(next);
		assertThat(after.path("first").longValue()).isEqualTo(before.path("first").longValue());
		assertThat(after.path("last").longValue()).isEqualTo(before.path("last").longValue())
			.isLessThanOrEqualTo(killedAt.toEpochMilli());
		JsonNode state = new Usage(new Caller(next)).state();
		assertThat(state.path("since").longValue()).isLessThanOrEqualTo(before.path("first").longValue());
		assertThat(state.path("file").isNull()).isTrue();
		assertThat(ofStockRoom(Publication.invoked(this.collector.received())))
			.isEqualTo(signatures(called(StockRoom.states(true))));
	}

	@Test
	void withoutAFileEveryStartBeginsAnew() {
		Application killed = start(NEWEST);
		new Caller(killed).get(StockRoom.PATH);
		awaitMethods(killed, true);
		killed.close();
		awaitMethods(start(NEWEST), false);
	}

	@Test
	void wrongKeyIsSaid() {
		this.collector.start();
		Application application = start(NEWEST, "--apm.scavenger.api-key=99999999-no-such-key");
		Caller caller = new Caller(application);
		awaitState(caller, "unauthenticated");
		String endpoint = caller.get("/actuator/apm").body();
		assertThat(endpoint).doesNotContain("99999999-no-such-key");
		awaitMethods(application, false);
		assertThat(application.log()).contains("see apm.scavenger.api-key").doesNotContain("99999999-no-such-key");
		assertThat(this.collector.received()).extracting(Publication::call).containsExactly("InitConfig", "PollConfig");
	}

	@Test
	void nothingIsPublishedIfNothingIsRecorded() {
		this.collector.start();
		Application application = launch(NEWEST, List.of("-XX:+DisableAttachMechanism")).awaitStarted();
		Caller caller = new Caller(application);
		caller.get(StockRoom.PATH);
		awaitState(caller, "off");
		assertThat(publication(caller).path("reason").textValue()).contains("-XX:+DisableAttachMechanism");
		application.terminate();
		application.awaitExit(Duration.ofSeconds(30));
		assertThat(this.collector.received()).isEmpty();
	}

	private Application start(Deployment deployment, String... more) {
		return launch(deployment, List.of(), more).awaitStarted();
	}

	private Application launch(Deployment deployment, List<String> jvmOptions, String... more) {
		List<String> arguments = new ArrayList<>(List.of("--apm.scavenger.enabled=true", "--apm.scavenger.interval=1s",
				"--apm.scavenger.force-interval=1s", "--apm.scavenger.app-version=1.0",
				"--apm.scavenger.environment=test", "--apm.scavenger.server-url=" + this.collector.url(),
				"--apm.scavenger.api-key=" + Collector.KEY));
		arguments.addAll(List.of(more));
		return this.applications.add(deployment.launch(Program.jar(deployment.line().jar()), jvmOptions,
				"scavenger " + this.name, arguments.toArray(String[]::new)));
	}

	private void awaitInvoked(boolean requested) {
		Set<String> expected = signatures(called(StockRoom.states(requested)));
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.untilAsserted(
					() -> assertThat(ofStockRoom(Publication.invoked(this.collector.received()))).isEqualTo(expected));
	}

	private static void awaitMethods(Application application, boolean requested) {
		new Usage(new Caller(application)).awaitMethods(StockRoom.PACKAGE, StockRoom.states(requested));
	}

	private static void awaitState(Caller caller, String state) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.untilAsserted(() -> assertThat(publication(caller).path("state").textValue()).isEqualTo(state));
	}

	private static JsonNode publication(Caller caller) {
		return caller.json("/actuator/apm").path("deadCode").path("publication");
	}

	private static JsonNode requested(Application application) {
		return new Usage(new Caller(application)).list(StockRoom.PACKAGE).get("StockRoom.requested()");
	}

	private static Set<String> called(Map<String, String> states) {
		return states.keySet()
			.stream()
			.filter((method) -> states.get(method).equals("called"))
			.collect(Collectors.toSet());
	}

	/** As the protocol writes them: constructors without a name. */
	private static Set<String> signatures(Set<String> methods) {
		return methods.stream()
			.map((method) -> StockRoom.PACKAGE + "." + method.replace(".<init>(", "("))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> ofStockRoom(Iterable<String> signatures) {
		Set<String> found = new TreeSet<>();
		for (String signature : signatures) {
			if (signature.startsWith(StockRoom.PACKAGE + ".") || signature.matches("[0-9a-f]+")) {
				found.add(signature);
			}
		}
		return found;
	}

}
