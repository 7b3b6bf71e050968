package dev.apm4j.trace.kit;

import java.io.IOException;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.RequestReplySenderContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Observations over the tracer, through Micrometer's own handlers.
 */
abstract class ObservationConformance extends TracerConformance {

	private ObservationRegistry registry = ObservationRegistry.NOOP;

	@BeforeEach
	void createRegistry() {
		this.registry = ObservationRegistry.create();
		this.registry.observationConfig()
			.observationHandler(new FirstMatchingCompositeObservationHandler(
					new PropagatingReceiverTracingObservationHandler<>(tracer(), propagator()),
					new PropagatingSenderTracingObservationHandler<>(tracer(), propagator()),
					new DefaultTracingObservationHandler(tracer())));
	}

	@Test
	void observationIsSpan() {
		observation("order.place").contextualName("place-order")
			.lowCardinalityKeyValue("low", "1")
			.highCardinalityKeyValue("high", "2")
			.observe(() -> assertThat(tracer().currentSpan()).isNotNull());
		assertThat(tracer().currentSpan()).isNull();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.name()).isEqualTo("place-order");
		assertThat(recorded.kind()).isNull();
		assertThat(recorded.parentId()).isNull();
		assertThat(recorded.tags()).containsEntry("low", "1").containsEntry("high", "2");
	}

	@Test
	void nestedObservationIsChild() {
		observation("outer").observe(() -> observation("inner").observe(() -> {
		}));
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "inner").parentId()).isEqualTo(finished(spans, "outer").spanId());
		assertThat(finished(spans, "inner").traceId()).isEqualTo(finished(spans, "outer").traceId());
	}

	@Test
	void givenParentObservationIsParent() {
		Observation parent = observation("parent").start();
		observation("child").parentObservation(parent).observe(() -> {
		});
		parent.stop();
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "child").parentId()).isEqualTo(finished(spans, "parent").spanId());
	}

	@Test
	void spanInsideObservationIsChild() {
		observation("outer").observe(() -> start("inner").end());
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "inner").parentId()).isEqualTo(finished(spans, "outer").spanId());
	}

	@Test
	void observationInsideSpanIsChild() {
		Span span = start("outer");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			observation("inner").observe(() -> {
			});
			assertThat(current()).isEqualTo(span);
		}
		span.end();
		assertThat(finished(finished(2), "inner").parentId()).isEqualTo(span.context().spanId());
	}

	@Test
	void spanBetweenTwoObservationsIsInTheMiddle() {
		observation("outer").observe(() -> {
			Span span = start("middle");
			try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
				observation("inner").observe(() -> {
				});
			}
			span.end();
		});
		List<RecordedSpan> spans = finished(3);
		assertThat(finished(spans, "middle").parentId()).isEqualTo(finished(spans, "outer").spanId());
		assertThat(finished(spans, "inner").parentId()).isEqualTo(finished(spans, "middle").spanId());
	}

	@Test
	void errorOfObservationIsErrorOfSpan() {
		Observation observation = observation("failed").start();
		observation.error(new IOException("broken pipe"));
		observation.stop();
		RecordedSpan recorded = onlyFinished();
		assertThat(recorded.errorType()).isEqualTo(IOException.class.getName());
		assertThat(recorded.errorMessage()).isEqualTo("broken pipe");
	}

	@Test
	void eventOfObservationIsEventOfSpan() {
		Observation observation = observation("events").start();
		observation.event(Observation.Event.of("cache.miss", "cache miss"));
		observation.stop();
		assertThat(onlyFinished().eventNames()).containsExactly("cache miss");
	}

	@Test
	void scopesOfObservationOpenAndRestore() {
		Observation outer = observation("outer").start();
		Observation inner = observation("inner").start();
		try (Observation.Scope a = outer.openScope()) {
			Span outerSpan = current();
			try (Observation.Scope b = inner.openScope()) {
				assertThat(current()).isNotEqualTo(outerSpan);
				try (Observation.Scope c = outer.openScope()) {
					assertThat(current()).isEqualTo(outerSpan);
				}
				assertThat(current()).isNotEqualTo(outerSpan);
			}
			assertThat(current()).isEqualTo(outerSpan);
		}
		assertThat(tracer().currentSpan()).isNull();
		inner.stop();
		outer.stop();
		finished(2);
	}

	@Test
	void scopeOpensOnAnotherThread() {
		Observation observation = observation("observed").start();
		try (Observation.Scope here = observation.openScope()) {
			Span span = current();
			onNewThread(() -> {
				try (Observation.Scope there = observation.openScope()) {
					assertThat(current()).isEqualTo(span);
					start("child").end();
				}
				assertThat(tracer().currentSpan()).isNull();
			});
			assertThat(current()).isEqualTo(span);
		}
		onNewThread(() -> observation.stop());
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "child").parentId()).isEqualTo(finished(spans, "observed").spanId());
	}

	@Test
	@SuppressWarnings("deprecation")
	void resetOfScopeClearsTheThread() {
		onNewThread(() -> {
			Observation outer = observation("outer").start();
			Observation.Scope outerScope = outer.openScope();
			Observation inner = observation("inner").start();
			Observation.Scope innerScope = inner.openScope();
			innerScope.reset();
			assertThat(tracer().currentSpan()).isNull();
			assertThat(outerScope).isNotNull();
			inner.stop();
			outer.stop();
		});
		finished(2);
	}

	@Test
	void senderWritesHeaders() {
		HeaderCarrier carrier = new HeaderCarrier();
		Observation parent = observation("parent").start();
		try (Observation.Scope scope = parent.openScope()) {
			RequestReplySenderContext<HeaderCarrier, Object> context = new RequestReplySenderContext<>(
					(headers, key, value) -> HeaderCarrier.SETTER.set(headers, key, value));
			context.setCarrier(carrier);
			context.setRemoteServiceName("orders");
			context.setRemoteServiceAddress("http://192.0.2.1:8080");
			Observation.createNotStarted("client", () -> context, this.registry).contextualName("get").observe(() -> {
			});
		}
		parent.stop();
		List<RecordedSpan> spans = finished(2);
		RecordedSpan client = finished(spans, "get");
		assertThat(client.kind()).isEqualTo(Span.Kind.CLIENT);
		assertThat(client.parentId()).isEqualTo(finished(spans, "parent").spanId());
		assertThat(client.remoteServiceName()).isEqualTo("orders");
		assertThat(client.remoteIp()).isEqualTo("192.0.2.1");
		assertThat(client.remotePort()).isEqualTo(8080);
		assertTraceHeader(carrier, client.traceId(), client.spanId(), true);
	}

	@Test
	void receiverContinuesTheTrace() {
		HeaderCarrier carrier = HeaderCarrier.of("traceparent",
				"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
		ReceiverContext<HeaderCarrier> context = new ReceiverContext<>(HeaderCarrier::get);
		context.setCarrier(carrier);
		Observation.createNotStarted("server", () -> context, this.registry).observe(() -> start("inner").end());
		List<RecordedSpan> spans = finished(2);
		RecordedSpan server = finished(spans, "server");
		assertThat(server.kind()).isEqualTo(Span.Kind.CONSUMER);
		assertThat(server.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		assertThat(server.parentId()).isEqualTo("b7ad6b7169203331");
		assertThat(finished(spans, "inner").parentId()).isEqualTo(server.spanId());
	}

	@Test
	void messageTravelsFromSenderToReceiver() {
		HeaderCarrier carrier = new HeaderCarrier();
		SenderContext<HeaderCarrier> out = new SenderContext<>(
				(headers, key, value) -> HeaderCarrier.SETTER.set(headers, key, value));
		out.setCarrier(carrier);
		Observation.createNotStarted("send", () -> out, this.registry).observe(() -> {
		});
		ReceiverContext<HeaderCarrier> in = new ReceiverContext<>(HeaderCarrier::get);
		in.setCarrier(carrier);
		Observation.createNotStarted("receive", () -> in, this.registry).observe(() -> {
		});
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "send").kind()).isEqualTo(Span.Kind.PRODUCER);
		assertThat(finished(spans, "receive").parentId()).isEqualTo(finished(spans, "send").spanId());
	}

	@Test
	void keyValueOfBaggageFieldIsBaggageInScope() {
		HeaderCarrier carrier = new HeaderCarrier();
		observation("observed").lowCardinalityKeyValue(TENANT, "acme").observe(() -> {
			assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "acme");
			propagator().inject(current().context(), carrier, HeaderCarrier.SETTER);
		});
		assertThat(tracer().getAllBaggage()).isEmpty();
		assertThat(carrier.get("baggage")).contains("tenant=acme");
		assertThat(onlyFinished().tags()).containsEntry(TENANT, "acme");
	}

	private Observation observation(String name) {
		return Observation.createNotStarted(name, this.registry);
	}

}
