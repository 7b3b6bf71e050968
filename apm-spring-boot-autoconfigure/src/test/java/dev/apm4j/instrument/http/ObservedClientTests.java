package dev.apm4j.instrument.http;

import java.io.IOException;
import java.util.function.Supplier;

import dev.apm4j.instrument.observation.ApmObservationHandler;
import dev.apm4j.instrument.observation.Treatment;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients with Spring's own Observation, which wraps the hooks: the Observation's span is
 * the only one.
 */
class ObservedClientTests {

	private final RecordedSpans spans = new RecordedSpans();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.spans).build();

	private final TraceparentPropagator propagator = new TraceparentPropagator(this.tracer);

	private final ObservationRegistry observations = ObservationRegistry.create();

	private final HttpClientTracing tracing = new HttpClientTracing(() -> this.tracer, () -> this.propagator,
			() -> AlreadyTraced.over(this.propagator), () -> this.observations);

	private final TracingClientHttpRequestInterceptor interceptor = new TracingClientHttpRequestInterceptor(
			this.tracing, HttpClientKind.REST_TEMPLATE);

	private HttpTestServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new HttpTestServer();
	}

	@AfterEach
	void stop() {
		assertThat(this.tracer.currentSpan()).isNull();
		assertThat(this.observations.getCurrentObservation()).isNull();
		this.server.close();
	}

	private void handleObservations() {
		this.observations.observationConfig()
			.observationHandler(new ApmObservationHandler(this.tracer, this.propagator, (context) -> Treatment.TRACE));
	}

	enum Client {

		REST_TEMPLATE, REST_CLIENT, WEB_CLIENT

	}

	private Supplier<String> call(Client client, String path) {
		return switch (client) {
			case REST_TEMPLATE -> {
				RestTemplate restTemplate = new RestTemplate();
				restTemplate.setObservationRegistry(this.observations);
				this.interceptor.addTo(restTemplate.getInterceptors());
				yield () -> restTemplate.getForObject(this.server.url(path), String.class, 42);
			}
			case REST_CLIENT -> {
				RestClient restClient = RestClient.builder()
					.observationRegistry(this.observations)
					.requestInterceptors(this.interceptor::addTo)
					.build();
				yield () -> restClient.get().uri(this.server.url(path), 42).retrieve().body(String.class);
			}
			case WEB_CLIENT -> {
				WebClient webClient = webClient();
				yield () -> webClient.get().uri(this.server.url(path), 42).retrieve().bodyToMono(String.class).block();
			}
		};
	}

	private WebClient webClient() {
		return WebClient.builder()
			.observationRegistry(this.observations)
			.filters(new TracingExchangeFilterFunction(this.tracing)::addTo)
			.build();
	}

	@ParameterizedTest
	@EnumSource
	void observedCallIsOneSpanWithSafeUrl(Client client) {
		handleObservations();
		String body = RecordedSpans.inRoot(this.tracer, call(client, "/orders/{id}?token=s3cr3t"));
		assertThat(body).isEqualTo("hello");
		SpanData exit = this.spans.exit();
		assertThat(exit.name()).startsWith("GET /orders/{id}");
		assertThat(exit.attributes()).containsEntry("url.full", this.server.url("/orders/42?token=REDACTED"))
			.containsEntry("server.address", "localhost")
			.containsEntry("http.response.status_code", 200L);
		assertThat(exit.parentId()).isEqualTo(this.spans.all().get(0).spanId());
		assertThat(this.server.received().get(0).spanId()).isEqualTo(exit.spanId());
	}

	@ParameterizedTest
	@EnumSource
	void observationWithoutSpansLeavesTheCallToTheHook(Client client) {
		this.observations.observationConfig().observationHandler((context) -> true);
		RecordedSpans.inRoot(this.tracer, call(client, "/orders/{id}"));
		assertThat(this.spans.exit().name()).isEqualTo("GET /orders/{id}");
		assertThat(this.spans.exit().attribute("url.template")).isEqualTo("/orders/{id}");
	}

	@ParameterizedTest
	@EnumSource
	void suppressedObservedCallIsNotTraced(Client client) {
		handleObservations();
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			call(client, "/ok").get();
		}
		assertThat(this.spans.all()).isEmpty();
		assertThat(this.server.received().get(0).traceparents()).isEmpty();
	}

	@Test
	void callWhileTheResponseOfAnotherIsReadIsASpanOfItsOwn() {
		handleObservations();
		RestClient plain = RestClient.builder().requestInterceptors(this.interceptor::addTo).build();
		RestClient observed = plain.mutate().observationRegistry(this.observations).build();
		observed.get()
			.uri(this.server.url("/orders"))
			.exchange((request, response) -> plain.get().uri(this.server.url("/items")).retrieve().toBodilessEntity());
		assertThat(this.spans.exits()).extracting(SpanData::name).containsExactly("GET /orders", "GET /items");
		assertThat(this.spans.exits().get(1).parentId()).isEqualTo(this.spans.exits().get(0).spanId());
	}

	@Test
	void observationInTheReactorContextIsTheParentOnAnotherThread() {
		handleObservations();
		Observation outer = Observation.start("outer", this.observations);
		webClient().get()
			.uri(this.server.url("/ok"))
			.retrieve()
			.toBodilessEntity()
			.subscribeOn(Schedulers.boundedElastic())
			.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, outer))
			.block();
		outer.stop();
		assertThat(this.spans.exit().parentId()).isEqualTo(this.spans.all().get(0).spanId());
	}

	@Test
	void automaticContextPropagationBringsTheParentToAnotherThread() {
		handleObservations();
		WebClient handMade = WebClient.builder()
			.filters(new TracingExchangeFilterFunction(this.tracing)::addTo)
			.build();
		Hooks.enableAutomaticContextPropagation();
		try {
			Observation outer = Observation.start("outer", this.observations);
			handMade.get()
				.uri(this.server.url("/ok"))
				.retrieve()
				.toBodilessEntity()
				.publishOn(Schedulers.parallel())
				.subscribeOn(Schedulers.boundedElastic())
				.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, outer))
				.block();
			outer.stop();
		}
		finally {
			Hooks.disableAutomaticContextPropagation();
		}
		assertThat(this.spans.exit().parentId()).isEqualTo(this.spans.all().get(0).spanId());
	}

}
