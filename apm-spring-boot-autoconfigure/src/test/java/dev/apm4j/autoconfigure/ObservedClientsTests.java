package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.apm4j.instrument.http.HttpTestServer;
import dev.apm4j.instrument.http.RecordedSpans;
import dev.apm4j.instrument.http.TracingClientHttpRequestInterceptor;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationRegistryCustomizer;
import org.springframework.boot.actuate.autoconfigure.observation.web.client.HttpClientObservationsAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.http.client.HttpClientAutoConfiguration;
import org.springframework.boot.autoconfigure.web.client.RestClientAutoConfiguration;
import org.springframework.boot.autoconfigure.web.client.RestTemplateAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that Boot builds and observes: their Observation alone makes the span, unless
 * anything may be in its way.
 */
class ObservedClientsTests {

	private final RecordedSpans spans = new RecordedSpans();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withBean(ApmTracer.class, () -> ApmTracer.builder().sink(this.spans).build())
		.withUserConfiguration(HttpClientInstrumentationAutoConfigurationTests.PropagatorConfiguration.class,
				Clients.class)
		.withConfiguration(AutoConfigurations.of(RestTemplateInstrumentationAutoConfiguration.class,
				RestClientInstrumentationAutoConfiguration.class, ObservationInstrumentationAutoConfiguration.class,
				ObservationsSwitchedOffAutoConfiguration.class, ObservationAutoConfiguration.class,
				HttpClientObservationsAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
				HttpClientAutoConfiguration.class, RestTemplateAutoConfiguration.class,
				RestClientAutoConfiguration.class));

	private HttpTestServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new HttpTestServer();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "rest-template", "rest-client" })
	void observedClientsNeedNoInterceptorAndSayTheSame(String client) {
		this.runner.run((context) -> {
			assertThat(hasInterceptor(context, client)).isFalse();
			call(context, client);
			Map<String, Object> attributes = onlySpan().attributes();
			assertThat(attributes).containsEntry("apm.http.client", client)
				.containsEntry("url.full", this.server.url("/orders/42?token=REDACTED"))
				.containsEntry("url.template", "/orders/{id}")
				.containsEntry("server.address", "localhost")
				.containsEntry("http.request.method", "GET")
				.containsEntry("http.response.status_code", 200L)
				.containsKey("server.port")
				.hasSize(7);
		});
	}

	static Stream<ObservationsInTheWay> observationsInTheWay() {
		return Stream.of(
				new ObservationsInTheWay("switched off",
						(runner) -> runner
							.withPropertyValues("management.observations.enable.http.client.requests=false")),
				new ObservationsInTheWay("ignored",
						(runner) -> runner.withPropertyValues("apm.observation.ignore=http.client.*")),
				new ObservationsInTheWay("predicate",
						(runner) -> runner.withBean(ObservationPredicate.class,
								() -> (name, context) -> !name.startsWith("http.client"))),
				new ObservationsInTheWay("predicate by a customizer",
						(runner) -> runner.withUserConfiguration(PredicateByCustomizer.class)),
				new ObservationsInTheWay("convention",
						(runner) -> runner.withBean(ClientRequestObservationConvention.class,
								() -> new DefaultClientRequestObservationConvention("calls"))),
				new ObservationsInTheWay("convention for all",
						(runner) -> runner.withBean(GlobalObservationConvention.class, RenamedCalls::new)
							.withPropertyValues("apm.observation.ignore=calls")),
				new ObservationsInTheWay("another handler",
						(runner) -> runner.withBean("mine", TracingObservationHandler.class, SilentHandler::new)),
				new ObservationsInTheWay("no handler",
						(runner) -> runner.withPropertyValues("apm.instrumentation.observation.enabled=false")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("observationsInTheWay")
	void interceptorIsThereWhereTheObservationMayNotBe(ObservationsInTheWay setting) {
		setting.change().apply(this.runner).run((context) -> {
			assertThat(hasInterceptor(context, "rest-template")).isTrue();
			assertThat(hasInterceptor(context, "rest-client")).isTrue();
			call(context, "rest-client");
			assertThat(onlySpan().attributes()).containsEntry("apm.http.client", "rest-client")
				.containsEntry("url.full", this.server.url("/orders/42?token=REDACTED"));
		});
	}

	@Test
	void templateThatIsMadeByHandGetsAnInterceptor() {
		this.runner.withBean("unobserved", RestTemplate.class, RestTemplate::new)
			.run((context) -> assertThat(context.getBean("unobserved", RestTemplate.class).getInterceptors())
				.hasSize(1));
	}

	private void call(ApplicationContext context, String client) {
		String url = this.server.url("/orders/{id}?token=s3cr3t");
		RecordedSpans.inRoot(context.getBean(ApmTracer.class),
				() -> client.equals("rest-client")
						? context.getBean("built", RestClient.class).get().uri(url, 42).retrieve().body(String.class)
						: context.getBean("builtTemplate", RestTemplate.class).getForObject(url, String.class, 42));
	}

	private SpanData onlySpan() {
		SpanData span = this.spans.exit();
		assertThat(span.name()).isEqualTo("GET /orders/{id}");
		assertThat(this.server.received()).singleElement()
			.extracting(HttpTestServer.Received::spanId)
			.isEqualTo(span.spanId());
		return span;
	}

	private static boolean hasInterceptor(ApplicationContext context, String client) {
		if (client.equals("rest-template")) {
			return context.getBean("builtTemplate", RestTemplate.class)
				.getInterceptors()
				.stream()
				.anyMatch(TracingClientHttpRequestInterceptor.class::isInstance);
		}
		boolean[] found = new boolean[1];
		context.getBean("built", RestClient.class)
			.mutate()
			.requestInterceptors((interceptors) -> found[0] = interceptors.stream()
				.anyMatch(TracingClientHttpRequestInterceptor.class::isInstance));
		return found[0];
	}

	record ObservationsInTheWay(String name, UnaryOperator<ApplicationContextRunner> change) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ApmProperties.class)
	static class Clients {

		@Bean
		RestTemplate builtTemplate(RestTemplateBuilder restTemplateBuilder) {
			return restTemplateBuilder.build();
		}

		@Bean
		RestClient built(RestClient.Builder restClientBuilder) {
			return restClientBuilder.build();
		}

	}

	static class RenamedCalls extends DefaultClientRequestObservationConvention
			implements GlobalObservationConvention<ClientRequestObservationContext> {

		RenamedCalls() {
			super("calls");
		}

	}

	/** Comes before all others, and makes no span. */
	@Order(Ordered.HIGHEST_PRECEDENCE)
	static class SilentHandler implements TracingObservationHandler<Observation.Context> {

		@Override
		public Tracer getTracer() {
			return Tracer.NOOP;
		}

		@Override
		public void onStop(Observation.Context context) {
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PredicateByCustomizer {

		@Bean
		ObservationRegistryCustomizer<ObservationRegistry> predicate() {
			return (registry) -> registry.observationConfig()
				.observationPredicate((name, context) -> !name.startsWith("http.client"));
		}

	}

}
