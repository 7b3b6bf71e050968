package dev.apm4j.instrument.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanData;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TracingClientHttpRequestInterceptorTests {

	private final RecordedSpans spans = new RecordedSpans();

	private final ApmTracer tracer = ApmTracer.builder().sink(this.spans).build();

	private final TraceparentPropagator propagator = new TraceparentPropagator(this.tracer);

	private final TracingClientHttpRequestInterceptor interceptor = new TracingClientHttpRequestInterceptor(
			new HttpClientTracing(() -> this.tracer, () -> this.propagator, () -> AlreadyTraced.over(this.propagator),
					() -> ObservationRegistry.NOOP),
			HttpClientKind.REST_CLIENT);

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

	private RestTemplate restTemplate() {
		RestTemplate restTemplate = new RestTemplate();
		this.interceptor.addTo(restTemplate.getInterceptors());
		return restTemplate;
	}

	private RestClient restClient() {
		return restClient((builder) -> {
		});
	}

	private RestClient restClient(Consumer<RestClient.Builder> more) {
		RestClient.Builder builder = RestClient.builder()
			.requestFactory(new SimpleClientHttpRequestFactory())
			.baseUrl(this.server.url(""))
			.requestInterceptors(this.interceptor::addTo);
		more.accept(builder);
		return builder.build();
	}

	@Test
	void callOfARestClientIsAnExitSpanBelowTheCurrentOne() {
		String body = RecordedSpans.inRoot(this.tracer,
				() -> restClient().get().uri("/orders/{id}?page=2", 42).retrieve().body(String.class));
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
		assertThat(exit.isFailed()).isFalse();
		assertThat(exit.parentId()).isEqualTo(this.spans.all().get(0).spanId());
		HttpTestServer.Received received = this.server.received().get(0);
		assertThat(received.spanId()).isEqualTo(exit.spanId());
	}

	@Test
	void callOfARestTemplateIsNamedByItsMethod() {
		String body = RecordedSpans.inRoot(this.tracer,
				() -> restTemplate().postForObject(this.server.url("/orders/{id}"), "x", String.class, 42));
		assertThat(body).isEqualTo("hello");
		SpanData exit = this.spans.exit();
		assertThat(exit.name()).isEqualTo("POST");
		assertThat(exit.attributes()).doesNotContainKey("url.template")
			.containsEntry("url.full", this.server.url("/orders/42"));
		assertThat(this.server.received().get(0).spanId()).isEqualTo(exit.spanId());
	}

	@Test
	void callOutsideOfAnySpanStartsATrace() {
		restClient().get().uri("/ok").retrieve().toBodilessEntity();
		SpanData exit = this.spans.exit();
		assertThat(exit.parentId()).isNull();
		assertThat(this.server.received().get(0).spanId()).isEqualTo(exit.spanId());
	}

	@Test
	void peerIsKnownWhenTheHeadersAreWritten() {
		List<String> peers = new ArrayList<>();
		TraceparentPropagator recording = this.propagator;
		RestClient client = RestClient.builder()
			.requestInterceptor(new TracingClientHttpRequestInterceptor(
					new HttpClientTracing(() -> this.tracer, () -> new io.micrometer.tracing.propagation.Propagator() {

						@Override
						public List<String> fields() {
							return recording.fields();
						}

						@Override
						public <C> void inject(io.micrometer.tracing.TraceContext context, C carrier,
								Setter<C> setter) {
							peers.add(((ApmSpan) context).peer() + " " + ((ApmSpan) context).kind());
						}

						@Override
						public <C> io.micrometer.tracing.Span.Builder extract(C carrier, Getter<C> getter) {
							return recording.extract(carrier, getter);
						}

					}, () -> AlreadyTraced.over(recording), () -> ObservationRegistry.NOOP),
					HttpClientKind.REST_CLIENT))
			.build();
		client.get().uri(this.server.url("/ok")).retrieve().toBodilessEntity();
		assertThat(peers).containsExactly("localhost:" + this.server.port() + " CLIENT");
	}

	@Test
	void headerOfTheUserIsReplaced() {
		restClient().get()
			.uri("/ok")
			.header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
			.retrieve()
			.toBodilessEntity();
		assertThat(this.server.received().get(0).traceparents())
			.containsExactly("00-" + traceId() + "-" + this.spans.exit().spanId() + "-01");
	}

	@Test
	void headersThatNameALocalSpanDoNotMakeTheCallTraced() {
		ApmSpan local = this.tracer.nextSpan().name("local").start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(local)) {
			restClient().get()
				.uri("/ok")
				.headers((headers) -> this.propagator.inject(local, headers, HttpHeaders::set))
				.retrieve()
				.toBodilessEntity();
		}
		local.end();
		assertThat(this.server.received().get(0).spanId()).isEqualTo(this.spans.exit().spanId())
			.isNotEqualTo(local.spanId());
	}

	private String traceId() {
		return ((ApmSpan) this.spans.exit()).traceId();
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 503 })
	void statusFrom400OnIsAFailureWhetherItThrowsOrNot(int status) {
		assertThatExceptionOfType(org.springframework.web.client.RestClientResponseException.class)
			.isThrownBy(() -> restClient().get().uri("/status/{s}", status).retrieve().toBodilessEntity());
		restClient().get().uri("/status/{s}", status).retrieve().onStatus((code) -> true, (request, response) -> {
		}).toBodilessEntity();
		assertThat(this.spans.exits()).hasSize(2).allSatisfy((exit) -> {
			assertThat(exit.attributes()).containsEntry("http.response.status_code", (long) status)
				.containsEntry("error.type", String.valueOf(status));
			assertThat(exit.isFailed()).isTrue();
			assertThat(exit.error()).isNull();
		});
	}

	@Test
	void restTemplateThrowsAsBefore() {
		assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
			.isThrownBy(() -> restTemplate().getForObject(this.server.url("/status/404"), String.class));
		assertThat(this.spans.exit().attribute("error.type")).isEqualTo("404");
	}

	@Test
	void refusedConnectionIsAnError() throws IOException {
		int free;
		try (ServerSocket socket = new ServerSocket(0)) {
			free = socket.getLocalPort();
		}
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> restTemplate().getForObject("http://localhost:" + free + "/x", String.class));
		SpanData exit = this.spans.exit();
		assertThat(exit.error()).isInstanceOf(IOException.class);
		assertThat(exit.attributes()).doesNotContainKey("http.response.status_code");
	}

	@Test
	void timeoutIsAnError() {
		SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
		factory.setReadTimeout(Duration.ofMillis(50));
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> restClient((builder) -> builder.requestFactory(factory)).get()
				.uri("/slow")
				.retrieve()
				.toBodilessEntity());
		assertThat(this.spans.exit().error()).isInstanceOf(java.net.SocketTimeoutException.class);
	}

	@Test
	void redirectIsOneSpan() {
		String body = restClient().get().uri("/redirect").retrieve().body(String.class);
		assertThat(body).isEqualTo("hello");
		assertThat(this.spans.exit().attribute("http.response.status_code")).isEqualTo(200L);
		assertThat(this.server.received()).hasSize(2);
	}

	@Test
	void exceptionOfAnInterceptorReachesTheCallerAndTheSpan() {
		IllegalStateException mine = new IllegalStateException("mine");
		RestClient client = restClient((builder) -> builder.requestInterceptor((request, body, execution) -> {
			throw mine;
		}));
		assertThatIllegalStateException().isThrownBy(() -> client.get().uri("/ok").retrieve().toBodilessEntity())
			.isSameAs(mine);
		assertThat(this.spans.exit().error()).isSameAs(mine);
	}

	private static ClientHttpRequestInterceptor twice() {
		return (request, body, execution) -> {
			execution.execute(request, body).close();
			return execution.execute(request, body);
		};
	}

	@Test
	void retryInsideIsOneSpanAndEveryAttemptCarriesIt() {
		RestClient client = restClient((builder) -> builder.requestInterceptor(twice()));
		client.get().uri("/ok").retrieve().toBodilessEntity();
		assertThat(this.server.received()).extracting(HttpTestServer.Received::spanId)
			.containsExactly(this.spans.exit().spanId(), this.spans.exit().spanId());
	}

	@Test
	void everyAttemptOfARetryOutsideCarriesASpanOfItsCall() {
		RestClient client = restClient(
				(builder) -> builder.requestInterceptors((interceptors) -> interceptors.add(0, twice())));
		RecordedSpans.inRoot(this.tracer, () -> client.get().uri("/ok").retrieve().toBodilessEntity());
		assertThat(this.server.received()).hasSize(2)
			.extracting(HttpTestServer.Received::spanId)
			.isSubsetOf(this.spans.exits().stream().map(SpanData::spanId).toList());
	}

	@Test
	void secondInterceptorInTheSameChainStaysPassive() {
		RestClient client = restClient((builder) -> builder.requestInterceptor(this.interceptor));
		RecordedSpans.inRoot(this.tracer, () -> client.get().uri("/orders/{id}", 1).retrieve().toBodilessEntity());
		assertThat(this.spans.exit().name()).isEqualTo("GET /orders/{id}");
		assertThat(this.server.received().get(0).spanId()).isEqualTo(this.spans.exit().spanId());
	}

	@Test
	void callInsideAnInterceptorIsASpanOfItsOwnBelowTheCall() {
		RestClient token = restClient();
		RestClient client = restClient((builder) -> builder.requestInterceptor((request, body, execution) -> {
			token.get().uri("/token").retrieve().toBodilessEntity();
			return execution.execute(request, body);
		}));
		client.get().uri("/orders").retrieve().toBodilessEntity();
		assertThat(this.spans.exits()).extracting(SpanData::name).containsExactly("GET /orders", "GET /token");
		assertThat(this.spans.exits().get(1).parentId()).isEqualTo(this.spans.exits().get(0).spanId());
	}

	@Test
	void suppressedCallIsNeitherTracedNorMarked() {
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			restClient().get().uri("/ok").retrieve().toBodilessEntity();
		}
		assertThat(this.spans.all()).isEmpty();
		assertThat(this.server.received().get(0).traceparents()).isEmpty();
	}

	@Test
	void pausedTracerStillPropagates() {
		this.tracer.pause();
		restClient().get().uri("/ok").retrieve().toBodilessEntity();
		assertThat(this.spans.all()).isEmpty();
		assertThat(this.server.received().get(0).traceparents()).hasSize(1);
	}

	@Test
	void secretsStayOutOfTheSpan() {
		restClient().get().uri("/ok?token={t}&page=1", "s3cr3t").retrieve().toBodilessEntity();
		assertThat(this.spans.exit().attribute("url.full")).isEqualTo(this.server.url("/ok?token=REDACTED&page=1"));
		assertThat(this.spans.exit().attributes().toString()).doesNotContain("s3cr3t");
		assertThat(this.server.received().get(0).uri()).contains("s3cr3t");
	}

	@Test
	void urlThatTheApplicationPutTogetherIsNotInTheName() {
		restClient().get().uri("/orders/" + 42).retrieve().toBodilessEntity();
		assertThat(this.spans.exit().name()).isEqualTo("GET");
	}

	enum Factory {

		SIMPLE, JDK

	}

	@ParameterizedTest
	@EnumSource
	void responseIsNotBufferedAndTheSpanEndsWithItsHeaders(Factory factory) {
		RestClient client = restClient((builder) -> {
			if (factory == Factory.JDK) {
				builder.requestFactory(new JdkClientHttpRequestFactory());
			}
		});
		String body = client.get().uri("/drip").exchange((request, response) -> {
			InputStream in = response.getBody();
			String first = new String(in.readNBytes(5));
			assertThat(this.spans.exits()).hasSize(1);
			this.server.release();
			return first + new String(in.readAllBytes());
		});
		assertThat(body).isEqualTo("hellohello");
	}

	@Test
	void bodyOfARequestArrives() {
		byte[] big = new byte[3_000_000];
		byte[] echo = restClient().method(HttpMethod.PUT).uri("/echo").body(big).retrieve().body(byte[].class);
		assertThat(echo).isEqualTo(big);
		assertThat(this.server.received().get(0).bodyLength()).isEqualTo(big.length);
	}

	@Test
	void isAddedOnceAndInFront() {
		RestTemplate restTemplate = new RestTemplate();
		restTemplate.getInterceptors().add(twice());
		assertThat(this.interceptor.addTo(restTemplate.getInterceptors())).isTrue();
		assertThat(this.interceptor.addTo(restTemplate.getInterceptors())).isFalse();
		assertThat(restTemplate.getInterceptors()).hasSize(2).first().isSameAs(this.interceptor);
		List<ClientHttpRequestInterceptor> reordered = new ArrayList<>(restTemplate.getInterceptors());
		reordered.add(reordered.remove(0));
		restTemplate.setInterceptors(reordered);
		assertThat(restTemplate.getInterceptors()).first().isSameAs(this.interceptor);
	}

	@Test
	void tracerThatCannotBeHadNeverFailsACall() {
		RestClient client = RestClient.builder()
			.requestInterceptor(new TracingClientHttpRequestInterceptor(new HttpClientTracing(() -> {
				throw new IllegalStateException("closed");
			}, () -> this.propagator, () -> AlreadyTraced.over(this.propagator), () -> ObservationRegistry.NOOP),
					HttpClientKind.REST_CLIENT))
			.build();
		assertThat(client.get().uri(this.server.url("/ok")).retrieve().body(String.class)).isEqualTo("hello");
	}

}
