package dev.apm4j.instrument.http;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hooks over Brave's bridge.
 */
class OtherTracerTests {

	private final List<MutableSpan> spans = new CopyOnWriteArrayList<>();

	private final Tracing brave = Tracing.newBuilder().traceId128Bit(true).addSpanHandler(new SpanHandler() {

		@Override
		public boolean end(TraceContext context, MutableSpan span, Cause cause) {
			return OtherTracerTests.this.spans.add(span);
		}

	}).build();

	private final Tracer tracer = new BraveTracer(this.brave.tracer(),
			new BraveCurrentTraceContext(this.brave.currentTraceContext()));

	private final TraceparentPropagator propagator = new TraceparentPropagator(this.tracer);

	private final HttpClientTracing tracing = new HttpClientTracing(() -> this.tracer, () -> this.propagator,
			() -> AlreadyTraced.over(this.propagator), () -> ObservationRegistry.NOOP);

	private HttpTestServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new HttpTestServer();
	}

	@AfterEach
	void stop() {
		this.server.close();
		this.brave.close();
	}

	private void inRoot(Runnable work) {
		Span root = this.tracer.nextSpan().name("root").start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
			work.run();
		}
		finally {
			root.end();
		}
	}

	private MutableSpan exit() {
		List<MutableSpan> exits = this.spans.stream().filter((span) -> span.kind() != null).toList();
		assertThat(exits).hasSize(1);
		return exits.get(0);
	}

	@Test
	void restClient() {
		RestClient client = RestClient.builder()
			.requestInterceptor(new TracingClientHttpRequestInterceptor(this.tracing, HttpClientKind.REST_CLIENT))
			.requestInterceptor(new TracingClientHttpRequestInterceptor(this.tracing, HttpClientKind.REST_CLIENT))
			.build();
		inRoot(() -> client.get().uri(this.server.url("/orders/{id}"), 1).retrieve().toBodilessEntity());
		assertExit();
	}

	@Test
	void webClient() {
		WebClient client = WebClient.builder().filter(new TracingExchangeFilterFunction(this.tracing)).build();
		inRoot(() -> client.get().uri(this.server.url("/orders/{id}"), 1).retrieve().toBodilessEntity().block());
		assertExit();
	}

	private void assertExit() {
		assertThat(exit().name()).isEqualTo("GET /orders/{id}");
		assertThat(exit().kind()).hasToString("CLIENT");
		assertThat(exit().tag("http.response.status_code")).isEqualTo("200");
		assertThat(exit().parentId()).isEqualTo(this.spans.get(1).id());
		assertThat(this.server.received().get(0).spanId()).isEqualTo(exit().id());
	}

	@Test
	void ownFormatsOfTheBridge() {
		BravePropagator bravePropagator = new BravePropagator(this.brave);
		HttpClientTracing b3 = new HttpClientTracing(() -> this.tracer, () -> bravePropagator,
				() -> AlreadyTraced.over(bravePropagator), () -> ObservationRegistry.NOOP);
		RestClient client = RestClient.builder()
			.requestInterceptor(new TracingClientHttpRequestInterceptor(b3, HttpClientKind.REST_CLIENT))
			.requestInterceptor(new TracingClientHttpRequestInterceptor(b3, HttpClientKind.REST_CLIENT))
			.build();
		inRoot(() -> client.get().uri(this.server.url("/status/500")).exchange((request, response) -> ""));
		assertThat(exit().tag("error.type")).isEqualTo("500");
	}

}
