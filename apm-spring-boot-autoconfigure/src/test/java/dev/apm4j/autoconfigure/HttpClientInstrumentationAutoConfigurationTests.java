package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import dev.apm4j.instrument.http.HttpTestServer;
import dev.apm4j.instrument.http.RecordedSpans;
import dev.apm4j.instrument.http.RestClientTracingPostProcessor;
import dev.apm4j.instrument.http.RestTemplateTracingPostProcessor;
import dev.apm4j.instrument.http.TracingClientHttpRequestInterceptor;
import dev.apm4j.instrument.http.WebClientTracingPostProcessor;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.propagation.W3cCodec;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.http.client.HttpClientAutoConfiguration;
import org.springframework.boot.autoconfigure.web.client.RestClientAutoConfiguration;
import org.springframework.boot.autoconfigure.web.client.RestTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.function.client.WebClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.boot.web.client.RestTemplateCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class HttpClientInstrumentationAutoConfigurationTests {

	private final RecordedSpans spans = new RecordedSpans();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withBean(RecordedSpans.class, () -> this.spans)
		.withBean(ApmTracer.class, () -> ApmTracer.builder().sink(this.spans).build())
		.withUserConfiguration(PropagatorConfiguration.class)
		.withConfiguration(AutoConfigurations.of(RestTemplateInstrumentationAutoConfiguration.class,
				RestClientInstrumentationAutoConfiguration.class, WebClientInstrumentationAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, HttpClientAutoConfiguration.class,
				RestTemplateAutoConfiguration.class, RestClientAutoConfiguration.class,
				WebClientAutoConfiguration.class));

	private HttpTestServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new HttpTestServer();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	static Stream<Arguments> clients() {
		return Stream.of(
				arguments("RestTemplate bean by hand",
						(context, url) -> call(bean(context, "hand", RestTemplate.class), url)),
				arguments("RestTemplate bean by Boot's builder",
						(context, url) -> call(bean(context, "built", RestTemplate.class), url)),
				arguments("RestTemplate by Boot's builder",
						(context, url) -> call(bean(context, "restTemplateBuilder", RestTemplateBuilder.class).build(),
								url)),
				arguments("RestTemplate by the user's builder",
						(context, url) -> call(bean(context, "ownBuilder", RestTemplateBuilder.class).build(), url)),
				arguments("RestClient bean by hand",
						(context, url) -> call(bean(context, "hand", RestClient.class), url)),
				arguments("RestClient bean by Boot's builder",
						(context, url) -> call(bean(context, "built", RestClient.class), url)),
				arguments("RestClient by Boot's builder",
						(context, url) -> call(bean(context, "restClientBuilder", RestClient.Builder.class).build(),
								url)),
				arguments("RestClient by the user's builder",
						(context, url) -> call(bean(context, "ownBuilder", RestClient.Builder.class).build(), url)),
				arguments("RestClient of a RestTemplate",
						(context, url) -> call(RestClient.create(bean(context, "hand", RestTemplate.class)), url)),
				arguments("WebClient bean by hand",
						(context, url) -> call(bean(context, "hand", WebClient.class), url)),
				arguments("WebClient bean by Boot's builder",
						(context, url) -> call(bean(context, "built", WebClient.class), url)),
				arguments("WebClient by Boot's builder",
						(context, url) -> call(bean(context, "webClientBuilder", WebClient.Builder.class).build(),
								url)),
				arguments("WebClient by the user's builder",
						(context, url) -> call(bean(context, "ownBuilder", WebClient.Builder.class).build(), url)));
	}

	private static Arguments arguments(String name, Call call) {
		return Arguments.of(name, call);
	}

	private static <T> T bean(ApplicationContext context, String prefix, Class<T> type) {
		String[] names = context.getBeanNamesForType(type);
		String name = Stream.of(names).filter((candidate) -> candidate.startsWith(prefix)).findFirst().orElseThrow();
		return context.getBean(name, type);
	}

	private static String call(RestTemplate client, String url) {
		return client.getForObject(url, String.class);
	}

	private static String call(RestClient client, String url) {
		return client.get().uri(url).retrieve().body(String.class);
	}

	private static String call(WebClient client, String url) {
		return client.get().uri(url).retrieve().bodyToMono(String.class).block();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("clients")
	void everyClientMakesOneSpanACall(String name, Call call) {
		this.runner.withUserConfiguration(name.contains("the user's") ? OwnBuilders.class : Clients.class)
			.run((context) -> {
				String body = RecordedSpans.inRoot(context.getBean(ApmTracer.class),
						() -> call.make(context, this.server.url("/ok")));
				assertThat(body).isEqualTo("hello");
				assertThat(this.spans.exit().attribute("http.response.status_code")).isEqualTo(200L);
				assertThat(this.spans.exit().attribute("apm.http.client")).isEqualTo(kind(name));
				assertThat(this.server.received()).singleElement()
					.extracting(HttpTestServer.Received::spanId)
					.isEqualTo(this.spans.exit().spanId());
			});
	}

	/** Who takes a RestTemplate's interceptors over is one to its calls. */
	private static String kind(String name) {
		return name.contains("RestTemplate") ? "rest-template"
				: name.startsWith("RestClient") ? "rest-client" : "web-client";
	}

	@Test
	void eachClientHasItsSwitch() {
		this.runner.withPropertyValues("apm.instrumentation.rest-template.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RestTemplateTracingPostProcessor.class)
				.doesNotHaveBean(RestTemplateCustomizer.class)
				.hasSingleBean(RestClientTracingPostProcessor.class)
				.hasSingleBean(WebClientTracingPostProcessor.class));
		this.runner.withPropertyValues("apm.instrumentation.rest-client.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RestClientTracingPostProcessor.class)
				.doesNotHaveBean("apmRestClientCustomizer")
				.hasSingleBean(RestTemplateTracingPostProcessor.class));
		this.runner.withPropertyValues("apm.instrumentation.web-client.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WebClientTracingPostProcessor.class)
				.doesNotHaveBean("apmWebClientCustomizer"));
	}

	@Test
	void switchedOffClientsMakeNoSpan() {
		this.runner
			.withPropertyValues("apm.instrumentation.rest-template.enabled=false",
					"apm.instrumentation.rest-client.enabled=false", "apm.instrumentation.web-client.enabled=false")
			.withUserConfiguration(Clients.class)
			.run((context) -> {
				call(bean(context, "hand", RestTemplate.class), this.server.url("/ok"));
				call(bean(context, "built", RestClient.class), this.server.url("/ok"));
				call(bean(context, "built", WebClient.class), this.server.url("/ok"));
				assertThat(this.spans.all()).isEmpty();
				assertThat(this.server.received()).hasSize(3)
					.allSatisfy((received) -> assertThat(received.traceparents()).isEmpty());
			});
	}

	@Test
	void backsOffFromATracerOfTheUser() {
		new ApplicationContextRunner().withBean(Tracer.class, () -> Tracer.NOOP)
			.withConfiguration(AutoConfigurations.of(RestTemplateInstrumentationAutoConfiguration.class,
					RestClientInstrumentationAutoConfiguration.class, WebClientInstrumentationAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RestTemplateTracingPostProcessor.class)
				.doesNotHaveBean(RestClientTracingPostProcessor.class)
				.doesNotHaveBean(WebClientTracingPostProcessor.class));
	}

	@Test
	void startsWithoutWebFlux() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive", "reactor"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RestClientTracingPostProcessor.class)
				.doesNotHaveBean(WebClientTracingPostProcessor.class));
	}

	@Test
	void startsWithoutAnyClient() {
		new ApplicationContextRunner().withBean(ApmTracer.class, () -> ApmTracer.builder().build())
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http"))
			.withConfiguration(AutoConfigurations.of(RestTemplateInstrumentationAutoConfiguration.class,
					RestClientInstrumentationAutoConfiguration.class, WebClientInstrumentationAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RestTemplateCustomizer.class)
				.doesNotHaveBean(RestTemplateTracingPostProcessor.class));
	}

	@Test
	void clientsThatAreMocksAreLeftAlone() {
		RestClient restClient = mock(RestClient.class);
		WebClient.Builder builder = mock(WebClient.Builder.class);
		this.runner.withBean("mockedClient", RestClient.class, () -> restClient)
			.withBean("mockedBuilder", WebClient.Builder.class, () -> builder)
			.run((context) -> {
				assertThat(context.getBean("mockedClient")).isSameAs(restClient);
				then(restClient).shouldHaveNoInteractions();
				then(builder).shouldHaveNoInteractions();
			});
	}

	@Test
	void clientIsHookedOnceHoweverItIsBuilt() {
		this.runner.withUserConfiguration(Clients.class).run((context) -> {
			assertThat(bean(context, "built", RestTemplate.class).getInterceptors())
				.filteredOn(TracingClientHttpRequestInterceptor.class::isInstance)
				.hasSize(1);
			bean(context, "built", RestClient.class).mutate()
				.requestInterceptors((interceptors) -> assertThat(interceptors)
					.filteredOn(TracingClientHttpRequestInterceptor.class::isInstance)
					.hasSize(1));
		});
	}

	@Test
	void interceptorsOfTheUserStay() {
		ClientHttpRequestInterceptor mine = (request, body, execution) -> execution.execute(request, body);
		this.runner.withBean("handTemplate", RestTemplate.class, () -> {
			RestTemplate restTemplate = new RestTemplate();
			restTemplate.getInterceptors().add(mine);
			return restTemplate;
		})
			.run((context) -> assertThat(context.getBean(RestTemplate.class).getInterceptors()).hasSize(2)
				.last()
				.isSameAs(mine));
	}

	@Test
	void nothingIsCreatedTooEarly(CapturedOutput output) {
		this.runner.withUserConfiguration(Clients.class, EarlyClient.class)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("not eligible for getting processed");
	}

	/**
	 * Uses a client of a context.
	 */
	@FunctionalInterface
	interface Call {

		String make(ApplicationContext context, String url);

	}

	@Configuration(proxyBeanMethods = false)
	static class PropagatorConfiguration {

		@Bean
		ApmPropagator propagator(ApmTracer tracer) {
			List<HeaderCodec> codecs = List.of(new W3cCodec());
			return new ApmPropagator(tracer, codecs, codecs);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Clients {

		@Bean
		RestTemplate handRestTemplate() {
			return new RestTemplate();
		}

		@Bean
		RestTemplate builtRestTemplate(RestTemplateBuilder restTemplateBuilder) {
			return restTemplateBuilder.build();
		}

		@Bean
		RestClient handRestClient() {
			return RestClient.create();
		}

		@Bean
		RestClient builtRestClient(RestClient.Builder restClientBuilder) {
			return restClientBuilder.build();
		}

		@Bean
		WebClient handWebClient() {
			return WebClient.create();
		}

		@Bean
		WebClient builtWebClient(WebClient.Builder webClientBuilder) {
			return webClientBuilder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBuilders {

		@Bean
		RestTemplateBuilder ownBuilderOfRestTemplates() {
			return new RestTemplateBuilder();
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		RestClient.Builder ownBuilderOfRestClients() {
			return RestClient.builder();
		}

		@Bean
		WebClient.Builder ownBuilderOfWebClients() {
			return WebClient.builder();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyClient {

		@Bean
		static RestTemplate earlyRestTemplate() {
			return new RestTemplate();
		}

	}

}
