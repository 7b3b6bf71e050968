package dev.apm4j.instrument.observation;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.apm4j.trace.SpanData;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
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

import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A WebFlux server, whose requests are traced by their Observation.
 */
class WebFluxObservationTests {

	private final ObservedTracing tracing = new ObservedTracing().handled();

	private DisposableServer server;

	@BeforeEach
	void start() {
		// What Spring Boot's "auto" does.
		ContextRegistry.getInstance()
			.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(this.tracing.registry));
		Hooks.enableAutomaticContextPropagation();
		RouterFunction<ServerResponse> routes = RouterFunctions.route()
			.GET("/orders/{id}", this::order)
			.GET("/forbidden", (request) -> Mono.error(new ResponseStatusException(HttpStatus.FORBIDDEN)))
			.GET("/broken", (request) -> Mono.error(new IllegalStateException("out of paper")))
			.build();
		HttpHandler handler = WebHttpHandlerBuilder
			.webHandler(RouterFunctions.toWebHandler(routes, HandlerStrategies.withDefaults()))
			.exceptionHandlers((handlers) -> handlers.addAll(HandlerStrategies.withDefaults().exceptionHandlers()))
			.observationRegistry(this.tracing.registry)
			.build();
		this.server = HttpServer.create()
			.bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
			.handle(new ReactorHttpHandlerAdapter(handler))
			.bindNow();
	}

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(10));
		Hooks.disableAutomaticContextPropagation();
		ContextRegistry.getInstance().registerThreadLocalAccessor(new ObservationThreadLocalAccessor());
		this.tracing.assertThreadIsClean();
	}

	private Mono<ServerResponse> order(ServerRequest request) {
		this.tracing.observation("load").observe(() -> {
		});
		return Mono.delay(Duration.ofMillis(1), Schedulers.parallel()).flatMap((tick) -> {
			this.tracing.observation("price").observe(() -> {
			});
			return ServerResponse.ok().bodyValue("order " + request.pathVariable("id"));
		});
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

}
