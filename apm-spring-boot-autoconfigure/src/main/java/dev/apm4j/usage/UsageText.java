package dev.apm4j.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.StringJoiner;

import dev.apm4j.usage.UsageReport.ClassUsage;
import dev.apm4j.usage.UsageReport.MethodUsage;
import dev.apm4j.usage.UsageReport.PackageUsage;

import org.jspecify.annotations.Nullable;

/**
 * The methods that were never called as lines of text, for a build to keep, compare or
 * count: a signature a line, sorted, behind lines that begin with a number sign.
 */
public final class UsageText {

	private UsageText() {
	}

	/**
	 * Makes the text.
	 * @param status how the search goes
	 * @param report what is known
	 * @return the lines, each with a line feed behind it
	 */
	public static String of(UsageStatus status, UsageReport report) {
		RecordingStatus recording = status.recording();
		if (recording.state() != RecordingStatus.State.ACTIVE) {
			return "# Calls are not recorded, so that nothing is known to be dead.\n" + comment(recording.reason())
					+ comment(recording.remedy());
		}
		if (status.scan().state() != ScanProgress.State.DONE) {
			return "# The classes of the application are not all read yet.\n";
		}
		StringBuilder text = new StringBuilder(4096);
		UsageReport.Totals totals = report.totals();
		text.append("# Methods that were never called\n# since ")
			.append(time(report.recordingSince()))
			.append(", watched for ")
			.append(duration(report.recorded()))
			.append("\n# ")
			.append(totals.neverCalled())
			.append(" of ")
			.append(totals.methods())
			.append(", ")
			.append(totals.called())
			.append(" were called, of ")
			.append(totals.methods() - totals.called() - totals.neverCalled())
			.append(" it is not known\n");
		for (PackageUsage each : report.packages()) {
			each.classes().forEach((type) -> append(type, text));
		}
		return text.toString();
	}

	private static void append(ClassUsage type, StringBuilder text) {
		for (MethodUsage method : type.methods()) {
			if (method.isNeverCalled()) {
				text.append(type.name());
				if (!method.name().equals("<init>")) {
					text.append('.').append(method.name());
				}
				text.append('(').append(method.parameterTypes()).append(")\n");
			}
		}
	}

	private static String comment(@Nullable String line) {
		return (line != null) ? "# " + line.replace('\n', ' ') + "\n" : "";
	}

	private static String time(@Nullable Instant time) {
		return (time != null) ? time.toString() : "never";
	}

	private static String duration(Duration duration) {
		StringJoiner parts = new StringJoiner(" ");
		if (duration.toDays() > 0) {
			parts.add(duration.toDays() + " d");
		}
		if (duration.toHours() > 0) {
			parts.add(duration.toHoursPart() + " h");
		}
		return parts.add(duration.toMinutesPart() + " min").add(duration.toSecondsPart() + " s").toString();
	}

}
