package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ActivityTests {

	private final RunningTransactions running = new RunningTransactions();

	@ParameterizedTest
	@CsvSource({ "CLIENT, db.system.name, SQL", "CLIENT, http.request.method, HTTP_CALL", "CLIENT, url.full, HTTP_CALL",
			"CLIENT, rpc.system, HTTP_CALL", "CLIENT, other, SOCKET", "PRODUCER, messaging.system, SOCKET",
			"CONSUMER, messaging.system, METHOD", ", db.system.name, DATABASE_CONNECTION", ", other, METHOD" })
	void newestOpenSpanTells(Span.@Nullable Kind kind, String attribute, Activity activity) {
		ApmSpan root = this.running.begin("GET /");
		ApmSpan child = this.running.tracer.nextSpan(root).kind(kind).tag(attribute, "x").start();
		assertThat(Activity.of(root.owner())).isEqualTo(activity);
		child.end();
		assertThat(Activity.of(root.owner())).isEqualTo(Activity.METHOD);
		root.end();
		assertThat(Activity.of(root.owner())).isEqualTo(Activity.METHOD);
	}

	@Test
	void transactionsAreCounted() throws IOException {
		this.running.begin("GET /");
		for (int i = 0; i < 2; i++) {
			ApmSpan root = this.running.begin("GET /");
			this.running.tracer.nextSpan(root).kind(Span.Kind.CLIENT).tag("db.system.name", "h2").start();
		}
		ApmSpan ended = this.running.begin("GET /");
		ended.end();
		ReadingSink sink = new ReadingSink();
		new ActivityCounters(() -> List.of(new PoolConnections("jdbc:h2:mem:x", 2, 5)), Duration.ofSeconds(5))
			.report(sink, this.running.active());
		assertThat(sink.received).extracting((packet) -> packet.type() + " " + packet.fields().get("data"))
			.containsExactly("ACTIVE_STATS 1,2,0,0,0",
					"DBCONN_POOL " + ProcessHandle.current().pid() + "|jdbc:h2:mem:x|2|5");
	}

}
