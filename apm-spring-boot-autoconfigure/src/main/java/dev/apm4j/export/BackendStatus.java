package dev.apm4j.export;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a {@link Backend}.
 *
 * @param name the name of the backend
 * @param state what is known of it
 * @param queued segments that wait, those of a batch that is being sent included
 * @param queueCapacity segments that may wait
 * @param queuedSpans spans of the waiting segments
 * @param offered segments that the pipeline had for it
 * @param sent segments that it has taken
 * @param dropped lost segments by reason, without the reasons that never occurred
 * @param lastError what was wrong with the last attempt that failed: one line without
 * control characters, at most 300 characters, credentials masked; {@code null} if none
 * failed
 * @param lastErrorAt when that was
 * @param lastSuccessAt when the last attempt succeeded; {@code null} if none did
 * @param notice what the backend itself has to say, in the form of {@code lastError};
 * {@code null} for nothing
 */
public record BackendStatus(String name, BackendState state, int queued, int queueCapacity, long queuedSpans,
		long offered, long sent, Map<DropReason, Long> dropped, @Nullable String lastError,
		@Nullable Instant lastErrorAt, @Nullable Instant lastSuccessAt, @Nullable String notice) {

	public BackendStatus {
		dropped = Map.copyOf(dropped);
	}

}
