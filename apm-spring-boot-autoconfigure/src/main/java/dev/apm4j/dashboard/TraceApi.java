package dev.apm4j.dashboard;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.export.embedded.EndpointAggregates;
import dev.apm4j.export.embedded.EndpointStatistics;
import dev.apm4j.export.embedded.MinuteStatistics;
import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.export.embedded.StoreStatus;
import dev.apm4j.export.embedded.StoredSpan;
import dev.apm4j.export.embedded.StoredTrace;
import dev.apm4j.export.embedded.TraceQuery;
import dev.apm4j.export.embedded.TraceSummary;
import org.jspecify.annotations.Nullable;

/**
 * The JSON below {@code api/}. Times and durations are microseconds; {@code startedAt}
 * and {@code since} are milliseconds and {@code minute} is seconds since the epoch.
 */
final class TraceApi {

	private static final String TRACE = "traces/";

	private final EmbeddedStore store;

	private final EndpointAggregates endpoints;

	private final StatementApi statements;

	private final UsageApi usage;

	private final DashboardStatus status;

	TraceApi(EmbeddedStore store, EndpointAggregates endpoints, StatementAggregates statements, UsageApi usage,
			DashboardStatus status) {
		this.store = store;
		this.endpoints = endpoints;
		this.statements = new StatementApi(statements);
		this.usage = usage;
		this.status = status;
	}

	/**
	 * Answers.
	 * @param path what follows {@code api/}, not decoded
	 * @param query the query string, not decoded
	 */
	DashboardResponse get(String path, @Nullable String query) {
		try {
			return switch (path) {
				case "status" -> status();
				case "traces" -> traces(QueryParameters.parse(query).toTraceQuery());
				case "endpoints" -> endpoints();
				case "sql" -> this.statements.list(QueryParameters.parse(query).toStatementQuery());
				case "usage" -> this.usage.list(QueryParameters.parse(query).toUsageQuery());
				case "usage/report" -> this.usage.report();
				default -> path.startsWith(TRACE) ? trace(path.substring(TRACE.length())) : unknown();
			};
		}
		catch (BadParameterException ex) {
			return DashboardResponse.error(400, String.valueOf(ex.getMessage()));
		}
	}

	private static DashboardResponse unknown() {
		return DashboardResponse.error(404,
				"There are api/status, api/traces, api/traces/{traceId}, api/endpoints, api/sql and api/usage");
	}

	private DashboardResponse traces(TraceQuery query) {
		List<TraceSummary> traces = this.store.list(query);
		return DashboardResponse.json(200, (json) -> {
			json.object().array("traces");
			for (TraceSummary trace : traces) {
				json.object()
					.member("traceId", trace.traceId())
					.member("name", trace.name())
					.member("service", trace.service())
					.member("services", trace.services())
					.member("kind", trace.kind())
					.member("start", trace.start())
					.member("duration", trace.duration())
					.member("spanCount", trace.spanCount())
					.member("error", trace.error())
					.member("slow", trace.slow())
					.member("repeated", trace.repeated())
					.member("status", (trace.status() != 0) ? trace.status() : null)
					.end();
			}
			json.end().end();
		});
	}

	private DashboardResponse trace(String encodedId) {
		String traceId = QueryParameters.decode(encodedId);
		Optional<StoredTrace> found = (traceId != null) ? this.store.find(traceId) : Optional.empty();
		if (found.isEmpty()) {
			return DashboardResponse.error(404,
					"There is no trace with this id in the store. It may have been evicted by newer ones, "
							+ "or not been sampled.");
		}
		StoredTrace trace = found.get();
		return DashboardResponse.json(200, (json) -> {
			json.object()
				.member("traceId", trace.summary().traceId())
				.member("start", trace.summary().start())
				.member("duration", trace.summary().duration())
				.array("spans");
			for (StoredSpan span : trace.spans()) {
				write(json, span);
			}
			json.end().member("droppedSpans", trace.droppedSpans()).end();
		});
	}

	private static void write(JsonWriter json, StoredSpan span) throws IOException {
		json.object()
			.member("id", span.id())
			.member("parentId", span.parentId())
			.member("name", span.name())
			.member("kind", span.kind())
			.member("service", span.service())
			.member("instance", span.instance())
			.member("start", span.start())
			.member("duration", span.duration())
			.member("attributes", span.attributes())
			.array("events");
		for (StoredSpan.Event event : span.events()) {
			json.object().member("name", event.name()).member("time", event.time()).end();
		}
		json.end().array("links");
		for (StoredSpan.Link link : span.links()) {
			json.object().member("traceId", link.traceId()).member("spanId", link.spanId()).end();
		}
		json.end();
		StoredSpan.Failure error = span.error();
		if (error == null) {
			json.member("error", null);
		}
		else {
			json.object("error")
				.member("type", error.type())
				.member("message", error.message())
				.member("stack", error.stack())
				.end();
		}
		json.end();
	}

	private DashboardResponse endpoints() {
		List<EndpointStatistics> endpoints = this.endpoints.endpoints();
		return DashboardResponse.json(200, (json) -> {
			json.object().member("since", this.endpoints.since()).array("endpoints");
			for (EndpointStatistics endpoint : endpoints) {
				json.object()
					.member("name", endpoint.name())
					.member("kind", endpoint.kind())
					.member("count", endpoint.count())
					.member("errors", endpoint.errors())
					.member("total", endpoint.total())
					.member("p50", endpoint.p50())
					.member("p95", endpoint.p95())
					.member("p99", endpoint.p99())
					.member("max", endpoint.max())
					.member("sqlCalls", endpoint.sqlCalls())
					.member("sqlRepeated", endpoint.sqlRepeated())
					.array("minutes");
				for (MinuteStatistics minute : endpoint.minutes()) {
					json.object()
						.member("minute", minute.minute())
						.member("count", minute.count())
						.member("errors", minute.errors())
						.member("p50", minute.p50())
						.member("p95", minute.p95())
						.member("p99", minute.p99())
						.end();
				}
				json.end().end();
			}
			json.end().end();
		});
	}

	private DashboardResponse status() {
		DashboardStatus.Snapshot snapshot = this.status.snapshot();
		StoreStatus stored = this.store.status();
		return DashboardResponse.json(200, (json) -> {
			json.object()
				.member("service", snapshot.service())
				.member("instance", snapshot.instance())
				.member("version", snapshot.version())
				.member("startedAt", snapshot.startedAt().toEpochMilli())
				.member("paused", snapshot.paused());
			DashboardStatus.Sampling sampling = snapshot.sampling();
			json.object("sampling")
				.member("rate", sampling.rate())
				.member("maxPer3s", sampling.maxPerThreeSeconds())
				.member("keepSlow", text(sampling.keepSlow()))
				.member("keepErrors", sampling.keepErrors())
				.end();
			json.object("store")
				.member("bytes", stored.bytes())
				.member("maxBytes", stored.maxBytes())
				.member("configuredBytes", stored.configuredBytes())
				.member("traces", stored.traces())
				.member("evicted", stored.evicted())
				.member("droppedSegments", stored.droppedSegments())
				.end();
			writeBackends(json, snapshot.backends());
			json.array("instrumentations");
			for (DashboardStatus.Instrumentation each : snapshot.instrumentations()) {
				json.object()
					.member("name", each.name())
					.member("enabled", each.enabled())
					.member("reason", each.reason())
					.end();
			}
			json.end().end();
		});
	}

	private static void writeBackends(JsonWriter json, List<DashboardStatus.Backend> backends) throws IOException {
		json.array("backends");
		for (DashboardStatus.Backend backend : backends) {
			json.object()
				.member("name", backend.name())
				.member("state", backend.state())
				.member("queue", backend.queue())
				.member("offered", backend.offered())
				.member("sent", backend.sent())
				.member("dropped", backend.dropped())
				.member("lastError", backend.lastError())
				.member("lastErrorAt", millis(backend.lastErrorAt()))
				.member("lastSuccessAt", millis(backend.lastSuccessAt()))
				.member("notice", backend.notice())
				.end();
		}
		json.end();
	}

	private static @Nullable Long millis(@Nullable Instant time) {
		return (time != null) ? time.toEpochMilli() : null;
	}

	/** In the form of the properties: {@code 1s}, {@code 250ms}. */
	private static @Nullable String text(@Nullable Duration duration) {
		if (duration == null) {
			return null;
		}
		return (duration.toMillisPart() == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
	}

}
