package dev.apm4j.instrument.observation;

import java.util.HashMap;
import java.util.Map;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Scope;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingAwareMeterObservationHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Observations that have no span of their own: another instrumentation has it, they are
 * ignored, or nothing is to be traced.
 */
class CoveredObservationTests {

	private final ObservedTracing tracing = new ObservedTracing();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	CoveredObservationTests() {
		// Both forms in which Spring Boot installs the handler for meters.
		this.tracing.registry.observationConfig()
			.observationHandler(new TracingAwareMeterObservationHandler<>(
					new DefaultMeterObservationHandler(this.meters), this.tracing.tracer));
		this.tracing.handled();
	}

	@AfterEach
	void threadIsClean() {
		this.tracing.assertThreadIsClean();
	}

	private long count(String name) {
		return this.meters.get(name).timer().count();
	}

	private Observation server(Map<String, String> headers) {
		ReceiverContext<Map<String, String>> context = ObservedTracing.receiver(headers, Kind.SERVER);
		return Observation.createNotStarted("http.server.requests", () -> context, this.tracing.registry);
	}

	private Observation client(String name, Map<String, String> headers) {
		return Observation.createNotStarted(name, () -> ObservedTracing.sender(headers, Kind.CLIENT),
				this.tracing.registry);
	}

	@Test
	void serverObservationAdoptsTheNativeSpan() {
		ApmSpan entry = this.tracing.start("GET", Span.Kind.SERVER);
		try (Tracer.SpanInScope scope = this.tracing.tracer.withSpan(entry)) {
			Observation observation = server(ObservedTracing.callersHeaders()).lowCardinalityKeyValue("method", "GET")
				.lowCardinalityKeyValue("uri", "/orders/{id}")
				.lowCardinalityKeyValue("status", "404")
				.lowCardinalityKeyValue("tenant.tier", "gold")
				.start();
			try (Scope inner = observation.openScope()) {
				assertThat(this.tracing.tracer.currentSpan()).isSameAs(entry);
				this.tracing.observation("load").observe(() -> {
				});
			}
			observation.event(Observation.Event.of("handled"));
			observation.error(new IllegalArgumentException("no such order"));
			observation.stop();
			assertThat(entry.isEnded()).isFalse();
		}
		entry.name("GET /orders/{id}").end();
		SpanData span = this.tracing.span("GET /orders/{id}");
		assertThat(span.isFailed()).isFalse();
		assertThat(span.attributes()).isEqualTo(Map.of("tenant.tier", "gold"));
		assertThat(span.events()).extracting(SpanEvent::name).containsExactly("handled");
		assertThat(this.tracing.span("load").parentId()).isEqualTo(span.spanId());
		assertThat(this.tracing.spans()).hasSize(2);
		assertThat(count("http.server.requests")).isOne();
	}

	@Test
	void messageReceivedDuringARequestIsAnEntryOfItsOwnTrace() {
		ApmSpan entry = this.tracing.start("GET /poll", Span.Kind.SERVER);
		try (Tracer.SpanInScope scope = this.tracing.tracer.withSpan(entry)) {
			Observation
				.createNotStarted("orders receive",
						() -> ObservedTracing.receiver(ObservedTracing.callersHeaders(), Kind.CONSUMER),
						this.tracing.registry)
				.observe(() -> {
				});
		}
		entry.end();
		assertThat(this.tracing.span("orders receive").parentId()).isEqualTo(ObservedTracing.CALLER);
	}

	@Test
	void observedLibraryBelowAnObservedClientIsTheSameCall() {
		Map<String, String> outer = new HashMap<>();
		Map<String, String> inner = new HashMap<>();
		client("http.client.requests", outer)
			.observe(() -> client("httpcomponents.httpclient.request", inner).observe(() -> {
			}));
		assertThat(this.tracing.onlySpan().kind()).isEqualTo(Span.Kind.CLIENT);
		assertThat(outer.get("traceparent")).contains(this.tracing.onlySpan().spanId());
		assertThat(inner).isEmpty();
		assertThat(count("httpcomponents.httpclient.request")).isOne();
	}

	@Test
	void clientWithinItselfIsAnotherCall() {
		Map<String, String> token = new HashMap<>();
		client("http.client.requests", new HashMap<>())
			.observe(() -> client("http.client.requests", token).observe(() -> {
			}));
		assertThat(this.tracing.spans()).hasSize(2);
		SpanData inner = this.tracing.spans().get(1);
		assertThat(inner.parentId()).isEqualTo(this.tracing.spans().get(0).spanId());
		assertThat(token.get("traceparent")).contains(inner.spanId());
	}

	@Test
	void messageSentWhileACallIsHandledIsTraced() {
		Map<String, String> message = new HashMap<>();
		client("http.client.requests", new HashMap<>()).observe(
				() -> Observation
					.createNotStarted("orders send", () -> ObservedTracing.sender(message, Kind.PRODUCER),
							this.tracing.registry)
					.observe(() -> {
					}));
		SpanData sent = this.tracing.span("orders send");
		assertThat(sent.kind()).isEqualTo(Span.Kind.PRODUCER);
		assertThat(message.get("traceparent")).contains(sent.spanId());
	}

	@Test
	void callAfterAnotherHasEndedIsNotTakenForIt() {
		ApmSpan ended = this.tracing.start("GET", Span.Kind.CLIENT);
		ended.end();
		try (Tracer.SpanInScope scope = this.tracing.tracer.withSpan(ended)) {
			client("call", new HashMap<>()).observe(() -> {
			});
		}
		assertThat(this.tracing.names()).contains("call");
	}

	@Test
	void ignoredObservationIsTransparent() {
		this.tracing.observation("outer").observe(() -> {
			Span outer = this.tracing.tracer.currentSpan();
			Observation ignored = this.tracing.observation("spring.security.filterchains")
				.lowCardinalityKeyValue("spring.security.filterchain.size", "15")
				.start();
			try (Scope scope = ignored.openScope()) {
				assertThat(this.tracing.tracer.currentSpan()).isEqualTo(outer);
				ignored.event(Observation.Event.of("HeaderWriterFilter.before"));
				this.tracing.observation("inner").observe(() -> {
				});
			}
			ignored.error(new IllegalStateException("denied"));
			ignored.stop();
		});
		SpanData outer = this.tracing.span("outer");
		assertThat(this.tracing.span("inner").parentId()).isEqualTo(outer.spanId());
		assertThat(outer.attributes()).isEmpty();
		assertThat(outer.events()).isEmpty();
		assertThat(outer.isFailed()).isFalse();
		assertThat(this.tracing.spans()).hasSize(2);
		assertThat(count("spring.security.filterchains")).isOne();
	}

	@Test
	void ignoredObservationWithNothingAroundItMakesNothing() {
		this.tracing.observation("spring.security.http.secured.requests").observe(() -> {
			assertThat(this.tracing.tracer.currentSpan()).isNull();
			this.tracing.observation("inner").observe(() -> {
			});
		});
		assertThat(this.tracing.onlySpan().name()).isEqualTo("inner");
		assertThat(this.tracing.onlySpan().parentId()).isNull();
	}

	@Test
	void ignoredObservationCarriesTheOuterSpanToAnotherThread() throws InterruptedException {
		Observation outer = this.tracing.observation("outer").start();
		Observation ignored = this.tracing.observation("spring.security.x").parentObservation(outer).start();
		Thread thread = new Thread(() -> {
			try (Scope scope = ignored.openScope()) {
				this.tracing.observation("inner").observe(() -> {
				});
			}
		});
		thread.start();
		thread.join();
		ignored.stop();
		outer.stop();
		assertThat(this.tracing.span("inner").parentId()).isEqualTo(this.tracing.span("outer").spanId());
	}

	@Test
	void suppressedThreadRecordsNothingAndKeepsItsMeters() {
		Map<String, String> headers = new HashMap<>();
		try (Tracer.SpanInScope suppression = this.tracing.tracer.suppress()) {
			Observation observation = server(ObservedTracing.callersHeaders()).start();
			try (Scope scope = observation.openScope()) {
				assertThat(this.tracing.tracer.isSuppressed()).isTrue();
				client("http.client.requests", headers).observe(() -> {
				});
				try (Scope again = observation.openScope()) {
					assertThat(this.tracing.tracer.isSuppressed()).isTrue();
				}
				assertThat(this.tracing.tracer.isSuppressed()).isTrue();
			}
			assertThat(this.tracing.tracer.isSuppressed()).isTrue();
			observation.event(Observation.Event.of("event"));
			observation.error(new IllegalStateException("failed"));
			observation.stop();
		}
		assertThat(this.tracing.spans()).isEmpty();
		assertThat(headers).isEmpty();
		assertThat(count("http.server.requests")).isOne();
		assertThat(count("http.client.requests")).isOne();
	}

	@Test
	void suppressionGoesWithItsObservationToOtherThreads() throws InterruptedException {
		Observation suppressed;
		try (Tracer.SpanInScope suppression = this.tracing.tracer.suppress()) {
			suppressed = this.tracing.observation("health").start();
		}
		Thread thread = new Thread(() -> {
			try (Scope scope = suppressed.openScope()) {
				assertThat(this.tracing.tracer.isSuppressed()).isTrue();
				this.tracing.observation("inner").observe(() -> {
				});
				this.tracing.start("native", null).end();
			}
			this.tracing.observation("child").parentObservation(suppressed).observe(() -> {
			});
			this.tracing.assertThreadIsClean();
			this.tracing.observation("later").observe(() -> {
			});
		});
		thread.start();
		thread.join();
		suppressed.stop();
		assertThat(this.tracing.names()).containsExactly("later");
	}

	@Test
	void pausedTracerKeepsMetersAndPropagation() {
		this.tracing.tracer.pause();
		Map<String, String> headers = new HashMap<>();
		client("http.client.requests", headers).lowCardinalityKeyValue(KeyValue.of("method", "GET")).observe(() -> {
		});
		this.tracing.tracer.resume();
		assertThat(this.tracing.spans()).isEmpty();
		assertThat(headers).containsKey("traceparent");
		assertThat(count("http.client.requests")).isOne();
	}

	@Test
	void clientObservationWithinARequestIsItsChild() {
		ApmSpan entry = this.tracing.start("GET /orders", Span.Kind.SERVER);
		SenderContext<Map<String, String>> context = ObservedTracing.sender(new HashMap<>(), Kind.CLIENT);
		try (Tracer.SpanInScope scope = this.tracing.tracer.withSpan(entry)) {
			Observation.createNotStarted("call", () -> context, this.tracing.registry).observe(() -> {
			});
		}
		entry.end();
		assertThat(this.tracing.span("call").parentId()).isEqualTo(entry.spanId());
	}

}
