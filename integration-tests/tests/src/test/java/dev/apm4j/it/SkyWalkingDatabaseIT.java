package dev.apm4j.it;

import java.time.Duration;
import java.util.List;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.oap.OapQueries;
import dev.apm4j.it.oap.OapServer;
import dev.apm4j.it.oap.OapSpan;
import dev.apm4j.it.oap.Reporting;
import dev.apm4j.it.oap.SharedOapServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database of the sample application as a real SkyWalking server shows it.
 */
@ExtendWith(SharedOapServer.class)
class SkyWalkingDatabaseIT {

	private static final String SERVICE = "shop-database";

	/** What SkyWalking calls a database inside the application. */
	private static final String DATABASE = "localhost:-1";

	@RegisterExtension
	final Applications applications = new Applications();

	@Test
	void databaseIsPartOfTraceAndTopology(OapServer server) {
		OapQueries oap = server.queries();
		Application application = this.applications.add(Reporting.sample(server.address(), SERVICE)).awaitStarted();
		String traceId = Traces.newTraceId();
		assertThat(new Caller(application).get("/stock/1", "traceparent", Traces.traceparent(traceId)).statusCode())
			.isEqualTo(200);
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
			List<OapSpan> spans = oap.trace(traceId);
			assertThat(spans).filteredOn((span) -> span.layer().equals("Database"))
				.singleElement()
				.satisfies((span) -> {
					assertThat(span.type()).isEqualTo("Exit");
					assertThat(span.parentId()).isZero();
					assertThat(span.isError()).isFalse();
					assertThat(span.name()).isEqualTo("H2/JDBC/SELECT stock");
					assertThat(span.component()).isEqualTo("h2-jdbc-driver");
					assertThat(span.peer()).isEqualTo(DATABASE);
					assertThat(span.tags()).containsEntry("db.type", "H2")
						.containsEntry("db.instance", "shop")
						.containsEntry("db.statement", "SELECT product_id, quantity FROM stock WHERE product_id = ?");
				});
			assertThat(oap.calls(SERVICE)).contains("User -> " + SERVICE, SERVICE + " -> " + DATABASE)
				.allMatch((call) -> call.endsWith(" -> " + DATABASE) || call.equals("User -> " + SERVICE));
			assertThat(oap.services("VIRTUAL_DATABASE")).contains(DATABASE);
			assertThat(oap.metric("database_access_cpm", "serviceName", DATABASE, "normal", "false")).isNotEmpty();
		});
	}

}
