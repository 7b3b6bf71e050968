package dev.apm4j.export;

import java.time.Duration;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class PipelineSettingsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void theDefaultsAreInRange() {
		assertThat(PipelineSettings.DEFAULT).isEqualTo(PipelineSettings.builder().build());
	}

	@ParameterizedTest
	@MethodSource
	void aBadValueIsNamedWithItsRange(Consumer<PipelineSettings.Builder> change, String message) {
		PipelineSettings.Builder builder = PipelineSettings.builder();
		change.accept(builder);
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
	}

	static Arguments[] aBadValueIsNamedWithItsRange() {
		return new Arguments[] {
				with((builder) -> builder.ingress(0, 1), "ingress-capacity must be from 1 to 1048576 but is 0"),
				with((builder) -> builder.ingress(1, 0), "ingress-spans must be from 1 to 100000000 but is 0"),
				with((builder) -> builder.pollInterval(Duration.ZERO),
						"poll-interval must be from 1ms to 10s but is 0s"),
				with((builder) -> builder.completion(SECOND.negated(), 1),
						"completion-wait must be from 0s to 300s but is -1s"),
				with((builder) -> builder.completion(SECOND, 0),
						"completion-capacity must be from 1 to 1048576 but is 0"),
				with((builder) -> builder.queue(2_000_000, 1), "queue-size must be from 1 to 1048576 but is 2000000"),
				with((builder) -> builder.queue(1, -1), "queue-spans must be from 1 to 100000000 but is -1"),
				with((builder) -> builder.batch(0, 1, SECOND), "batch-size must be from 1 to 1048576 but is 0"),
				with((builder) -> builder.batch(1, 0, SECOND), "batch-spans must be from 1 to 100000000 but is 0"),
				with((builder) -> builder.batch(1, 1, Duration.ofHours(1)),
						"linger must be from 0s to 300s but is 3600s"),
				with((builder) -> builder.retry(Duration.ZERO, SECOND, SECOND),
						"retry-initial must be from 1ms to 3600s but is 0s"),
				with((builder) -> builder.retry(SECOND, Duration.ofMillis(500), SECOND),
						"retry-max must be from 1s to 3600s but is 500ms"),
				with((builder) -> builder.retry(SECOND, SECOND, Duration.ofDays(2)),
						"retry-max-age must be from 0s to 86400s but is 172800s"),
				with((builder) -> builder.shutdownTimeout(Duration.ofHours(1)),
						"shutdown-timeout must be from 0s to 300s but is 3600s") };
	}

	private static Arguments with(Consumer<PipelineSettings.Builder> change, String message) {
		return arguments(change, message);
	}

}
