package dev.apm4j.usage;

import org.jspecify.annotations.Nullable;

/**
 * How the search for dead code goes.
 *
 * @param recording whether calls are recorded
 * @param figures how much is recorded
 * @param scan how far the scan of the code base is
 * @param fileProblem why nothing is kept over restarts, or what had to be set aside;
 * {@code null} if nothing is wrong, or nothing is to be kept
 * @param publication how publishing goes, {@code null} without a collector
 */
public record UsageStatus(RecordingStatus recording, RecordingFigures figures, ScanProgress scan,
		@Nullable String fileProblem, @Nullable PublicationStatus publication) {
}
