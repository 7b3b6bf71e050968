package dev.apm4j.usage;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import dev.apm4j.usage.PublicationStatus.State;
import dev.apm4j.usage.RecordingCollector.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is published when, on a clock of their own.
 */
class PublicationCycleTests {

	private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

	private static final int INVALID_ARGUMENT = 3;

	private static final int RESOURCE_EXHAUSTED = 8;

	private static final int INTERNAL = 13;

	private static final int UNAUTHENTICATED = 16;

	private final RecordingCollector collector = new RecordingCollector();

	private final MethodsInHand source = new MethodsInHand(3);

	/** Begins where a difference overflows. */
	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);

	private final long startNanos = this.nanos.get();

	private PublicationCycle cycle = cycle(null, false, 10 << 20);

	@AfterEach
	void stop() {
		this.collector.close();
	}

	private PublicationCycle cycle(Duration forceInterval, boolean legacy, int maxMessageBytes) {
		CollectorSettings settings = new CollectorSettings(URI.create(this.collector.url()), "key", "shop", "1", "test",
				"host", Duration.ofSeconds(5), Duration.ofSeconds(5), forceInterval, legacy, maxMessageBytes);
		return new PublicationCycle(settings, this.source, START.toEpochMilli() - 1000, "jvm", this.nanos::get,
				this::now, new Random(1));
	}

	private Instant now() {
		return START.plusNanos(this.nanos.get() - this.startNanos);
	}

	private Duration run() throws InterruptedException {
		return Duration.ofNanos(this.cycle.run());
	}

	/** Runs, and waits as long as it wants to, until the time is over. */
	private void runFor(Duration duration) throws InterruptedException {
		long end = this.nanos.get() + duration.toNanos();
		while (this.nanos.get() - end <= 0) {
			this.nanos.addAndGet(this.cycle.run());
		}
	}

	private void later(Duration duration) {
		this.nanos.addAndGet(duration.toNanos());
	}

	private PublicationStatus status() {
		return this.cycle.status();
	}

	@Test
	void pollsThenPublishesTheCodeBaseThenWhatWasCalled() throws Exception {
		this.source.call(0, 2);
		run();
		assertThat(this.collector.methods()).containsExactly("initConfig", "PollConfig", "SendCodeBasePublication",
				"SendInvocationDataPublication");
		Call codeBase = this.collector.calls().get(2);
		assertThat(codeBase.entries()).containsExactly(MethodsInHand.signature(0), MethodsInHand.signature(1),
				MethodsInHand.signature(2));
		assertThat(codeBase.fingerprint()).isEqualTo("fingerprint");
		Call invocations = this.collector.calls().get(3);
		assertThat(invocations.entries()).containsExactly(MethodsInHand.hash(0), MethodsInHand.hash(2));
		assertThat(invocations.fingerprint()).isEqualTo("fingerprint");
		assertThat(invocations.intervalStartedAt()).isEqualTo(START.toEpochMilli());
		PublicationStatus status = status();
		assertThat(status.state()).isEqualTo(State.UP);
		assertThat(status.codeBasePublished()).isTrue();
		assertThat(status.methodsPublished()).isEqualTo(3);
		assertThat(status.messagesOfCodeBase()).isEqualTo(1);
		assertThat(status.invocationPublications()).isEqualTo(1);
		assertThat(status.invocationsPublished()).isEqualTo(2);
		assertThat(status.lastSuccess()).isEqualTo(START);
		assertThat(status.nextAttempt()).isEqualTo(START.plusSeconds(120));
		assertThat("http://" + status.collector()).isEqualTo(this.collector.url());
	}

	@Test
	void publishesEveryIntervalAlsoWhenNothingWasCalledAndTheCodeBaseOnce() throws Exception {
		this.collector.intervals(new ServerIntervals(Duration.ofSeconds(600), Duration.ofSeconds(600),
				Duration.ofSeconds(600), Duration.ofSeconds(60), Duration.ofSeconds(600)));
		runFor(Duration.ofSeconds(599));
		assertThat(this.collector.calls("initConfig")).hasSize(1);
		assertThat(this.collector.calls("PollConfig")).hasSize(1);
		assertThat(this.collector.calls("SendCodeBasePublication")).hasSize(1);
		assertThat(this.collector.calls("SendInvocationDataPublication")).hasSize(10)
			.allSatisfy((call) -> assertThat(call.entries()).isEmpty())
			.extracting(Call::intervalStartedAt)
			.startsWith(START.toEpochMilli(), START.toEpochMilli(), START.plusSeconds(60).toEpochMilli());
		runFor(Duration.ofSeconds(2));
		assertThat(this.collector.calls("PollConfig")).hasSize(2);
	}

	@Test
	void takesTheConfiguredIntervalForAllOfTheCollectors() throws Exception {
		this.cycle = cycle(Duration.ofSeconds(7), false, 10 << 20);
		assertThat(run()).isEqualTo(Duration.ofSeconds(7));
		runFor(Duration.ofSeconds(20));
		assertThat(this.collector.calls("PollConfig")).hasSize(3);
		assertThat(this.collector.calls("SendInvocationDataPublication")).hasSize(3);
	}

	@Test
	void publishesNothingBeforeTheCodeBaseIsKnown() throws Exception {
		CodeBase codeBase = this.source.codeBase;
		this.source.codeBase = null;
		runFor(Duration.ofSeconds(10));
		assertThat(this.collector.methods()).containsOnly("initConfig", "PollConfig");
		this.source.codeBase = codeBase;
		runFor(Duration.ofSeconds(2));
		assertThat(this.collector.methods()).contains("SendCodeBasePublication", "SendInvocationDataPublication");
	}

	@ParameterizedTest
	@ValueSource(strings = { "OFF", "UNAVAILABLE" })
	void connectsToNobodyAndSaysWhyIfCallsCannotBeRecorded(String state) throws Exception {
		this.source.recording = new RecordingStatus(RecordingStatus.State.valueOf(state), null,
				"attaching is not allowed", "-XX:+EnableDynamicAgentLoading");
		runFor(Duration.ofMinutes(1));
		this.cycle.flush();
		assertThat(this.collector.calls()).isEmpty();
		assertThat(status().state()).isEqualTo(State.OFF);
		assertThat(status().reason()).contains("attaching is not allowed");
	}

	@Test
	void connectsToNobodyIfThereAreNoMethods() throws Exception {
		this.source.codeBase = new CodeBase(List.of(), 0, 0);
		runFor(Duration.ofMinutes(1));
		assertThat(this.collector.calls()).isEmpty();
		assertThat(status().reason()).contains("apm.scavenger.packages");
	}

	@Test
	void leavesTheCallsToThePublisherThatHasThem() throws Exception {
		assertThat(this.source.claim()).isTrue();
		this.source.call(1);
		runFor(Duration.ofMinutes(1));
		assertThat(this.collector.calls()).isEmpty();
		assertThat(status().state()).isEqualTo(State.OFF);
		assertThat(status().reason()).contains("Another application context");
		this.source.release();
		runFor(Duration.ofSeconds(2));
		assertThat(this.collector.calls("SendInvocationDataPublication").get(0).entries())
			.containsExactly(MethodsInHand.hash(1));
	}

	@Test
	void triesACollectorThatIsAwayAfterASecondAndThenEveryHalfMinuteAtMost() throws Exception {
		this.collector.always(RecordingCollector.reset());
		List<Duration> pauses = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			Duration pause = run();
			pauses.add(pause);
			later(pause);
		}
		long full = 1000;
		for (Duration pause : pauses) {
			assertThat(pause).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
			full = Math.min(30_000, full * 2);
		}
		assertThat(status().state()).isEqualTo(State.RETRYING);
		assertThat(status().lastFailure()).startsWith("initConfig at 127.0.0.1:");
		assertThat(this.collector.calls("initConfig").size()).isGreaterThanOrEqualTo(8);
		assertThat(this.collector.methods()).containsOnly("initConfig");
	}

	@Test
	void beginsWithShortPausesAgainAfterASuccess() throws Exception {
		this.collector.always(RecordingCollector.reset());
		runFor(Duration.ofMinutes(3));
		this.collector.always(null);
		runFor(Duration.ofSeconds(31));
		assertThat(status().state()).isEqualTo(State.UP);
		this.collector.always(RecordingCollector.reset());
		later(Duration.ofSeconds(120));
		assertThat(run()).isLessThanOrEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void losesNothingThatWasCalledBeforeTheCollectorWasThere() throws Exception {
		this.collector.always(RecordingCollector.reset());
		this.source.call(0);
		runFor(Duration.ofMinutes(3));
		this.source.call(1);
		runFor(Duration.ofMinutes(3));
		this.collector.always(null);
		runFor(Duration.ofSeconds(30));
		Call invocations = this.collector.calls("SendInvocationDataPublication").get(0);
		assertThat(invocations.entries()).containsExactly(MethodsInHand.hash(0), MethodsInHand.hash(1));
		assertThat(invocations.intervalStartedAt()).isEqualTo(START.toEpochMilli());
		assertThat(status().state()).isEqualTo(State.UP);
	}

	@Test
	void asksAgainWhereTheCollectorIsAfterItWasAway() throws Exception {
		run();
		this.collector.forget();
		this.collector.next("PollConfig", RecordingCollector.reset(), RecordingCollector.reset());
		later(Duration.ofSeconds(120));
		later(run());
		run();
		assertThat(this.collector.methods()).contains("initConfig");
	}

	@Test
	void keepsWhatCouldNotBePublishedWithItsIntervals() throws Exception {
		run();
		this.collector.forget();
		this.collector.always(RecordingCollector.reset());
		this.source.call(0, 1);
		runFor(Duration.ofSeconds(150));
		assertThat(status().invocationsPending()).isEqualTo(2);
		this.source.call(1, 2);
		runFor(Duration.ofSeconds(150));
		assertThat(status().invocationsPending()).isEqualTo(3);
		this.collector.always(null);
		this.collector.forget();
		runFor(Duration.ofSeconds(30));
		List<Call> calls = this.collector.calls("SendInvocationDataPublication");
		assertThat(calls).hasSize(2);
		assertThat(calls.get(0).entries()).containsExactly(MethodsInHand.hash(0));
		assertThat(calls.get(0).intervalStartedAt()).isEqualTo(START.toEpochMilli());
		assertThat(calls.get(1).entries()).containsExactly(MethodsInHand.hash(1), MethodsInHand.hash(2));
		assertThat(calls.get(1).intervalStartedAt()).isGreaterThanOrEqualTo(START.plusSeconds(120).toEpochMilli());
		assertThat(status().invocationsPending()).isZero();
		assertThat(status().state()).isEqualTo(State.UP);
	}

	@Test
	void waitsAsLongAsTheCollectorSaysAfterItRefused() throws Exception {
		this.collector.intervals(new ServerIntervals(Duration.ofSeconds(1000), Duration.ofSeconds(11),
				Duration.ofSeconds(22), Duration.ofSeconds(1000), Duration.ofSeconds(33)));
		this.collector.next("SendCodeBasePublication", RecordingCollector.status(INVALID_ARGUMENT));
		this.collector.next("SendInvocationDataPublication", RecordingCollector.status(INTERNAL));
		assertThat(run()).isEqualTo(Duration.ofSeconds(22));
		assertThat(status().state()).isEqualTo(State.RETRYING);
		assertThat(status().lastFailure()).contains("SendCodeBasePublication", "INVALID_ARGUMENT");
		later(Duration.ofSeconds(22));
		assertThat(run()).isEqualTo(Duration.ofSeconds(33));
		later(Duration.ofSeconds(33));
		run();
		assertThat(status().state()).isEqualTo(State.UP);
		assertThat(this.collector.calls("initConfig")).hasSize(1);
	}

	@Test
	void waitsLongerAfterTheSixthRefusal() throws Exception {
		run();
		later(Duration.ofSeconds(120));
		List<Long> waits = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			this.collector.next("SendInvocationDataPublication", RecordingCollector.status(INTERNAL));
			this.collector.next("PollConfig", RecordingCollector.status(INTERNAL));
			Duration wait = run();
			waits.add(wait.toSeconds());
			later(wait);
		}
		assertThat(waits).containsExactly(120L, 120L, 120L, 120L, 120L, 240L, 480L, 960L, 1920L, 1920L);
	}

	@Test
	void stopsQuietlyIfTheKeyIsUnknownAndTriesAgainEveryHour() throws Exception {
		this.source.call(1);
		this.collector.always((request, connection) -> request.line().contains("initConfig")
				? RawServer.ok("application/json", "{\"collectorUrl\":\"" + this.collector.url().substring(7) + "\"}")
				: RecordingCollector.status(UNAUTHENTICATED).to(request, connection));
		assertThat(run()).isEqualTo(Duration.ofHours(1));
		assertThat(status().state()).isEqualTo(State.UNAUTHENTICATED);
		assertThat(status().lastFailure()).contains("UNAUTHENTICATED");
		runFor(Duration.ofMinutes(119));
		assertThat(this.collector.calls("PollConfig")).hasSize(2);
		assertThat(this.source.invoked).containsExactly(MethodsInHand.key(1));
		this.collector.always(null);
		runFor(Duration.ofMinutes(1));
		assertThat(status().state()).isEqualTo(State.UP);
		assertThat(this.collector.calls("SendInvocationDataPublication").get(0).entries())
			.containsExactly(MethodsInHand.hash(1));
	}

	@Test
	void pollsFirstIfTheKeyBecameUnknownWhilePublishing() throws Exception {
		this.collector.intervals(new ServerIntervals(Duration.ofHours(5), Duration.ofHours(5), Duration.ofHours(5),
				Duration.ofSeconds(120), Duration.ofHours(5)));
		run();
		this.collector.forget();
		this.collector.next("SendInvocationDataPublication", RecordingCollector.status(UNAUTHENTICATED));
		this.source.call(1);
		runFor(Duration.ofSeconds(121));
		assertThat(status().state()).isEqualTo(State.UNAUTHENTICATED);
		this.collector.forget();
		runFor(Duration.ofSeconds(1));
		assertThat(this.collector.methods()).containsExactly("initConfig", "PollConfig",
				"SendInvocationDataPublication");
		assertThat(this.collector.calls().get(2).entries()).containsExactly(MethodsInHand.hash(1));
	}

	@Test
	void publishesALargeCodeBaseInMessagesOfTheirOwnFingerprintAndOneTime() throws Exception {
		this.source.codeBase = new MethodsInHand(1000).codeBase;
		this.cycle = cycle(null, false, CollectorClient.SMALL_MESSAGE);
		run();
		List<Call> chunks = this.collector.calls("SendCodeBasePublication");
		assertChunks(chunks, 1000);
		assertThat(chunks).hasSize(2).allSatisfy((call) -> assertThat(call.length()).isLessThanOrEqualTo(64 * 1024));
		assertThat(this.collector.calls("SendInvocationDataPublication").get(0).fingerprint())
			.isEqualTo(chunks.get(1).fingerprint());
		assertThat(status().messagesOfCodeBase()).isEqualTo(2);
		assertThat(status().methodsPublished()).isEqualTo(1000);
	}

	private static void assertChunks(List<Call> chunks, int methods) {
		List<String> signatures = chunks.stream().flatMap((call) -> call.entries().stream()).toList();
		assertThat(signatures).hasSize(methods).doesNotHaveDuplicates();
		assertThat(chunks).extracting(Call::fingerprint).doesNotHaveDuplicates();
		assertThat(new HashSet<>(chunks.stream().map(Call::publishedAt).toList())).hasSize(1);
	}

	@Test
	void makesMessagesSmallerIfTheyAreTooLargeForTheCollector() throws Exception {
		this.source.codeBase = new MethodsInHand(3000).codeBase;
		this.collector.next("SendCodeBasePublication", RecordingCollector.status(RESOURCE_EXHAUSTED),
				RecordingCollector.status(2));
		run();
		List<Call> calls = this.collector.calls("SendCodeBasePublication");
		assertThat(calls.get(1).length()).isLessThanOrEqualTo(calls.get(0).length() / 2);
		assertThat(calls.get(2).length()).isLessThanOrEqualTo(calls.get(1).length() / 2);
		assertChunks(calls.subList(2, calls.size()), 3000);
		assertThat(status().state()).isEqualTo(State.UP);
	}

	@Test
	void goesOnWithTheMessageThatFailed() throws Exception {
		this.source.codeBase = new MethodsInHand(2000).codeBase;
		this.cycle = cycle(null, false, CollectorClient.SMALL_MESSAGE);
		RawServer.Answer accepted = (request, connection) -> RawServer.ok("application/grpc-web+proto",
				HexFormat.of().parseHex("00000000040a024f4b8000000010677270632d7374617475733a20300d0a"));
		this.collector.next("SendCodeBasePublication", accepted, RecordingCollector.status(14));
		later(run());
		assertThat(this.collector.calls("SendInvocationDataPublication")).isEmpty();
		run();
		List<Call> calls = new ArrayList<>(this.collector.calls("SendCodeBasePublication"));
		Call failed = calls.remove(1);
		assertThat(calls.get(1).entries()).isEqualTo(failed.entries());
		assertChunks(calls, 2000);
		assertThat(this.collector.calls("SendInvocationDataPublication")).hasSize(1);
	}

	@Test
	void doesNotTryEverSmallerMessagesIfThatDoesNotHelp() throws Exception {
		this.source.codeBase = new MethodsInHand(3000).codeBase;
		for (int i = 0; i < 20; i++) {
			this.collector.next("SendCodeBasePublication", RecordingCollector.status(2));
		}
		assertThat(run()).isEqualTo(Duration.ofSeconds(120));
		assertThat(this.collector.calls("SendCodeBasePublication")).hasSizeBetween(2, 8);
		assertThat(status().state()).isEqualTo(State.RETRYING);
	}

	@Test
	void leavesOutWhatIsNotRecordedAndWhatIsTooLong() throws Exception {
		this.source.codeBase = new CodeBase(List.of(this.source.codeBase.methods().get(0),
				new CodeBaseMethod(MethodsInHand.key(1), 1), new CodeBaseMethod(tooLong(), 1)), 0, 0);
		this.source.unrecorded.add(MethodsInHand.key(1));
		this.source.invoked.add(tooLong());
		run();
		assertThat(this.collector.calls("SendCodeBasePublication").get(0).entries())
			.containsExactly(MethodsInHand.signature(0));
		assertThat(this.collector.calls("SendInvocationDataPublication").get(0).entries()).isEmpty();
		assertThat(status().methodsNotRecorded()).isEqualTo(1);
		assertThat(status().methodsTooLong()).isEqualTo(1);
		assertThat(status().methodsPublished()).isEqualTo(1);
	}

	@Test
	void saysNothingOfCallsOfWhatItLeftOut() throws Exception {
		this.source.unrecorded.add(MethodsInHand.key(1));
		run();
		this.source.call(0, 1);
		runFor(Duration.ofSeconds(250));
		assertThat(this.collector.calls("SendInvocationDataPublication").get(1).entries())
			.containsExactly(MethodsInHand.hash(0));
	}

	private static MethodKey tooLong() {
		return new MethodKey("com.acme." + "X".repeat(300), "run", "()V");
	}

	@Test
	void neverLetsLookDeadWhatTurnsOutNotToBeRecorded() throws Exception {
		run();
		this.source.unrecorded.add(MethodsInHand.key(2));
		runFor(Duration.ofSeconds(250));
		List<Call> calls = this.collector.calls("SendInvocationDataPublication");
		assertThat(calls.get(1).entries()).containsExactly(MethodsInHand.hash(2));
		assertThat(calls.get(2).entries()).isEmpty();
		assertThat(status().methodsNotRecorded()).isEqualTo(1);
	}

	@Test
	void doesNotTakeAllForAliveWhenTheRecordingEnds() throws Exception {
		run();
		this.source.unrecorded.add(MethodsInHand.key(2));
		this.source.whenAsked = () -> this.source.recording = new RecordingStatus(RecordingStatus.State.OFF, null, null,
				null);
		runFor(Duration.ofSeconds(250));
		assertThat(this.collector.calls("SendInvocationDataPublication"))
			.allSatisfy((call) -> assertThat(call.entries()).isEmpty());
		assertThat(status().state()).isEqualTo(State.OFF);
		this.cycle.end();
		assertThat(this.source.invoked).isEmpty();
	}

	@Test
	void namesMethodsAsTheAgentBeforeScavengersIfAskedTo() throws Exception {
		MethodKey nested = new MethodKey("com.acme.Shop$Cart", "add", "(ILjava/lang/String;)V");
		this.source.codeBase = new CodeBase(List.of(new CodeBaseMethod(nested, 1)), 0, 0);
		this.source.invoked.add(nested);
		this.cycle = cycle(null, true, 10 << 20);
		run();
		String signature = "com.acme.Shop.Cart.add(int, java.lang.String)";
		assertThat(this.collector.calls("SendCodeBasePublication").get(0).entries()).containsExactly(signature);
		assertThat(this.collector.calls("SendInvocationDataPublication").get(0).entries())
			.containsExactly(MethodSignature.hash(signature));
	}

	@Test
	void publishesOnceMoreAtTheEnd() throws Exception {
		run();
		this.collector.forget();
		this.source.call(1);
		this.cycle.flush();
		this.cycle.end();
		assertThat(this.collector.methods()).containsExactly("SendInvocationDataPublication");
		assertThat(this.collector.calls().get(0).entries()).containsExactly(MethodsInHand.hash(1));
		assertThat(status().state()).isEqualTo(State.CLOSED);
		assertThat(this.source.claimed).isFalse();
	}

	@Test
	void publishesAllAtTheEndOfAProcessThatWasTooShort() throws Exception {
		this.source.call(1);
		this.cycle.flush();
		assertThat(this.collector.methods()).containsExactly("initConfig", "PollConfig", "SendCodeBasePublication",
				"SendInvocationDataPublication");
	}

	@Test
	void triesOnceMoreAtTheEndIfTheCollectorWasAway() throws Exception {
		this.collector.always(RecordingCollector.reset());
		this.source.call(1);
		run();
		this.collector.always(null);
		this.cycle.flush();
		assertThat(this.collector.calls("SendInvocationDataPublication").get(0).entries())
			.containsExactly(MethodsInHand.hash(1));
	}

	@Test
	void givesBackWhatCouldNotBePublishedAtTheEnd() throws Exception {
		run();
		this.source.call(1);
		this.collector.always(RecordingCollector.reset());
		this.cycle.flush();
		this.cycle.end();
		assertThat(this.source.invoked).containsExactly(MethodsInHand.key(1));
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@Test
	void asksNobodyAtTheEndIfTheKeyIsUnknown() throws Exception {
		this.collector.next("PollConfig", RecordingCollector.status(UNAUTHENTICATED));
		run();
		this.collector.forget();
		this.cycle.flush();
		assertThat(this.collector.calls()).isEmpty();
	}

}
