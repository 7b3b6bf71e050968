package dev.apm4j.it;

import java.time.Duration;

import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.SharedApplications;
import dev.apm4j.it.app.Traces;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What isn't a request: jobs, runners, annotated methods, Observations; and the meters
 * that must not suffer from any of it.
 */
class JobsIT extends DeploymentTests {

	JobsIT(SharedApplications.Shared shared) {
		super(shared);
	}

	@Test
	void scheduledRunIsATraceOfItsOwn() {
		RecordedSpan run = this.traces.latest("StockReport.refresh").single();
		assertThat(run.kind()).isEqualTo("LOCAL");
		assertThat(run.parentId()).isNull();
		assertThat(run.attribute("apm.job.outcome")).isEqualTo("success");
		assertThat(run.attribute("code.function.name")).isEqualTo("com.example.orders.StockReport.refresh");
		assertThat(run.failed()).isFalse();
	}

	@Test
	void lambdaRunnerHasItsBeansName() {
		RecordedSpan run = this.traces.latest("warmUpCatalog").single();
		assertThat(run.parentId()).isNull();
		assertThat(run.attribute("apm.job.outcome")).isEqualTo("success");
	}

	@Test
	void applicationRunnerCallsAJob() {
		RecordedTrace trace = this.traces.latest("openOrdersRunner");
		RecordedSpan run = trace.named("openOrdersRunner");
		RecordedSpan job = trace.named("PriceImport.importPrices");
		assertThat(run.parentId()).isNull();
		assertThat(job.parentId()).isEqualTo(run.id());
		assertThat(job.attribute("apm.job.outcome")).isEqualTo("success");
		assertThat(trace.spans()).hasSize(2);
	}

	@Test
	void batchJobOfARequestSucceeds() {
		RecordedTrace trace = trace("/batch", 200, 2);
		RecordedSpan job = trace.named("PriceImport.importPrices");
		assertThat(job.parentId()).isEqualTo(trace.named("GET /batch").id());
		assertThat(job.attribute("apm.job.outcome")).isEqualTo("success");
	}

	@Test
	void batchJobFailsWithItsException() {
		RecordedTrace trace = trace("/batch?count=-1", 200, 2);
		RecordedSpan job = trace.named("PriceImport.importPrices");
		assertThat(job.attribute("apm.job.outcome")).isEqualTo("failure");
		assertThat(job.error().path("message").asText()).isEqualTo("A negative number of prices");
		assertThat(trace.named("GET /batch").failed()).isFalse();
	}

	@Test
	void profiledMethodIsAChild() {
		RecordedTrace trace = trace("/profiled", 200, 2);
		RecordedSpan method = trace.named("PriceCalculator.price");
		assertThat(method.kind()).isEqualTo("LOCAL");
		assertThat(method.parentId()).isEqualTo(trace.named("GET /profiled").id());
	}

	@Test
	void entryPointRefersToWhatCausedIt() {
		RecordedTrace trace = trace("/entry", 200, 2);
		RecordedSpan entry = trace.named("order message");
		assertThat(entry.kind()).isEqualTo("CONSUMER");
		assertThat(entry.parentId()).isEqualTo(trace.named("GET /entry").id());
	}

	@Test
	void entryPointContinuesItsCarrier() {
		String sender = Traces.newTraceId();
		String traceId = trace("/entry?traceparent=" + Traces.traceparent(sender), 200, 1).id();
		assertThat(traceId).isNotEqualTo(sender);
		RecordedSpan entry = this.traces.complete(sender, 1).single();
		assertThat(entry.name()).isEqualTo("order message");
		assertThat(entry.parentId()).isEqualTo("b7ad6b7169203331");
	}

	@Test
	void observationIsAChild() {
		RecordedTrace trace = trace("/observed", 200, 2);
		RecordedSpan child = trace.named("check stock");
		assertThat(child.kind()).isEqualTo("LOCAL");
		assertThat(child.parentId()).isEqualTo(trace.named("GET /observed").id());
		assertThat(child.attribute("warehouse")).isEqualTo("north");
	}

	@Test
	void metersGoOnCounting() {
		String order = "tag=uri:/orders/%7Bid%7D";
		double requests = meter("http.server.requests", order);
		double calls = meter("http.client.requests");
		double observed = meter("stock.check");
		double jobs = meter("tasks.scheduled.execution");
		this.caller.get("/orders/1");
		this.caller.get("/observed");
		Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
			assertThat(meter("http.server.requests", order)).isEqualTo(requests + 1);
			// The two clients that were built by Spring Boot's builders.
			assertThat(meter("http.client.requests")).isEqualTo(calls + 2);
			assertThat(meter("stock.check")).isEqualTo(observed + 1);
			assertThat(meter("tasks.scheduled.execution")).isGreaterThan(jobs);
		});
	}

}
