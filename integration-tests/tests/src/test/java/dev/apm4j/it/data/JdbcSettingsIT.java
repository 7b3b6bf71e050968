package dev.apm4j.it.data;

import java.util.List;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.database.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What properties change about SQL.
 */
class JdbcSettingsIT {

	private static final DataDeployment DEPLOYMENT = DataDeployment.with(BootLine.BOOT_4_1, Database.H2);

	@RegisterExtension
	final Applications applications = new Applications();

	@Test
	void bindValuesRepetitionsAndMigrationsCanBeShown() {
		Application application = start("all of SQL", "--apm.jdbc.bind-values=true", "--apm.jdbc.repeated-threshold=0",
				"--apm.jdbc.outside-traces=always");
		Traces traces = new Traces(new Caller(application));

		RecordedSpan query = trace(application, "/jdbc-template/query", 2).named("SELECT customers");
		assertThat(query.attribute("db.query.parameter.0")).isEqualTo("zzcity");
		assertThat(query.attribute("db.query.text")).as("literals stay out").doesNotContain("zz");

		RecordedTrace loop = trace(application, "/loop/query?count=20", 21);
		assertThat(loop.ofKind("CLIENT")).hasSize(20)
			.allSatisfy((span) -> assertThat(span.attribute("apm.db.repeated")).isNull());

		assertThat(traces.latest("CREATE customers").single().attribute("db.operation.name")).isEqualTo("CREATE");
	}

	@Test
	void sqlCanBeSwitchedOff() {
		Application application = start("SQL off", "--apm.instrumentation.jdbc.enabled=false");
		RecordedTrace trace = trace(application, "/jdbc-template/query", 1);
		assertThat(trace.spans()).hasSize(1);
		assertThat(new Caller(application).json("/apm/api/sql").path("statements")).isEmpty();
	}

	private Application start(String name, String... arguments) {
		return this.applications.add(DEPLOYMENT.launch(Database.H2.start(List.of()), name, arguments)).awaitStarted();
	}

	private static RecordedTrace trace(Application application, String path, int spans) {
		Caller caller = new Caller(application);
		String traceId = Traces.newTraceId();
		assertThat(caller.get(path, "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		return new Traces(caller).complete(traceId, spans);
	}

}
