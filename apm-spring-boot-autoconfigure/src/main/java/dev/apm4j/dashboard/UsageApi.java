package dev.apm4j.dashboard;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.apm4j.usage.PublicationStatus;
import dev.apm4j.usage.RecordingStatus;
import dev.apm4j.usage.ScanProgress;
import dev.apm4j.usage.UsageReport;
import dev.apm4j.usage.UsageReport.ClassUsage;
import dev.apm4j.usage.UsageReport.MethodUsage;
import dev.apm4j.usage.UsageReport.PackageUsage;
import dev.apm4j.usage.UsageReport.Totals;
import dev.apm4j.usage.UsageStatus;
import dev.apm4j.usage.UsageText;
import dev.apm4j.usage.UsageTracking;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code api/usage} and the text of {@code api/usage/report}. Times are
 * milliseconds since the epoch.
 */
final class UsageApi {

	private static final int METHODS_A_CLASS = 10;

	private final @Nullable UsageTracking tracking;

	UsageApi(@Nullable UsageTracking tracking) {
		this.tracking = tracking;
	}

	DashboardResponse list(UsageQuery query) {
		UsageTracking present = this.tracking;
		if (present == null) {
			return DashboardResponse.json(200, (json) -> json.object().member("enabled", false).end());
		}
		UsageStatus status = present.status();
		UsageReport report = present.report();
		return DashboardResponse.json(200, (json) -> {
			json.object().member("enabled", true);
			write(json, status, report);
			new Tree(json, query).write(report.packages());
			json.end();
		});
	}

	DashboardResponse report() {
		UsageTracking present = this.tracking;
		if (present == null) {
			return DashboardResponse.text(404, "Dead code is not looked for: apm.scavenger.enabled is not true.");
		}
		return DashboardResponse.text(200, UsageText.of(present.status(), present.report()).stripTrailing());
	}

	private static void write(JsonWriter json, UsageStatus status, UsageReport report) throws IOException {
		RecordingStatus recording = status.recording();
		ScanProgress scan = status.scan();
		Totals totals = report.totals();
		json.object("recording")
			.member("state", lower(recording.state()))
			.member("means", recording.means())
			.member("reason", recording.reason())
			.member("remedy", recording.remedy())
			.end()
			.member("since", millis(report.recordingSince()))
			.member("recordedMillis", report.recorded().toMillis())
			.object("scan")
			.member("state", lower(scan.state()))
			.member("methods", (scan.state() == ScanProgress.State.DONE) ? totals.methods() : scan.methods())
			.member("leftOut", report.leftOut())
			.member("unreadable", report.unreadable())
			.end()
			.member("file", status.fileProblem());
		PublicationStatus publication = status.publication();
		if (publication == null) {
			json.member("publication", null);
		}
		else {
			json.object("publication")
				.member("state", lower(publication.state()))
				.member("text", text(publication))
				.end();
		}
		json.object("counts")
			.member("methods", totals.methods())
			.member("called", totals.called())
			.member("never", totals.neverCalled())
			.member("unknown", totals.methods() - totals.called() - totals.neverCalled())
			.end();
	}

	private static String text(PublicationStatus publication) {
		String failure = publication.lastFailure();
		return switch (publication.state()) {
			case OFF -> "off: " + publication.reason();
			case CONNECTING -> "connecting to " + publication.collector() + ((failure != null) ? ": " + failure : "");
			case UP -> publication.codeBasePublished()
					? publication.methodsPublished() + " methods published to " + publication.collector()
					: "connected to " + publication.collector();
			case RETRYING -> "retrying " + publication.collector() + ": " + failure;
			case UNAUTHENTICATED -> publication.collector() + " does not know the API key";
			case CLOSED -> "closed";
		};
	}

	private static String lower(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	private static @Nullable Long millis(@Nullable Instant time) {
		return (time != null) ? time.toEpochMilli() : null;
	}

	/** Writes what matches of the packages, up to the limit. */
	private static final class Tree {

		private final JsonWriter json;

		private final UsageQuery query;

		private int classes;

		private int methods;

		private boolean truncated;

		Tree(JsonWriter json, UsageQuery query) {
			this.json = json;
			this.query = query;
		}

		void write(List<PackageUsage> packages) throws IOException {
			this.json.array("packages");
			for (PackageUsage each : packages) {
				if (this.query.packageName() == null || this.query.packageName().equals(each.name())) {
					write(each);
				}
			}
			this.json.end().member("truncated", this.truncated);
		}

		private void write(PackageUsage each) throws IOException {
			List<Found> found = new ArrayList<>();
			for (ClassUsage type : each.classes()) {
				List<MethodUsage> matching = matching(type);
				if (!matching.isEmpty() && !isFull(matching.size())) {
					found.add(new Found(type, matching));
				}
			}
			if (found.isEmpty()) {
				return;
			}
			this.json.object().member("name", each.name());
			write(each.totals(), each.classes().stream().flatMap((type) -> type.methods().stream()).toList());
			this.json.array("classes");
			for (Found type : found) {
				write(each.name(), type);
			}
			this.json.end().end();
		}

		private List<MethodUsage> matching(ClassUsage type) {
			if (this.query.className() != null && !this.query.className().equals(type.name())) {
				return List.of();
			}
			return type.methods().stream().filter((method) -> this.query.matches(type.name(), method)).toList();
		}

		private boolean isFull(int more) {
			int listed = this.query.members() ? more : 0;
			if (this.classes >= this.query.limit()
					|| this.methods + (long) listed > (long) this.query.limit() * METHODS_A_CLASS) {
				this.truncated = true;
				return true;
			}
			this.classes++;
			this.methods += listed;
			return false;
		}

		private void write(String packageName, Found found) throws IOException {
			ClassUsage type = found.type();
			this.json.object()
				.member("name", type.name())
				.member("simpleName",
						packageName.isEmpty() ? type.name() : type.name().substring(packageName.length() + 1));
			write(type.totals(), type.methods());
			if (this.query.members()) {
				this.json.array("members");
				for (MethodUsage method : found.matching()) {
					this.json.object()
						.member("name", method.name())
						.member("parameters", method.parameterTypes())
						.member("visibility", method.visibility().text())
						.member("state", UsageQuery.State.of(method).text())
						.member("first", millis(method.firstCalled()))
						.member("last", millis(method.lastCalled()))
						.end();
				}
				this.json.end();
			}
			this.json.end();
		}

		private void write(Totals totals, List<MethodUsage> of) throws IOException {
			Instant last = of.stream()
				.map(MethodUsage::lastCalled)
				.filter(Objects::nonNull)
				.max(Comparator.naturalOrder())
				.orElse(null);
			this.json.member("methods", totals.methods())
				.member("called", totals.called())
				.member("never", totals.neverCalled())
				.member("lastCalled", millis(last));
		}

		/** A class with those of its methods that match. */
		private record Found(ClassUsage type, List<MethodUsage> matching) {
		}

	}

}
