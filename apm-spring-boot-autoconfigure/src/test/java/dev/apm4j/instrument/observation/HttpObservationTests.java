package dev.apm4j.instrument.observation;

import java.util.HashMap;
import java.util.Map;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.SpanData;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.scheduling.support.DefaultScheduledTaskObservationConvention;
import org.springframework.scheduling.support.ScheduledTaskObservationContext;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring's own Observations, said with OpenTelemetry's attributes.
 */
class HttpObservationTests {

	private final ObservedTracing tracing = new ObservedTracing().handled();

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders/42");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@AfterEach
	void threadIsClean() {
		this.tracing.assertThreadIsClean();
	}

	private Observation client(KeyValues low, String url) {
		return Observation
			.createNotStarted("http.client.requests", () -> ObservedTracing.sender(new HashMap<>(), Kind.CLIENT),
					this.tracing.registry)
			.contextualName("http get")
			.lowCardinalityKeyValues(low)
			.highCardinalityKeyValue("http.url", url);
	}

	@Test
	void callOfAClient() {
		client(KeyValues.of("method", "GET", "uri", "/orders/{id}", "status", "200", "outcome", "SUCCESS", "exception",
				"none", "client.name", "orders", "shop.tier", "gold"), "https://user:pw@orders/orders/42?api_key=abc")
			.observe(() -> {
			});
		SpanData span = this.tracing.onlySpan();
		assertThat(span.name()).isEqualTo("GET /orders/{id}");
		assertThat(span.attributes()).isEqualTo(Map.of("http.request.method", "GET", "url.template", "/orders/{id}",
				"http.response.status_code", 200L, "url.full", "https://orders/orders/42?api_key=REDACTED",
				"server.address", "orders", "server.port", 443L, "shop.tier", "gold"));
	}

	@ParameterizedTest
	@CsvSource({ "/orders/{id}?api_key=s3cr3t, GET /orders/{id}", "/orders/42?api_key=s3cr3t, GET", "/orders/42, GET",
			"none, GET" })
	void nameOfACallHasNeitherValuesNorSecrets(String uri, String name) {
		client(KeyValues.of("method", "GET", "uri", uri), "http://orders/orders/42?api_key=s3cr3t").observe(() -> {
		});
		SpanData span = this.tracing.onlySpan();
		assertThat(span.name()).isEqualTo(name);
		assertThat(span.attributes().toString()).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@CsvSource({ "404, true", "503, true", "204, false", "302, false" })
	void statusSaysWhetherACallFailed(String status, boolean failed) {
		client(KeyValues.of("method", "GET", "status", status), "http://orders/").observe(() -> {
		});
		assertThat(this.tracing.onlySpan().isFailed()).isEqualTo(failed);
		assertThat(this.tracing.onlySpan().attribute("http.response.status_code")).isEqualTo(Long.valueOf(status));
	}

	@ParameterizedTest
	@CsvSource({ "CLIENT_ERROR", "IO_ERROR", "abc", "none" })
	void callWithoutAStatusHasNone(String status) {
		client(KeyValues.of("method", "GET", "status", status), "http://orders/").observe(() -> {
		});
		assertThat(this.tracing.onlySpan().attribute("http.response.status_code")).isNull();
	}

	@Test
	void callWithAnAddressThatIsNoUriIsStillTraced() {
		client(KeyValues.of("method", "GET"), "http://orders/{id} | token=s3cr3t").observe(() -> {
		});
		assertThat(this.tracing.names()).containsExactly("GET");
	}

	private Observation server(String name) {
		ServerRequestObservationContext context = new ServerRequestObservationContext(this.request, this.response);
		return Observation.createNotStarted(new DefaultServerRequestObservationConvention(name), () -> context,
				this.tracing.registry);
	}

	private static ServerRequestObservationContext context(Observation observation) {
		return (ServerRequestObservationContext) observation.getContext();
	}

	@ParameterizedTest
	@CsvSource({ "http.server.requests", "requests" })
	void requestWhoseFilterIsOffWhateverItsObservationIsCalled(String name) {
		this.request.setRequestURI("/orders/42;jsessionid=ABC");
		this.request.addHeader("traceparent", "00-" + ObservedTracing.TRACE + "-" + ObservedTracing.CALLER + "-01");
		Observation observation = server(name).start();
		context(observation).setPathPattern("/orders/{id}");
		observation.stop();
		SpanData span = this.tracing.onlySpan();
		assertThat(span.name()).isEqualTo("GET /orders/{id}");
		assertThat(span.kind()).isEqualTo(Span.Kind.SERVER);
		assertThat(span.parentId()).isEqualTo(ObservedTracing.CALLER);
		assertThat(span.attributes()).isEqualTo(Map.of("http.request.method", "GET", "http.route", "/orders/{id}",
				"url.path", "/orders/42", "http.response.status_code", 200L));
	}

	@ParameterizedTest
	@CsvSource({ "404, false", "400, false", "500, true", "503, true" })
	void exceptionIsAFailureOnlyIfTheStatusIs(int status, boolean failed) {
		IllegalStateException thrown = new IllegalStateException("thrown");
		this.response.setStatus(status);
		Observation observation = server("http.server.requests").start();
		observation.error(thrown);
		observation.stop();
		assertThat(this.tracing.onlySpan().isFailed()).isEqualTo(failed);
		assertThat(this.tracing.onlySpan().error()).isEqualTo(failed ? thrown : null);
	}

	@Test
	void exceptionThatWasOnlyNotedIsTheReasonOfAStatus() {
		this.response.setStatus(500);
		Observation observation = server("http.server.requests").start();
		context(observation).setError(new IllegalStateException("noted"));
		observation.stop();
		assertThat(this.tracing.onlySpan().error()).hasMessage("noted");
	}

	@Test
	void statusIsAFailureWithoutException() {
		this.response.setStatus(HttpStatus.BAD_GATEWAY.value());
		server("http.server.requests").start().stop();
		assertThat(this.tracing.onlySpan().attribute("error.type")).isEqualTo("502");
	}

	@Test
	void methodThatNobodyKnowsMakesNoNewName() {
		this.request.setMethod("FROBNICATE-42");
		server("http.server.requests").start().stop();
		assertThat(this.tracing.onlySpan().name()).isEqualTo("HTTP");
		assertThat(this.tracing.onlySpan().attribute("http.request.method")).isEqualTo("_OTHER");
	}

	@Test
	void unmatchedRequestIsNamedByItsMethod() {
		this.response.setStatus(404);
		server("http.server.requests").start().stop();
		assertThat(this.tracing.names()).containsExactly("GET");
		assertThat(this.tracing.onlySpan().attribute("http.route")).isNull();
	}

	@Test
	void contextOfAnotherServerIsOnlyRecognisedByName() {
		RequestReplyReceiverContext<Map<String, String>, Object> context = new RequestReplyReceiverContext<>(Map::get);
		context.setCarrier(Map.of());
		Observation.createNotStarted("grpc.server", () -> context, this.tracing.registry)
			.lowCardinalityKeyValue("method", "Place")
			.observe(() -> {
			});
		assertThat(this.tracing.onlySpan().name()).isEqualTo("grpc.server");
		assertThat(this.tracing.onlySpan().attributes()).isEqualTo(Map.of("method", "Place"));
	}

	@Test
	void scheduledRunIsAJobOfItsOwn() {
		ApmSpan around = this.tracing.start("around", null);
		try (Tracer.SpanInScope scope = this.tracing.tracer.withSpan(around)) {
			scheduled().observe(() -> this.tracing.observation("step").observe(() -> {
			}));
		}
		around.end();
		SpanData job = this.tracing.span("Jobs.cleanUp");
		assertThat(job.parentId()).isNull();
		assertThat(job.attributes()).isEqualTo(Map.of("apm.job.type", "scheduled", "apm.job.outcome", "success",
				"code.function.name", Jobs.class.getCanonicalName() + ".cleanUp", "shop.tier", "gold"));
		assertThat(this.tracing.span("step").parentId()).isEqualTo(job.spanId());
		assertThat(this.tracing.segments()).hasSize(2);
	}

	@Test
	void scheduledRunThatFails() {
		Observation observation = scheduled().start();
		observation.error(new IllegalStateException("disk full"));
		observation.stop();
		SpanData job = this.tracing.span("Jobs.cleanUp");
		assertThat(job.error()).hasMessage("disk full");
		assertThat(job.attribute("apm.job.outcome")).isEqualTo("failure");
	}

	private Observation scheduled() {
		ScheduledTaskObservationContext context = new ScheduledTaskObservationContext(new Jobs(),
				ReflectionUtils.findMethod(Jobs.class, "cleanUp"));
		return Observation
			.createNotStarted(new DefaultScheduledTaskObservationConvention(), () -> context, this.tracing.registry)
			.lowCardinalityKeyValue("shop.tier", "gold");
	}

	static class Jobs {

		void cleanUp() {
		}

	}

}
