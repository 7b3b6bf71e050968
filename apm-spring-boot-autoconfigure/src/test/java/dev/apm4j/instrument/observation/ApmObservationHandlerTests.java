package dev.apm4j.instrument.observation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Observations that no native instrumentation covers.
 */
class ApmObservationHandlerTests {

	private final ObservedTracing tracing = new ObservedTracing().handled();

	@AfterEach
	void threadIsClean() {
		this.tracing.assertThreadIsClean();
	}

	@Test
	void whatIsKnownOfAMessageIsToldBeforeItIsHandled() {
		ReceiverContext<Map<String, String>> context = ObservedTracing.receiver(new HashMap<>(), Kind.CONSUMER);
		Observation observation = Observation.createNotStarted("spring.kafka.listener", () -> context,
				this.tracing.registry);
		observation.lowCardinalityKeyValue("messaging.system", "kafka")
			.lowCardinalityKeyValue("messaging.source.name", "orders")
			.highCardinalityKeyValue("messaging.client", "none")
			.start();
		try (Observation.Scope scope = observation.openScope()) {
			ApmSpan span = this.tracing.tracer.currentSpan();
			assertThat(span.attributes()).containsEntry("messaging.system", "kafka")
				.containsEntry("messaging.source.name", "orders")
				.doesNotContainKey("messaging.client");
		}
		observation.stop();
	}

	@Test
	void aRequestHasItsMethodForANameAsLongAsNoHandlerIsFound() {
		Observation observation = Observation
			.createNotStarted("http.server.requests", () -> ObservedTracing.receiver(new HashMap<>(), Kind.SERVER),
					this.tracing.registry)
			.lowCardinalityKeyValue("method", "POST")
			.lowCardinalityKeyValue("uri", "UNKNOWN")
			.start();
		try (Observation.Scope scope = observation.openScope()) {
			Map<String, String> headers = new HashMap<>();
			Observation
				.createNotStarted("call", () -> ObservedTracing.sender(headers, Kind.CLIENT), this.tracing.registry)
				.start()
				.stop();
			assertThat(ObservedTracing.callingEndpoint(headers)).isEqualTo("POST");
		}
		observation.stop();
		assertThat(this.tracing.names()).containsExactlyInAnyOrder("POST", "call");
	}

	@Test
	void observationIsRootAndNestedOneItsChild() {
		this.tracing.observation("order.place")
			.contextualName("place order")
			.lowCardinalityKeyValue("shop.kind", "web")
			.highCardinalityKeyValue("shop.order", "42")
			.highCardinalityKeyValue("shop.coupon", "none")
			.observe(() -> this.tracing.observation("order.check").observe(() -> {
			}));
		SpanData root = this.tracing.span("place order");
		assertThat(root.kind()).isNull();
		assertThat(root.parentId()).isNull();
		assertThat(root.attributes()).isEqualTo(Map.of("shop.kind", "web", "shop.order", "42"));
		assertThat(this.tracing.span("order.check").parentId()).isEqualTo(root.spanId());
		assertThat(this.tracing.segments()).hasSize(1);
	}

	@Test
	void blankContextualNameIsNoName() {
		this.tracing.observation("order.place").contextualName(" ").observe(() -> {
		});
		assertThat(this.tracing.names()).containsExactly("order.place");
	}

	@Test
	void receiverContinuesTheTrace() {
		ReceiverContext<Map<String, String>> context = ObservedTracing.receiver(ObservedTracing.callersHeaders(),
				Kind.CONSUMER);
		context.setRemoteServiceName("broker");
		context.setRemoteServiceAddress("amqp://guest:secret@broker.example:5672/vhost");
		Observation.createNotStarted("orders receive", () -> context, this.tracing.registry).observe(() -> {
		});
		SpanData span = this.tracing.onlySpan();
		assertThat(span.kind()).isEqualTo(Span.Kind.CONSUMER);
		assertThat(span.parentId()).isEqualTo(ObservedTracing.CALLER);
		assertThat(this.tracing.segments().get(0).traceId()).isEqualTo(ObservedTracing.TRACE);
		assertThat(span.attributes()).isEqualTo(
				Map.of("peer.service", "broker", "network.peer.address", "broker.example", "network.peer.port", 5672L));
	}

	@Test
	void receiverWithoutCarrierStartsATrace() {
		Observation.createNotStarted("poll", () -> new ReceiverContext<>((carrier, key) -> null), this.tracing.registry)
			.observe(() -> {
			});
		assertThat(this.tracing.onlySpan().parentId()).isNull();
	}

	@Test
	void senderWritesHeadersThatNameItsSpanAndItsPeer() {
		Map<String, String> headers = new HashMap<>();
		SenderContext<Map<String, String>> context = ObservedTracing.sender(headers, Kind.PRODUCER);
		context.setRemoteServiceAddress("http://192.0.2.1:8080");
		Observation.createNotStarted("orders send", () -> context, this.tracing.registry).observe(() -> {
		});
		SpanData span = this.tracing.onlySpan();
		assertThat(span.kind()).isEqualTo(Span.Kind.PRODUCER);
		assertThat(headers.get("traceparent"))
			.isEqualTo("00-" + this.tracing.segments().get(0).traceId() + "-" + span.spanId() + "-03");
		String peer = headers.get("sw8").split("-")[7];
		assertThat(new String(Base64.getDecoder().decode(peer))).isEqualTo("192.0.2.1:8080");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "http://orders:8080 | network.peer.address | orders",
			"orders_db:5432 | network.peer.address | orders_db", "192.0.2.1:9092 | network.peer.address | 192.0.2.1",
			"[2001:db8::1]:9092 | network.peer.address | [2001:db8::1]",
			"one:9092,two:9092 | server.address | one:9092,two:9092",
			"mongodb://user:pw@one:27017,two:27017/db | server.address | mongodb://one:27017,two:27017/db",
			"not an address | server.address | not an address" })
	void addressIsShownInWhateverFormItComesAndWithoutCredentials(String address, String key, String expected) {
		SenderContext<Map<String, String>> context = ObservedTracing.sender(new HashMap<>(), Kind.CLIENT);
		context.setRemoteServiceAddress(address);
		Observation.createNotStarted("send", () -> context, this.tracing.registry).observe(() -> {
		});
		assertThat(this.tracing.onlySpan().attribute(key)).isEqualTo(expected);
	}

	@Test
	void headersThatCannotBeWrittenOrReadDontDisturbTheApplication() {
		SenderContext<Object> closed = new SenderContext<>((carrier, key, value) -> {
			throw new IllegalStateException("headers are read-only");
		});
		closed.setCarrier("message");
		ReceiverContext<Object> gone = new ReceiverContext<>((carrier, key) -> {
			throw new IllegalStateException("message is closed");
		});
		gone.setCarrier("message");
		Observation.createNotStarted("send", () -> closed, this.tracing.registry).observe(() -> {
		});
		Observation.createNotStarted("receive", () -> gone, this.tracing.registry).observe(() -> {
		});
		assertThat(this.tracing.names()).containsExactly("send", "receive");
	}

	@Test
	void errorIsRecordedOnce() {
		IOException first = new IOException("broken pipe");
		Throwable thrown = catchThrowable(() -> this.tracing.observation("write").observeChecked(() -> {
			this.tracing.registry.getCurrentObservation().error(first);
			throw new IllegalStateException("write failed", first);
		}));
		assertThat(thrown).hasMessage("write failed");
		assertThat(this.tracing.onlySpan().error()).isSameAs(first);
		assertThat(this.tracing.onlySpan().attributes()).isEmpty();
	}

	@Test
	void urlAmongTheKeyValuesHasNoSecrets() {
		this.tracing.observation("gateway")
			.highCardinalityKeyValue("http.uri", "http://bob:hunter2@shop.example/x?id=7&token=hunter2")
			.observe(() -> {
			});
		assertThat(this.tracing.onlySpan().attributes())
			.isEqualTo(Map.of("http.uri", "http://shop.example/x?id=7&token=REDACTED"));
	}

	@Test
	void keyValueNamedErrorMarksTheSpanAsFailedAsMicrometersHandlersDo() {
		this.tracing.observation("refused").lowCardinalityKeyValue("error", "LimitExceeded").observe(() -> {
		});
		this.tracing.observation("fine").lowCardinalityKeyValue("error", "none").observe(() -> {
		});
		assertThat(this.tracing.span("refused").isFailed()).isTrue();
		assertThat(this.tracing.span("refused").attribute("error.type")).isEqualTo("LimitExceeded");
		assertThat(this.tracing.span("fine").isFailed()).isFalse();
	}

	@Test
	void eventsKeepTheirNameAndTime() {
		Observation observation = this.tracing.observation("load").start();
		long now = System.currentTimeMillis();
		observation.event(Observation.Event.of("cache.miss", "cache miss"));
		observation.event(Observation.Event.of("cache.fill", "cache fill", now + 5_000));
		observation.stop();
		assertThat(this.tracing.onlySpan().events()).extracting(SpanEvent::name)
			.containsExactly("cache miss", "cache fill");
		long later = this.tracing.onlySpan().events().get(1).epochNanos();
		assertThat(later / 1_000_000).isBetween(now + 4_900, now + 5_100);
	}

	@Test
	void givenParentIsTheParentOnAnotherThread() throws Exception {
		Observation parent = this.tracing.observation("parent").start();
		onNewThread(() -> this.tracing.observation("child").parentObservation(parent).observe(() -> {
			this.tracing.observation("grandchild").observe(() -> {
			});
			assertThat(this.tracing.tracer.currentSpan().name()).isEqualTo("child");
		}));
		parent.stop();
		assertThat(this.tracing.segments()).hasSize(1);
		assertThat(this.tracing.span("child").parentId()).isEqualTo(this.tracing.span("parent").spanId());
		assertThat(this.tracing.span("grandchild").parentId()).isEqualTo(this.tracing.span("child").spanId());
	}

	@Test
	void spanMadeByHandBetweenObservationsIsTheParent() {
		this.tracing.observation("outer").observe(() -> {
			ApmSpan manual = this.tracing.start("manual", null);
			try (Tracer.SpanInScope scope = this.tracing.tracer.withSpan(manual)) {
				this.tracing.observation("inner").observe(() -> {
				});
			}
			manual.end();
		});
		assertThat(this.tracing.span("inner").parentId()).isEqualTo(this.tracing.span("manual").spanId());
		assertThat(this.tracing.span("manual").parentId()).isEqualTo(this.tracing.span("outer").spanId());
	}

	@Test
	void emptySnapshotClearsAndRestores() {
		ContextRegistry contexts = new ContextRegistry();
		contexts.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(this.tracing.registry));
		ContextSnapshot empty = ContextSnapshotFactory.builder()
			.contextRegistry(contexts)
			.clearMissing(true)
			.build()
			.captureAll();
		this.tracing.observation("outer").observe(() -> {
			try (ContextSnapshot.Scope scope = empty.setThreadLocals()) {
				assertThat(this.tracing.tracer.currentSpan()).isNull();
				this.tracing.observation("detached").observe(() -> {
				});
			}
			assertThat(this.tracing.tracer.currentSpan().name()).isEqualTo("outer");
		});
		assertThat(this.tracing.span("detached").parentId()).isNull();
	}

	@Test
	@SuppressWarnings("deprecation")
	void resetClosesTheScopesOfTheThreadAndNothingElse() {
		Observation outer = this.tracing.observation("outer").start();
		outer.openScope();
		Observation inner = this.tracing.observation("inner").start();
		inner.openScope();
		inner.openScope().reset();
		assertThat(this.tracing.tracer.currentSpan()).isNull();
		inner.stop();
		outer.stop();
		assertThat(this.tracing.names()).containsExactlyInAnyOrder("outer", "inner");
	}

	@Test
	void scopeThatIsMadeCurrentAgainBringsItsSpanBack() {
		Observation outer = this.tracing.observation("outer").start();
		Observation inner = this.tracing.observation("inner").start();
		try (Observation.Scope scope = outer.openScope()) {
			try (Observation.Scope nested = inner.openScope()) {
				scope.makeCurrent();
				assertThat(this.tracing.tracer.currentSpan().name()).isEqualTo("outer");
				nested.makeCurrent();
				assertThat(this.tracing.tracer.currentSpan().name()).isEqualTo("inner");
			}
			assertThat(this.tracing.tracer.currentSpan().name()).isEqualTo("outer");
		}
		inner.stop();
		outer.stop();
	}

	@Test
	void baggageFieldAmongTheKeyValuesIsBaggageInTheScope() {
		this.tracing.observation("order").lowCardinalityKeyValue("tenant", "blue").observe(() -> {
			assertThat(this.tracing.tracer.getAllBaggage()).isEqualTo(Map.of("tenant", "blue"));
		});
	}

	@Test
	void stoppedTwiceIsOneSpan() {
		Observation observation = this.tracing.observation("order").start();
		observation.stop();
		observation.stop();
		assertThat(this.tracing.names()).containsExactly("order");
	}

	@Test
	void observationThatWasNeverStartedIsNotTracedAndDoesNotFail() {
		Observation observation = this.tracing.observation("order");
		observation.event(Observation.Event.of("too early"));
		observation.error(new IOException("too early"));
		observation.stop();
		assertThat(this.tracing.spans()).isEmpty();
	}

	@Test
	void whatTheApplicationThrowsArrivesUnchanged() {
		assertThatIllegalStateException().isThrownBy(() -> this.tracing.observation("order").observe((Runnable) () -> {
			throw new IllegalStateException("out of stock");
		})).withMessage("out of stock");
	}

	@Test
	void hundredObservationsOnSeveralThreadsKeepTheirChildren() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			List<Future<?>> results = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				String name = "job-" + i;
				results.add(executor.submit(() -> {
					Observation job = this.tracing.observation(name).start();
					try (Observation.Scope scope = job.openScope()) {
						this.tracing.observation(name + ".step").observe(() -> {
						});
					}
					job.stop();
					this.tracing.assertThreadIsClean();
				}));
			}
			for (Future<?> result : results) {
				result.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(this.tracing.segments()).hasSize(100);
		for (int i = 0; i < 100; i++) {
			SpanData job = this.tracing.span("job-" + i);
			SpanData step = this.tracing.span("job-" + i + ".step");
			assertThat(job.parentId()).isNull();
			assertThat(step.parentId()).isEqualTo(job.spanId());
		}
	}

	private static void onNewThread(Runnable work) throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			executor.submit(work).get();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void whatAFilterRemovesFromAReceivedMessageIsNotTold() {
		ReceiverContext<Map<String, String>> context = ObservedTracing.receiver(new HashMap<>(), Kind.CONSUMER);
		this.tracing.registry.observationConfig()
			.observationFilter((filtered) -> filtered.removeHighCardinalityKeyValue("customer"));
		Observation.createNotStarted("receive", () -> context, this.tracing.registry)
			.lowCardinalityKeyValue("messaging.source.name", "orders")
			.highCardinalityKeyValue("customer", "Ann")
			.start()
			.stop();
		assertThat(this.tracing.onlySpan().attributes()).containsEntry("messaging.source.name", "orders")
			.doesNotContainKey("customer");
	}

}
