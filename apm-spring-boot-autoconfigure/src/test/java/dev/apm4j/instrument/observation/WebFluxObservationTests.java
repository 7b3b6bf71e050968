package dev.apm4j.instrument.observation;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.apm4j.trace.SpanData;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.transport.Kind;
import io.micrometer.tracing.Span;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A WebFlux server, whose requests are traced by their Observation.
 */
class WebFluxObservationTests {

	private final ObservedTracing tracing = new ObservedTracing().handled();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private DisposableServer server;

	@BeforeEach
	void start() {
		// What Spring Boot's "auto" does.
		ContextRegistry.getInstance()
			.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(this.tracing.registry));
		Hooks.enableAutomaticContextPropagation();
		this.context.registerBean(ObservationRegistry.class, () -> this.tracing.registry);
		this.context.registerBean(Orders.class, () -> new Orders(this.tracing));
		this.context.register(WebFlux.class);
		this.context.refresh();
		HttpHandler handler = WebHttpHandlerBuilder.applicationContext(this.context).build();
		this.server = HttpServer.create()
			.bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
			.handle(new ReactorHttpHandlerAdapter(handler))
			.bindNow();
	}

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(10));
		this.context.close();
		Hooks.disableAutomaticContextPropagation();
		ContextRegistry.getInstance().registerThreadLocalAccessor(new ObservationThreadLocalAccessor());
		this.tracing.assertThreadIsClean();
	}

	private HttpResponse<String> get(String path) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + this.server.port() + path);
		HttpRequest request = HttpRequest.newBuilder(uri)
			.header("traceparent", "00-" + ObservedTracing.TRACE + "-" + ObservedTracing.CALLER + "-01")
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	private SpanData awaitRoot() {
		Awaitility.await().until(() -> !this.tracing.segments().isEmpty());
		assertThat(this.tracing.segments()).hasSize(1);
		return this.tracing.spans().get(0);
	}

	@Test
	void requestIsOneServerSpanNamedByItsRoute() throws Exception {
		assertThat(get("/orders/42;v=1?token=s3cr3t").body()).isEqualTo("order 42");
		SpanData root = awaitRoot();
		assertThat(root.name()).isEqualTo("GET /orders/{id}");
		assertThat(root.kind()).isEqualTo(Span.Kind.SERVER);
		assertThat(root.parentId()).isEqualTo(ObservedTracing.CALLER);
		assertThat(root.attributes()).containsEntry("http.request.method", "GET")
			.containsEntry("http.route", "/orders/{id}")
			.containsEntry("url.path", "/orders/42")
			.containsEntry("http.response.status_code", 200L)
			.doesNotContainKeys("uri", "method", "status", "http.url");
		assertThat(root.isFailed()).isFalse();
	}

	@Test
	void observationsInTheHandlerAreItsChildrenAlsoOnAnotherThread() throws Exception {
		get("/orders/42");
		SpanData root = awaitRoot();
		assertThat(this.tracing.span("load").parentId()).isEqualTo(root.spanId());
		assertThat(this.tracing.span("price").parentId()).isEqualTo(root.spanId());
	}

	@ParameterizedTest
	@CsvSource({ "/forbidden, 403, false", "/nowhere, 404, false", "/broken, 500, true" })
	void exceptionFailsTheSpanOnlyIfTheServerFailed(String path, int status, boolean failed) throws Exception {
		assertThat(get(path).statusCode()).isEqualTo(status);
		SpanData root = awaitRoot();
		assertThat(root.attribute("http.response.status_code")).isEqualTo((long) status);
		assertThat(root.isFailed()).isEqualTo(failed);
	}

	@Test
	void reasonOfAFailureIsRecorded() throws Exception {
		get("/broken");
		assertThat(awaitRoot().error()).hasMessage("out of paper");
	}

	@Test
	void callsOfTheHandlerNameTheRoute() throws Exception {
		assertThat(get("/calling/42").body()).isEqualTo("GET /calling/{id}");
		assertThat(awaitRoot().name()).isEqualTo("GET /calling/{id}");
	}

	@EnableWebFlux
	@Configuration(proxyBeanMethods = false)
	static class WebFlux {

	}

	@RestController
	static class Orders {

		private final ObservedTracing tracing;

		Orders(ObservedTracing tracing) {
			this.tracing = tracing;
		}

		/** The endpoint that a call from here names as the caller. */
		@GetMapping("/calling/{id}")
		Mono<String> calling(@PathVariable("id") String id) {
			Map<String, String> headers = new HashMap<>();
			Observation
				.createNotStarted("call", () -> ObservedTracing.sender(headers, Kind.CLIENT), this.tracing.registry)
				.start()
				.stop();
			return Mono.just(ObservedTracing.callingEndpoint(headers));
		}

		@GetMapping("/orders/{id}")
		Mono<String> order(@PathVariable("id") String id) {
			this.tracing.observation("load").observe(() -> {
			});
			return Mono.delay(Duration.ofMillis(1), Schedulers.parallel()).map((tick) -> {
				this.tracing.observation("price").observe(() -> {
				});
				return "order " + id;
			});
		}

		@GetMapping("/forbidden")
		Mono<String> forbidden() {
			return Mono.error(new ResponseStatusException(HttpStatus.FORBIDDEN));
		}

		@GetMapping("/broken")
		Mono<String> broken() {
			return Mono.error(new IllegalStateException("out of paper"));
		}

	}

}
