package dev.apm4j.it.data;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.database.Database;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the application with a database, once for each deployment. Whatever a test
 * looks at, it has been asserted before that nothing secret is in the trace, that every
 * span is there once, and that each span of SQL says which database it is about.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(DataApplications.class)
abstract class DataTests {

	private static final String CALLER_SPAN = "b7ad6b7169203331";

	/** Literals and bind values of the application's statements. */
	private static final List<String> VALUES = List.of("zz", "4810473");

	@RegisterExtension
	final Applications applications = new Applications();

	final DataApplications.Shared shared;

	final Caller caller;

	final Traces traces;

	/** Tells the rows of a test from those of others. */
	final String run = Long.toString(System.nanoTime(), 36);

	DataTests(DataApplications.Shared shared) {
		this.shared = shared;
		Application application = this.applications.watch(shared.application());
		this.caller = new Caller(application);
		this.traces = new Traces(this.caller);
	}

	Database database() {
		return this.shared.deployment().database();
	}

	/**
	 * Makes a request and waits for what becomes of it.
	 * @param path the path
	 * @param statements how many spans of SQL there must be, commits among them
	 * @return answer and trace
	 */
	Sql sql(String path, int statements) {
		return sql(path, 200, statements, 1);
	}

	/**
	 * Makes a request and waits for what becomes of it.
	 * @param path the path
	 * @param status the status that it must answer
	 * @param statements how many spans of SQL there must be, commits among them
	 * @param others how many other spans there must be, with that of the request
	 * @return answer and trace
	 */
	Sql sql(String path, int status, int statements, int others) {
		String traceId = Traces.newTraceId();
		HttpResponse<String> response = this.caller.get(path, "traceparent", Traces.traceparent(traceId));
		assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(status);
		RecordedTrace trace = this.traces.complete(traceId, statements + others);
		List<RecordedSpan> entries = trace.childrenOf(CALLER_SPAN);
		assertThat(entries).hasSize(1);
		Sql sql = new Sql(response.body(), trace, entries.get(0));
		assertThat(sql.names()).as("SQL of %s", path).hasSize(statements);
		assertThat(trace.spans()).filteredOn((span) -> !Sql.isWait(span))
			.as("spans of %s", path)
			.hasSize(statements + others);
		assertThat(this.traces.text(traceId)).doesNotContain(VALUES);
		assertTree(trace);
		assertThat(sql.spans()).allSatisfy(this::assertDescribed);
		return sql;
	}

	private static void assertTree(RecordedTrace trace) {
		Set<String> ids = new HashSet<>(List.of(CALLER_SPAN));
		assertThat(trace.spans()).allSatisfy((span) -> assertThat(ids.add(span.id())).isTrue())
			.allSatisfy((span) -> assertThat(ids).contains(span.parentId()));
	}

	private void assertDescribed(RecordedSpan span) {
		assertThat(span.kind()).isEqualTo("CLIENT");
		assertThat(span.attribute("db.operation.name")).isNotBlank();
		if ("archive".equals(span.attribute("db.namespace"))) {
			assertThat(span.attribute("db.system.name")).isEqualTo("h2database");
			return;
		}
		assertThat(span.attribute("db.system.name")).isEqualTo(database().systemName());
		assertThat(span.attribute("db.namespace")).isEqualTo(this.shared.deployment().databaseName());
		if (database() != Database.H2) {
			assertThat(span.attribute("server.address")).isEqualTo("127.0.0.1");
			assertThat(span.attribute("server.port")).isEqualTo(Integer.toString(this.shared.server().port()));
		}
	}

	/**
	 * What the driver alone answers to a statement.
	 * @param statement the statement
	 * @return the rows or the failure
	 */
	List<String> plain(String statement) {
		return strings(this.caller.json("/plain?sql=" + URLEncoder.encode(statement, StandardCharsets.UTF_8)));
	}

	List<String> rows(Sql sql) {
		return strings(this.caller.read(sql.body()));
	}

	private static List<String> strings(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
	}

	/**
	 * Text of statements as frameworks write it: with quotes or without, in any case.
	 * @param text a name or a statement
	 * @return the same without what differs between databases
	 */
	static String plainName(String text) {
		return text.replaceAll("[\"`]", "").toLowerCase(Locale.ROOT);
	}

}
