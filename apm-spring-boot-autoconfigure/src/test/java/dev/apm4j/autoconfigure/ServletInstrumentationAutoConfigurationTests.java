package dev.apm4j.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import dev.apm4j.instrument.servlet.RequestEnd;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.awaitility.Awaitility;
import org.apache.catalina.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.servlet.ServletManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.context.annotation.UserConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

class ServletInstrumentationAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
				EmbeddedBackendAutoConfiguration.class, ServletInstrumentationAutoConfiguration.class))
		.withUserConfiguration(Tracing.class);

	private final WebApplicationContextRunner server = new WebApplicationContextRunner(
			AnnotationConfigServletWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
				EmbeddedBackendAutoConfiguration.class, ServletInstrumentationAutoConfiguration.class,
				ServletWebServerFactoryAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
				JacksonAutoConfiguration.class, ErrorMvcAutoConfiguration.class, EndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
				ServletManagementContextAutoConfiguration.class))
		.withInitializer(new ServerPortInfoApplicationContextInitializer())
		.withConfiguration(UserConfigurations.of(Tracing.class, Orders.class))
		.withPropertyValues("server.port=0", "server.address=127.0.0.1", "management.endpoints.web.exposure.include=*");

	@Test
	void filterIsOutsideAllOthers() {
		this.runner.run((context) -> {
			assertThat(context).hasBean("apmTracingFilter").hasBean("apmTracingListener");
			FilterRegistrationBean<?> registration = context.getBean(FilterRegistrationBean.class);
			assertThat(registration.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
			assertThat(registration.isAsyncSupported()).isTrue();
		});
	}

	@Test
	void embeddedTomcatReportsTheEndWithoutAListener() {
		this.server.run((context) -> {
			TomcatWebServer server = (TomcatWebServer) context
				.getSourceApplicationContext(AnnotationConfigServletWebServerApplicationContext.class)
				.getWebServer();
			assertThat(context.getBean(RequestEnd.class).isInstalled()).isTrue();
			assertThat(((Context) server.getTomcat().getHost().findChildren()[0]).getApplicationEventListeners())
				.isEmpty();
		});
	}

	@Test
	void switchTurnsItOff() {
		this.runner.withPropertyValues("apm.instrumentation.servlet.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("apmTracingFilter")
				.doesNotHaveBean("apmTracingListener"));
	}

	@Test
	void tracerOfTheUserTurnsItOff() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
					EmbeddedBackendAutoConfiguration.class, ServletInstrumentationAutoConfiguration.class))
			.withBean(Tracer.class, () -> Tracer.NOOP)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("apmTracingFilter"));
	}

	@Test
	void otherApplicationsHaveNone() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ApmTracingAutoConfiguration.class,
					EmbeddedBackendAutoConfiguration.class, ServletInstrumentationAutoConfiguration.class))
			.withUserConfiguration(Tracing.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("apmTracingFilter"));
	}

	@Test
	void actuatorIsNotNeeded() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("apmTracingFilter"));
	}

	@Test
	void wrongPatternFailsTheStartWithTheNameOfTheProperty() {
		this.runner.withPropertyValues("apm.web.ignore-paths=/a/{b")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("apm.web.ignore-paths")
				.hasMessageContaining("/a/{b"));
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/health,", "/manage/health,management.endpoints.web.base-path=/manage",
			"/health,management.endpoints.web.base-path=/",
			"/healthz,management.endpoints.web.base-path=/|management.endpoints.web.path-mapping.health=healthz",
			"/mvc/actuator/health,spring.mvc.servlet.path=/mvc",
			"/probe,management.endpoint.health.group.live.include=ping|management.endpoint.health.group.live.additional-path=server:/probe" })
	void actuatorAndItsCallsAreNotTraced(String path, String properties) {
		this.server.withPropertyValues((properties != null) ? properties.split("\\|") : new String[0])
			.run((context) -> {
				assertThat(get(context, "local.server.port", path)).isEqualTo(200);
				assertThat(tracedUpToAnOrder(context)).containsExactly("GET /orders/{id}");
			});
	}

	@Test
	void actuatorOnItsOwnPortIsNotTraced() {
		this.server.withPropertyValues("management.server.port=0").run((context) -> {
			assertThat(get(context, "local.management.port", "/actuator/health")).isEqualTo(200);
			assertThat(tracedUpToAnOrder(context)).containsExactly("GET /orders/{id}");
		});
	}

	@Test
	void pathOfAnActuatorElsewhereBelongsToTheApplication() {
		this.server.withPropertyValues("management.server.port=0").run((context) -> {
			assertThat(get(context, "local.server.port", "/actuator/own")).isEqualTo(200);
			assertThat(tracedUpToAnOrder(context)).containsExactly("GET /actuator/own", "GET /orders/{id}");
		});
	}

	@Test
	void callsOfAnIgnoredRequestAreNotTraced() {
		this.server
			.withPropertyValues("apm.web.ignore-paths=/actuator/own", "server.servlet.context-path=/shop",
					"management.server.port=0")
			.run((context) -> {
				assertThat(get(context, "local.server.port", "/shop/actuator/own")).isEqualTo(200);
				assertThat(get(context, "local.server.port", "/shop/orders/1")).isEqualTo(200);
				assertThat(await(context, 1)).containsExactly("GET /shop/orders/{id}");
			});
	}

	@Test
	void dashboardThatIsOffLeavesItsPathToTheApplication() {
		this.server.withPropertyValues("apm.dashboard.enabled=false").run((context) -> {
			get(context, "local.server.port", "/apm");
			assertThat(tracedUpToAnOrder(context)).hasSize(2);
		});
		this.server.run((context) -> {
			get(context, "local.server.port", "/apm");
			assertThat(tracedUpToAnOrder(context)).hasSize(1);
		});
	}

	private static List<String> tracedUpToAnOrder(ApplicationContext context) throws Exception {
		String prefix = context.getEnvironment().getProperty("spring.mvc.servlet.path", "");
		assertThat(get(context, "local.server.port", prefix + "/orders/1")).isEqualTo(200);
		Roots roots = context.getBean(Roots.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> roots.orders() == 1);
		return roots.names().stream().map((name) -> name.replace(prefix + "/orders", "/orders")).toList();
	}

	private static List<String> await(ApplicationContext context, int count) {
		Roots roots = context.getBean(Roots.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> roots.names().size() >= count);
		return roots.names();
	}

	private static int get(ApplicationContext context, String port, String path) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port) + path);
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	@Configuration(proxyBeanMethods = false)
	static class Tracing {

		@Bean
		Roots roots() {
			return new Roots();
		}

		@Bean
		Propagator propagator(Tracer tracer) {
			return new NoHeaders(tracer);
		}

	}

	static class Roots implements SegmentSink {

		private final List<String> names = new CopyOnWriteArrayList<>();

		@Override
		public void accept(Segment segment) {
			this.names.add(segment.root().name());
		}

		List<String> names() {
			return List.copyOf(this.names);
		}

		long orders() {
			return this.names.stream().filter((name) -> name.contains("/orders/")).count();
		}

	}

	@RestController
	static class Orders {

		private final ApmTracer tracer;

		Orders(ApmTracer tracer) {
			this.tracer = tracer;
		}

		@GetMapping("/orders/{id}")
		String order() {
			return "order";
		}

		@GetMapping("/actuator/own")
		String own() {
			this.tracer.nextSpan().name("call").start().end();
			return "own";
		}

	}

	private record NoHeaders(Tracer tracer) implements Propagator {

		@Override
		public List<String> fields() {
			return List.of();
		}

		@Override
		public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
		}

		@Override
		public <C> Span.Builder extract(C carrier, Getter<C> getter) {
			return this.tracer.spanBuilder();
		}

	}

}
