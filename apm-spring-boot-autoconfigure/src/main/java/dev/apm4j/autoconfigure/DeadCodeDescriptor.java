package dev.apm4j.autoconfigure;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.apm4j.usage.PublicationStatus;
import dev.apm4j.usage.RecordingStatus;
import dev.apm4j.usage.ScanProgress;
import dev.apm4j.usage.UsageReport;
import dev.apm4j.usage.UsageStatus;
import dev.apm4j.usage.UsageTracking;
import org.jspecify.annotations.Nullable;

/**
 * The search for dead code, as the endpoint shows it.
 *
 * @param state active, unavailable, or off when it has ended
 * @param means how calls are recorded
 * @param reason why they are not
 * @param remedy what to do about that
 * @param since since when they are, over restarts
 * @param scan how far the scan of the code base is
 * @param methods counts of methods
 * @param unrecordedClasses classes whose calls can't be seen, by reason
 * @param file what is wrong with the file
 * @param publication how publishing goes
 */
public record DeadCodeDescriptor(String state, @Nullable String means, @Nullable String reason, @Nullable String remedy,
		@Nullable Instant since, ScanDescriptor scan, MethodsDescriptor methods, Map<String, Integer> unrecordedClasses,
		@Nullable String file, @Nullable PublicationDescriptor publication) {

	static DeadCodeDescriptor of(UsageTracking tracking) {
		UsageStatus status = tracking.status();
		RecordingStatus recording = status.recording();
		UsageReport report = tracking.report();
		UsageReport.Totals totals = report.totals();
		Map<String, Integer> unrecorded = new TreeMap<>();
		status.figures().unrecordedClasses().forEach((reason, count) -> unrecorded.put(lower(reason), count));
		PublicationStatus publication = status.publication();
		return new DeadCodeDescriptor(lower(recording.state()), recording.means(), recording.reason(),
				recording.remedy(), report.recordingSince(), ScanDescriptor.of(status.scan(), report),
				new MethodsDescriptor(totals.methods(), totals.called(), totals.neverCalled(),
						totals.methods() - totals.called() - totals.neverCalled()),
				unrecorded, status.fileProblem(), (publication != null) ? PublicationDescriptor.of(publication) : null);
	}

	private static String lower(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * The scan of the code base.
	 *
	 * @param state waiting, running, done, cancelled or failed
	 * @param classes classes read so far
	 * @param millis how long it has taken
	 * @param leftOut methods beyond the limit
	 * @param unreadable files that could not be read
	 * @param failure why it failed
	 */
	public record ScanDescriptor(String state, int classes, long millis, int leftOut, int unreadable,
			@Nullable String failure) {

		static ScanDescriptor of(ScanProgress scan, UsageReport report) {
			return new ScanDescriptor(lower(scan.state()), scan.classes(), scan.millis(), report.leftOut(),
					report.unreadable(), scan.failure());
		}

	}

	/**
	 * Counts of methods.
	 *
	 * @param total all that count
	 * @param called those that were called
	 * @param neverCalled those that were not
	 * @param unknown those of which it is not known
	 */
	public record MethodsDescriptor(int total, int called, int neverCalled, int unknown) {
	}

	/**
	 * Publishing to a collector.
	 *
	 * @param state off, connecting, up, retrying, unauthenticated or closed
	 * @param reason why it is off
	 * @param collector host and port
	 * @param lastSuccess when it last accepted something
	 * @param lastError what went wrong last
	 * @param lastErrorAt when
	 * @param nextAttempt when it is called next
	 * @param methodsPublished methods of the code base that it has
	 * @param invocationsPublished methods that were said to be called
	 * @param pending methods that wait to be said again
	 */
	public record PublicationDescriptor(String state, @Nullable String reason, String collector,
			@Nullable Instant lastSuccess, @Nullable String lastError, @Nullable Instant lastErrorAt,
			@Nullable Instant nextAttempt, int methodsPublished, long invocationsPublished, int pending) {

		static PublicationDescriptor of(PublicationStatus status) {
			return new PublicationDescriptor(lower(status.state()), status.reason(), status.collector(),
					status.lastSuccess(), status.lastFailure(), status.lastFailureAt(), status.nextAttempt(),
					status.methodsPublished(), status.invocationsPublished(), status.invocationsPending());
		}

	}

}
