package dev.apm4j.usage;

import java.lang.instrument.Instrumentation;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecordingInstaller}: attaching that fails.
 */
class RecordingInstallerTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void attachingThatNeverEndsIsGivenUp() {
		CountDownLatch never = new CountDownLatch(1);
		Recording recording = install(() -> {
			never.await();
			return ByteBuddyAgent.install();
		}, Duration.ofMillis(10));
		assertUnavailable(recording, "no answer");
		never.countDown();
	}

	@Test
	void attachingThatFailsIsSaidWithItsReason() {
		assertUnavailable(install(() -> {
			throw new IllegalStateException("No room for a helper");
		}, LONG), "No room for a helper");
	}

	@Test
	void missingLibraryIsSaid() {
		assertUnavailable(install(() -> {
			throw new NoClassDefFoundError("net/bytebuddy/agent/ByteBuddyAgent");
		}, LONG), "net/bytebuddy/agent/ByteBuddyAgent");
	}

	@Test
	void interruptedThreadStaysInterruptedAndTheApplicationGoesOn() {
		CountDownLatch never = new CountDownLatch(1);
		Thread.currentThread().interrupt();
		Recording recording = install(() -> {
			never.await();
			return ByteBuddyAgent.install();
		}, LONG);
		assertThat(Thread.interrupted()).isTrue();
		assertUnavailable(recording, "interrupted");
		never.countDown();
	}

	@Test
	void patternThatIsNoneIsSaid() {
		ScanSettings settings = new ScanSettingsBuilder().excludeByRegex("(").build();
		try (Recording recording = new RecordingInstaller(ByteBuddyAgent::install, LONG).install(settings)) {
			assertUnavailable(recording, "'('");
		}
	}

	@Test
	void closingTwiceIsNoHarm() {
		Recording recording = install(ByteBuddyAgent::install, LONG);
		assertThat(recording.status()).isEqualTo(RecordingStatus.active("self-attach"));
		recording.close();
		recording.close();
		// Or else a publisher takes all methods for such whose calls were not seen
		assertThat(recording.status().state()).isEqualTo(RecordingStatus.State.OFF);
	}

	private static Recording install(Callable<Instrumentation> attachment, Duration limit) {
		return new RecordingInstaller(attachment, limit).install(WovenSamples.SETTINGS);
	}

	private static void assertUnavailable(Recording recording, String reason) {
		assertThat(recording.status().state()).isEqualTo(RecordingStatus.State.UNAVAILABLE);
		assertThat(recording.status().reason()).contains(reason);
		assertThat(WovenSamples.codeBase()).noneMatch(recording::isRecorded);
		recording.drain((method) -> assertThat(method).isNull());
		recording.close();
	}

}
