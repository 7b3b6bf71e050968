package dev.apm4j.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.apm4j.autoconfigure.ApmTracingAutoConfiguration;
import dev.apm4j.autoconfigure.DashboardAutoConfiguration;
import dev.apm4j.autoconfigure.EmbeddedBackendAutoConfiguration;
import dev.apm4j.autoconfigure.ObservationInstrumentationAutoConfiguration;
import dev.apm4j.export.embedded.EmbeddedStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.web.reactive.HttpHandlerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.WebFluxAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DashboardWebHandler} and {@link RequestOrigins}, in a server.
 */
class DashboardWebHandlerTests {

	private ConfigurableApplicationContext context;

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void pageAndJsonAreServedWithTheirHeaders() throws IOException {
		start();
		assertThat(send("GET", "/apm", "localhost")).startsWith("HTTP/1.1 302 ").containsIgnoringCase("location: apm/");
		assertThat(send("GET", "/apm/", "localhost")).startsWith("HTTP/1.1 200 ")
			.contains("Content-Security-Policy: default-src 'none'")
			.contains("<!DOCTYPE html>");
		assertThat(send("GET", "/apm/api/traces?limit=1", "localhost")).startsWith("HTTP/1.1 200 ")
			.contains("application/json")
			.contains("{\"traces\":[");
		assertThat(send("GET", "/apm/api/traces?limit=0", "localhost")).startsWith("HTTP/1.1 400 ");
		assertThat(send("GET", "/apm/", "localhost", "If-None-Match: *")).startsWith("HTTP/1.1 304 ");
		assertThat(send("HEAD", "/apm/", "localhost")).startsWith("HTTP/1.1 200 ").doesNotContain("<!DOCTYPE html>");
		assertThat(send("POST", "/apm/api/traces", "localhost")).startsWith("HTTP/1.1 405 ");
	}

	@Test
	void pageIsBelowTheBasePath() throws IOException {
		start("spring.webflux.base-path=/shop");
		assertThat(send("GET", "/shop/apm", "localhost")).startsWith("HTTP/1.1 302 ");
		assertThat(send("GET", "/shop/apm/js/main.js", "localhost")).startsWith("HTTP/1.1 200 ")
			.contains("text/javascript");
		assertThat(send("GET", "/apm/", "localhost")).startsWith("HTTP/1.1 404 ");
	}

	@ParameterizedTest
	@CsvSource({ "netty,none", "netty,framework", "netty,native", "tomcat,none", "tomcat,framework", "tomcat,native" })
	void headersThatClaimALoopbackAddressDoNotHelp(String server, String strategy) throws IOException {
		start("test.server=" + server, "server.forward-headers-strategy=" + strategy);
		assertThat(send("GET", "/apm/api/status", "localhost")).startsWith("HTTP/1.1 200 ");
		assertThat(send("GET", "/apm/api/status", "localhost", "X-Forwarded-For: 127.0.0.1"))
			.startsWith("HTTP/1.1 403 ")
			.contains("through a proxy");
		assertThat(send("GET", "/apm/api/status", "localhost", "Forwarded: for=127.0.0.1;host=localhost"))
			.startsWith("HTTP/1.1 403 ");
		assertThat(send("GET", "/apm/api/status", "evil.example", "X-Forwarded-Host: localhost"))
			.startsWith("HTTP/1.1 403 ");
	}

	@ParameterizedTest
	@CsvSource({ "/apm/,evil.example,403", "/%61pm/,localhost,403", "/apm/..%2fapplication.yml,localhost,404",
			"/apm/js/%2e%2e/index.html,localhost,404", "/apmx,localhost,418" })
	void otherHostsAndPathsGetNothing(String path, String host, int status) throws IOException {
		start();
		assertThat(send("GET", path, host)).startsWith("HTTP/1.1 " + status + " ");
	}

	@Test
	void filtersOfTheApplicationProtectIt() throws IOException {
		start("test.closed=true");
		assertThat(send("GET", "/apm/api/traces", "localhost")).startsWith("HTTP/1.1 401 ");
	}

	@Test
	void requestsOfTheApplicationAreOnThePageAndThoseOfThePageAreNot() throws IOException {
		start();
		assertThat(send("GET", "/anything", "localhost")).startsWith("HTTP/1.1 418 ");
		send("GET", "/apm/api/traces", "localhost");
		send("GET", "/anything", "localhost");
		EmbeddedStore store = this.context.getBean(EmbeddedStore.class);
		await().until(() -> store.status().traces() >= 2);
		assertThat(send("GET", "/apm/api/endpoints", "localhost")).contains("\"count\":2").doesNotContain("apm/api");
	}

	private void start(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off")
			.properties(properties)
			.run();
	}

	private String send(String method, String path, String host, String... headers) throws IOException {
		int port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
		try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
			String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
					+ String.join("", List.of(headers).stream().map((header) -> header + "\r\n").toList()) + "\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			try (InputStream in = socket.getInputStream()) {
				return new String(in.readAllBytes(), StandardCharsets.UTF_8);
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ReactiveWebServerFactoryAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
			WebFluxAutoConfiguration.class, ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
			ObservationInstrumentationAutoConfiguration.class, DashboardAutoConfiguration.class,
			org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration.class,
			org.springframework.boot.actuate.autoconfigure.observation.web.reactive.WebFluxObservationAutoConfiguration.class })
	static class Application {

		@Bean
		@ConditionalOnProperty(name = "test.server", havingValue = "netty", matchIfMissing = true)
		NettyReactiveWebServerFactory netty() {
			return new NettyReactiveWebServerFactory();
		}

		@Bean
		RouterFunction<ServerResponse> everything() {
			return RouterFunctions.route().GET("/**", (request) -> ServerResponse.status(418).build()).build();
		}

		@Bean
		WebFilter door(org.springframework.core.env.Environment environment) {
			boolean closed = environment.getProperty("test.closed", Boolean.class, false);
			return (exchange, chain) -> {
				if (closed) {
					exchange.getResponse().setRawStatusCode(401);
					return Mono.empty();
				}
				return chain.filter(exchange);
			};
		}

	}

}
