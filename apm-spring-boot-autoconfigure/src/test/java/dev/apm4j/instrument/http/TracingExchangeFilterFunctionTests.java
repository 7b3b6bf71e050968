package dev.apm4j.instrument.http;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.apm4j.instrument.async.TraceContextAccessors;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TracingExchangeFilterFunctionTests {

	private final RecordedSpans spans = new RecordedSpans();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.spans).build();

	private final TraceparentPropagator propagator = new TraceparentPropagator(this.tracer);

	private final TracingExchangeFilterFunction filter = new TracingExchangeFilterFunction(
			new HttpClientTracing(() -> this.tracer, () -> this.propagator, () -> AlreadyTraced.over(this.propagator),
					() -> ObservationRegistry.NOOP));

	private HttpTestServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new HttpTestServer();
	}

	@AfterEach
	void stop() {
		assertThat(this.tracer.currentSpan()).isNull();
		this.server.close();
	}

	private WebClient webClient() {
		return webClient((builder) -> {
		});
	}

	private WebClient webClient(Consumer<WebClient.Builder> more) {
		WebClient.Builder builder = WebClient.builder().baseUrl(this.server.url("")).filters(this.filter::addTo);
		more.accept(builder);
		return builder.build();
	}

	private Mono<ResponseEntity<Void>> get(String path) {
		return webClient().get().uri(path).retrieve().toBodilessEntity();
	}

	@Test
	void callIsAnExitSpanBelowTheSpanOfTheSubscribingThread() {
		String body = RecordedSpans.inRoot(this.tracer,
				() -> webClient().get().uri("/orders/{id}?page=2", 42).retrieve().bodyToMono(String.class).block());
		assertThat(body).isEqualTo("hello");
		SpanData exit = this.spans.exit();
		assertThat(exit.name()).isEqualTo("GET /orders/{id}");
		assertThat(exit.attributes()).containsEntry("http.request.method", "GET")
			.containsEntry("url.template", "/orders/{id}")
			.containsEntry("url.full", this.server.url("/orders/42?page=2"))
			.containsEntry("server.address", "localhost")
			.containsEntry("server.port", (long) this.server.port())
			.containsEntry("http.response.status_code", 200L)
			.doesNotContainKey("error.type");
		assertThat(exit.parentId()).isEqualTo(this.spans.all().get(0).spanId());
		assertThat(this.server.received().get(0).spanId()).isEqualTo(exit.spanId());
	}

	@Test
	void callThatNobodySubscribesToHasNoSpan() {
		RecordedSpans.inRoot(this.tracer, () -> get("/ok"));
		assertThat(this.spans.exits()).isEmpty();
		assertThat(this.server.received()).isEmpty();
	}

	@Test
	void everySubscriptionIsASpan() {
		Mono<ResponseEntity<Void>> call = get("/status/503").retry(1).onErrorComplete();
		RecordedSpans.inRoot(this.tracer, call::block);
		assertThat(this.spans.exits()).hasSize(2)
			.allSatisfy((exit) -> assertThat(exit.attribute("error.type")).isEqualTo("503"));
		assertThat(this.server.received()).extracting(HttpTestServer.Received::spanId)
			.containsExactlyInAnyOrderElementsOf(this.spans.exits().stream().map(SpanData::spanId).toList());
	}

	@Test
	void automaticContextPropagationGivesEverySubscriptionItsParent() {
		Mono<ResponseEntity<Void>> call = get("/status/503").retry(1).onErrorComplete();
		Hooks.enableAutomaticContextPropagation();
		try (TraceContextAccessors accessors = new TraceContextAccessors(ContextRegistry.getInstance(),
				ObservationRegistry.NOOP, this.tracer)) {
			RecordedSpans.inRoot(this.tracer, call.subscribeOn(Schedulers.boundedElastic())::block);
		}
		finally {
			Hooks.disableAutomaticContextPropagation();
		}
		String root = this.spans.all().get(0).spanId();
		assertThat(this.spans.exits()).hasSize(2).extracting(SpanData::parentId).containsOnly(root);
	}

	@Test
	void spanIsThatOfTheReactorContextOnAnotherThread() {
		ApmSpan parent = this.tracer.nextSpan().name("root").start();
		get("/ok").subscribeOn(Schedulers.boundedElastic())
			.contextWrite((context) -> context.put("some.accessor", parent))
			.block();
		parent.end();
		assertThat(this.spans.exit().parentId()).isEqualTo(parent.spanId());
	}

	@Test
	void innermostOfThreadAndReactorContextIsTheParent() {
		ApmSpan outer = this.tracer.nextSpan().name("outer").start();
		ApmSpan inner = this.tracer.nextSpan(outer).name("inner").start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(inner)) {
			get("/thread").contextWrite((context) -> context.put("some.accessor", outer)).block();
		}
		try (Tracer.SpanInScope scope = this.tracer.withSpan(outer)) {
			get("/context").contextWrite((context) -> context.put("some.accessor", inner)).block();
		}
		inner.end();
		outer.end();
		assertThat(this.spans.exits()).hasSize(2)
			.allSatisfy((exit) -> assertThat(exit.parentId()).isEqualTo(inner.spanId()));
	}

	@Test
	void spanOfTheCallIsNotLeftOnAnyThread() {
		List<Boolean> current = RecordedSpans.inRoot(this.tracer,
				() -> Flux.range(0, 20)
					.flatMap((i) -> get("/ok").map((response) -> this.tracer.currentSpan() != null))
					.collectList()
					.block());
		assertThat(current).hasSize(20).doesNotContain(true);
		assertThat(this.spans.exits()).hasSize(20);
	}

	@Test
	void statusFrom400OnIsAFailure() {
		assertThatExceptionOfType(WebClientResponseException.NotFound.class)
			.isThrownBy(() -> get("/status/404").block());
		assertThat(this.spans.exit().attribute("error.type")).isEqualTo("404");
		assertThat(this.spans.exit().error()).isNull();
	}

	@Test
	void refusedConnectionIsAnError() throws IOException {
		int free;
		try (ServerSocket socket = new ServerSocket(0)) {
			free = socket.getLocalPort();
		}
		assertThatExceptionOfType(WebClientRequestException.class)
			.isThrownBy(() -> get("http://localhost:" + free + "/x").block());
		assertThat(this.spans.exit().error()).isInstanceOf(WebClientRequestException.class);
	}

	@Test
	void timeoutOfTheSubscriberCancelsTheCall() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> get("/slow").timeout(Duration.ofMillis(50)).block())
			.withCauseInstanceOf(TimeoutException.class);
		assertCancelled();
	}

	@Test
	void cancelledCallIsNoFailure() {
		Disposable subscription = get("/slow").subscribe();
		Awaitility.await().until(() -> !this.server.received().isEmpty());
		subscription.dispose();
		assertCancelled();
	}

	private void assertCancelled() {
		Awaitility.await().until(() -> !this.spans.exits().isEmpty());
		assertThat(this.spans.exit().events()).extracting(SpanEvent::name).containsExactly("cancelled");
		assertThat(this.spans.exit().isFailed()).isFalse();
	}

	@Test
	void responseIsNotBufferedAndTheSpanEndsWithItsHeaders() {
		StringBuilder body = new StringBuilder();
		webClient().get().uri("/drip").retrieve().bodyToFlux(byte[].class).doOnNext((part) -> {
			assertThat(this.spans.exits()).hasSize(1);
			this.server.release();
			body.append(new String(part));
		}).blockLast();
		assertThat(body).hasToString("hellohello");
		assertThat(this.spans.exit().events()).isEmpty();
	}

	@Test
	void exceptionOfAFilterReachesTheSubscriberAndTheSpan() {
		IllegalStateException mine = new IllegalStateException("mine");
		WebClient client = webClient((builder) -> builder.filter((request, next) -> {
			throw mine;
		}));
		assertThatIllegalStateException()
			.isThrownBy(() -> client.get().uri("/ok").retrieve().toBodilessEntity().block())
			.withMessage("mine");
		assertThat(this.spans.exit().error()).isSameAs(mine);
	}

	@Test
	void emptyAnswerOfAFilterEndsTheSpan() {
		WebClient client = webClient((builder) -> builder.filter((request, next) -> Mono.empty()));
		assertThatIllegalStateException()
			.isThrownBy(() -> client.get().uri("/ok").retrieve().toBodilessEntity().block());
		assertThat(this.spans.exits()).hasSize(1);
	}

	@Test
	void headerOfTheUserIsReplaced() {
		webClient().get().uri("/ok").header("traceparent", "mine").retrieve().toBodilessEntity().block();
		assertThat(this.server.received().get(0).traceparents()).hasSize(1).doesNotContain("mine");
	}

	@Test
	void suppressedCallIsNeitherTracedNorMarked() {
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			get("/ok").block();
		}
		assertThat(this.spans.all()).isEmpty();
		assertThat(this.server.received().get(0).traceparents()).isEmpty();
	}

	@Test
	void suppressionTravelsInTheReactorContext() {
		ApmSpan suppressed;
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			suppressed = this.tracer.nextSpan();
		}
		get("/ok").subscribeOn(Schedulers.boundedElastic())
			.contextWrite((context) -> context.put("some.accessor", suppressed))
			.block();
		assertThat(this.spans.all()).isEmpty();
		assertThat(this.server.received().get(0).traceparents()).isEmpty();
	}

	@Test
	void secretsStayOutOfTheSpan() {
		webClient().get().uri("/ok?api_key={t}", "s3cr3t").retrieve().toBodilessEntity().block();
		assertThat(this.spans.exit().attributes().toString()).doesNotContain("s3cr3t");
		assertThat(this.server.received().get(0).uri()).contains("s3cr3t");
	}

	@Test
	void bodyOfARequestArrives() {
		byte[] big = new byte[200_000];
		byte[] echo = webClient().put().uri("/echo").bodyValue(big).retrieve().bodyToMono(byte[].class).block();
		assertThat(echo).isEqualTo(big);
	}

	@Test
	void isAddedOnceAndInFront() {
		WebClient client = WebClient.builder().filter((request, next) -> next.exchange(request)).build();
		client.mutate().filters((filters) -> {
			assertThat(this.filter.addTo(filters)).isTrue();
			assertThat(this.filter.addTo(filters)).isFalse();
			assertThat(filters).hasSize(2).first().isSameAs(this.filter);
		}).build();
	}

}
