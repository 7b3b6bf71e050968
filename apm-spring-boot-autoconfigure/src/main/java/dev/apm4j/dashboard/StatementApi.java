package dev.apm4j.dashboard;

import java.io.IOException;

import dev.apm4j.export.embedded.StatementAggregates;
import dev.apm4j.export.embedded.StatementCaller;
import dev.apm4j.export.embedded.StatementQuery;
import dev.apm4j.export.embedded.StatementReport;
import dev.apm4j.export.embedded.StatementStatistics;

/**
 * The JSON of {@code api/sql}. Durations are microseconds, {@code since} is milliseconds
 * since the epoch.
 */
final class StatementApi {

	private final StatementAggregates aggregates;

	StatementApi(StatementAggregates aggregates) {
		this.aggregates = aggregates;
	}

	DashboardResponse list(StatementQuery query) {
		StatementReport report = this.aggregates.report(query);
		return DashboardResponse.json(200, (json) -> {
			json.object()
				.member("since", report.since())
				.member("total", report.total())
				.member("known", report.known())
				.array("statements");
			for (StatementStatistics statement : report.statements()) {
				write(json, statement);
			}
			json.end().end();
		});
	}

	private static void write(JsonWriter json, StatementStatistics statement) throws IOException {
		json.object()
			.member("name", statement.name())
			.member("text", statement.text())
			.member("system", statement.system())
			.member("namespace", statement.namespace())
			.member("operation", statement.operation())
			.member("collection", statement.collection())
			.member("count", statement.count())
			.member("errors", statement.errors())
			.member("total", statement.total())
			.member("average", statement.average())
			.member("p50", statement.p50())
			.member("p95", statement.p95())
			.member("p99", statement.p99())
			.member("max", statement.max())
			.member("rows", statement.rows())
			.member("connectionWait", statement.connectionWait())
			.member("requests", statement.requests())
			.member("callsPerRequest", statement.callsPerRequest())
			.member("maxCallsPerRequest", statement.maxCallsPerRequest())
			.member("repeated", statement.repeated())
			.array("callers");
		for (StatementCaller caller : statement.callers()) {
			json.object()
				.member("name", caller.name())
				.member("kind", caller.kind())
				.member("count", caller.count())
				.member("requests", caller.requests())
				.end();
		}
		json.end().end();
	}

}
