package dev.apm4j.usage;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;

import dev.apm4j.usage.PublicationStatus.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the publisher's thread.
 */
class ScavengerPublisherTests {

	private final RecordingCollector collector = new RecordingCollector();

	private final MethodsInHand source = new MethodsInHand(2);

	private final ScavengerPublisher publisher = new ScavengerPublisher(settings(), this.source);

	private CollectorSettings settings() {
		return new CollectorSettings(URI.create(this.collector.url()), "key", "shop", "1", "test", "host",
				Duration.ofSeconds(30), Duration.ofSeconds(30), null, false, 10 << 20);
	}

	@AfterEach
	void stop() {
		this.publisher.close();
		this.collector.close();
	}

	private void awaitCall(String method) {
		Awaitility.await().until(() -> !this.collector.calls(method).isEmpty());
	}

	@Test
	void isAJvmOfItsOwnThatStartedWhenTheProcessDid() {
		this.publisher.start();
		awaitCall("SendInvocationDataPublication");
		RecordingCollector.Call call = this.collector.calls("SendCodeBasePublication").get(0);
		long startedAt = call.common().getField(7).getVarintList().get(0);
		Instant expected = ProcessHandle.current().info().startInstant().orElseThrow();
		assertThat(startedAt).isEqualTo(expected.toEpochMilli());
		String uuid = RecordingCollector.Call.text(call.common(), 8);
		assertThat(UUID.fromString(uuid)).hasToString(uuid);
		assertThat(RecordingCollector.Call.text(this.collector.calls("PollConfig").get(0).message(), 2))
			.isEqualTo(uuid);
	}

	@Test
	void saysThatItIsOffBeforeItIsStartedIfCallsCannotBeRecorded() {
		this.source.recording = RecordingStatus.unavailable("no module", null);
		try (ScavengerPublisher unavailable = new ScavengerPublisher(settings(), this.source)) {
			assertThat(unavailable.status().state()).isEqualTo(State.OFF);
			assertThat(unavailable.status().reason()).contains("no module");
		}
	}

	@Test
	void publishesWhatWasCalledUntilItsEnd() {
		this.publisher.start();
		awaitCall("SendInvocationDataPublication");
		this.source.call(1);
		this.publisher.close();
		assertThat(this.collector.calls("SendInvocationDataPublication")).last()
			.satisfies((call) -> assertThat(call.entries()).containsExactly(MethodsInHand.hash(1)));
		assertThat(this.publisher.status().state()).isEqualTo(State.CLOSED);
	}

	@Test
	void publishesEverythingIfItIsClosedAtOnce() {
		this.source.call(1);
		this.publisher.start();
		this.publisher.close(Duration.ofSeconds(60));
		assertThat(this.collector.calls("SendInvocationDataPublication")).isNotEmpty()
			.anySatisfy((call) -> assertThat(call.entries()).contains(MethodsInHand.hash(1)));
	}

	@Test
	void endsInTimeAndGivesBackWhatItHasIfTheCollectorHangs() {
		this.publisher.start();
		awaitCall("SendInvocationDataPublication");
		this.collector.always(RecordingCollector.silence());
		this.source.call(1);
		this.publisher.close(Duration.ofMillis(300));
		assertThat(this.publisher.status().state()).isEqualTo(State.CLOSED);
		assertThat(this.source.takeInvoked()).containsExactly(MethodsInHand.key(1));
		assertThat(this.source.claimed).isFalse();
	}

	@Test
	void callsNobodyIfItIsClosedBeforeItIsStarted() {
		this.publisher.close();
		this.publisher.start();
		assertThat(this.publisher.status().state()).isEqualTo(State.CLOSED);
		assertThat(this.collector.calls()).isEmpty();
	}

	@Test
	void survivesWhatNobodyExpected() {
		MethodsInHand broken = new MethodsInHand(1);
		broken.codeBase = new CodeBase(Collections.singletonList(null), 0, 0);
		try (ScavengerPublisher publisher = new ScavengerPublisher(settings(), broken)) {
			publisher.start();
			Awaitility.await().until(() -> publisher.status().state() == State.RETRYING);
			assertThat(publisher.status().lastFailure()).contains("NullPointerException");
			broken.codeBase = new MethodsInHand(1).codeBase;
			publisher.close();
			assertThat(publisher.status().state()).isEqualTo(State.CLOSED);
		}
	}

	@Test
	void looksAtOnceWhenItIsWoken() {
		// Its next look would be in two minutes.
		this.publisher.start();
		awaitCall("SendInvocationDataPublication");
		Awaitility.await().until(() -> this.publisher.status().nextAttempt() != null);
		this.source.recording = new RecordingStatus(RecordingStatus.State.OFF, null, "switched off", null);
		this.publisher.wakeUp();
		Awaitility.await().until(() -> this.publisher.status().state() == State.OFF);
	}

}
