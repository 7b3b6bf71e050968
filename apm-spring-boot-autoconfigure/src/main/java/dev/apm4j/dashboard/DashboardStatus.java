package dev.apm4j.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Tells the dashboard about the application around the store. Called for every request of
 * the status, by any thread.
 */
@FunctionalInterface
public interface DashboardStatus {

	/**
	 * The status of this moment.
	 * @return the status
	 */
	Snapshot snapshot();

	/**
	 * The status of a moment.
	 *
	 * @param service name of the service
	 * @param instance name of the service instance
	 * @param version version of apm4j
	 * @param startedAt when the application started
	 * @param paused whether tracing is paused
	 * @param sampling which traces are kept
	 * @param backends the backends
	 * @param instrumentations what is instrumented
	 */
	record Snapshot(String service, String instance, String version, Instant startedAt, boolean paused,
			Sampling sampling, List<Backend> backends, List<Instrumentation> instrumentations) {
	}

	/**
	 * Which traces are kept.
	 *
	 * @param rate share of new traces, 0.0 to 1.0
	 * @param maxPerThreeSeconds cap of new traces in 3 seconds, 0 for none
	 * @param keepSlow duration from which on traces are kept in any case, or {@code null}
	 * @param keepErrors whether failed traces are kept in any case
	 */
	record Sampling(double rate, int maxPerThreeSeconds, @Nullable Duration keepSlow, boolean keepErrors) {
	}

	/**
	 * A backend.
	 *
	 * @param name its name
	 * @param state its state
	 * @param queue segments that wait
	 * @param offered segments that were to be sent
	 * @param sent segments that were sent
	 * @param dropped segments that were lost, by reason
	 * @param lastError what went wrong last, or {@code null}
	 * @param lastErrorAt when that was, or {@code null}
	 * @param lastSuccessAt when something was sent last, or {@code null}
	 * @param notice what the backend itself has to say, or {@code null}
	 */
	record Backend(String name, String state, long queue, long offered, long sent, Map<String, Long> dropped,
			@Nullable String lastError, @Nullable Instant lastErrorAt, @Nullable Instant lastSuccessAt,
			@Nullable String notice) {
	}

	/**
	 * An instrumentation.
	 *
	 * @param name its name
	 * @param enabled whether it is on
	 * @param reason why
	 */
	record Instrumentation(String name, boolean enabled, String reason) {
	}

}
