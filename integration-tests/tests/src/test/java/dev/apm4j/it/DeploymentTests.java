package dev.apm4j.it;

import java.net.http.HttpResponse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.RecordedTrace;
import dev.apm4j.it.app.SharedApplications;
import dev.apm4j.it.app.Traces;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the application that all test classes share, once for each deployment.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(SharedApplications.class)
abstract class DeploymentTests {

	@RegisterExtension
	final Applications applications = new Applications();

	final Application application;

	final Caller caller;

	final Traces traces;

	DeploymentTests(SharedApplications.Shared shared) {
		this.application = this.applications.watch(shared.application());
		this.caller = new Caller(this.application);
		this.traces = new Traces(this.caller);
	}

	/**
	 * Makes a request and waits for what becomes of it.
	 * @param path the path
	 * @param status the status that it must answer
	 * @param spans how many spans there must be
	 * @return the trace
	 */
	RecordedTrace trace(String path, int status, int spans) {
		return trace(Traces.newTraceId(), path, status, spans);
	}

	RecordedTrace trace(String traceId, String path, int status, int spans) {
		HttpResponse<String> response = this.caller.get(path, "traceparent", Traces.traceparent(traceId));
		assertThat(response.statusCode()).as(path).isEqualTo(status);
		RecordedTrace trace = this.traces.complete(traceId, spans);
		assertThat(trace.spans()).as("spans of " + path).hasSize(spans);
		return trace;
	}

	/**
	 * The value of a meter.
	 * @param name its name
	 * @param tags what to select, as {@code tag=key:value}
	 * @return the value of its first statistic, 0 if there is no such meter yet
	 */
	double meter(String name, String... tags) {
		HttpResponse<String> response = this.caller
			.get("/actuator/metrics/" + name + ((tags.length > 0) ? "?" + String.join("&", tags) : ""));
		if (response.statusCode() == 404) {
			return 0;
		}
		JsonNode meter = this.caller.read(response.body());
		return meter.path("measurements").path(0).path("value").doubleValue();
	}

}
