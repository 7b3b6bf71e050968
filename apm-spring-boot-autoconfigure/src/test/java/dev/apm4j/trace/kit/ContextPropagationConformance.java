package dev.apm4j.trace.kit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.contextpropagation.ObservationAwareBaggageThreadLocalAccessor;
import io.micrometer.tracing.contextpropagation.ObservationAwareSpanThreadLocalAccessor;
import io.micrometer.tracing.contextpropagation.reactor.ReactorBaggage;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Micrometer's context propagation over the tracer: snapshots, executors and Reactor.
 * Reactor looks its accessors up in the registry of the class loader, so the test takes
 * that one, and leaves it as it was.
 */
@ResourceLock("io.micrometer.context.ContextRegistry")
abstract class ContextPropagationConformance extends TracerConformance {

	private final ContextRegistry contexts = ContextRegistry.getInstance();

	private final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();

	private final Scheduler scheduler = Schedulers.newParallel("conformance-kit", 4, true);

	private ObservationRegistry observations = ObservationRegistry.NOOP;

	@BeforeEach
	void registerAccessors() {
		this.observations = ObservationRegistry.create();
		this.observations.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer()));
		this.contexts.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(this.observations));
		this.contexts
			.registerThreadLocalAccessor(new ObservationAwareSpanThreadLocalAccessor(this.observations, tracer()));
		this.contexts
			.registerThreadLocalAccessor(new ObservationAwareBaggageThreadLocalAccessor(this.observations, tracer()));
		Hooks.enableAutomaticContextPropagation();
	}

	@AfterEach
	void removeAccessors() {
		this.scheduler.dispose();
		Hooks.disableAutomaticContextPropagation();
		this.contexts.removeThreadLocalAccessor(ObservationAwareBaggageThreadLocalAccessor.KEY);
		this.contexts.removeThreadLocalAccessor(ObservationAwareSpanThreadLocalAccessor.KEY);
		// The registry is shared by the whole JVM and had the default one from the start.
		this.contexts.registerThreadLocalAccessor(new ObservationThreadLocalAccessor());
	}

	@Test
	void snapshotCarriesTheSpan() {
		Span span = start("span");
		ContextSnapshot snapshot;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			snapshot = this.snapshots.captureAll();
		}
		onNewThread(() -> {
			try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
				assertThat(current()).isEqualTo(span);
				start("child").end();
			}
			assertThat(tracer().currentSpan()).isNull();
		});
		span.end();
		assertThat(finished(finished(2), "child").parentId()).isEqualTo(span.context().spanId());
	}

	@Test
	void snapshotReplacesAndRestores() {
		Span captured = start("captured");
		Span worker = start("worker");
		ContextSnapshot snapshot;
		try (Tracer.SpanInScope scope = tracer().withSpan(captured)) {
			snapshot = this.snapshots.captureAll();
		}
		try (Tracer.SpanInScope scope = tracer().withSpan(worker)) {
			try (ContextSnapshot.Scope restored = snapshot.setThreadLocals()) {
				assertThat(current()).isEqualTo(captured);
			}
			assertThat(current()).isEqualTo(worker);
		}
		worker.end();
		captured.end();
	}

	@Test
	void snapshotsNest() {
		Span first = start("first");
		Span second = startChild(first, "second");
		ContextSnapshot firstSnapshot = capture(first);
		ContextSnapshot secondSnapshot = capture(second);
		onNewThread(() -> {
			try (ContextSnapshot.Scope outer = firstSnapshot.setThreadLocals()) {
				try (ContextSnapshot.Scope inner = secondSnapshot.setThreadLocals()) {
					assertThat(current()).isEqualTo(second);
				}
				assertThat(current()).isEqualTo(first);
			}
			assertThat(tracer().currentSpan()).isNull();
		});
		second.end();
		first.end();
	}

	@Test
	void snapshotOfNothingClears() {
		ContextSnapshot nothing = ContextSnapshotFactory.builder().clearMissing(true).build().captureAll();
		Span span = start("span");
		ContextSnapshot snapshot = capture(span);
		// On a thread of its own: the accessor forgets its outer scope when an empty
		// snapshot is applied inside, whatever the tracer.
		onNewThread(() -> {
			ContextSnapshot.Scope scope = snapshot.setThreadLocals();
			try (ContextSnapshot.Scope cleared = nothing.setThreadLocals()) {
				assertThat(tracer().currentSpan()).isNull();
			}
			assertThat(current()).isEqualTo(span);
			scope.close();
		});
		span.end();
	}

	@Test
	void snapshotCarriesBuiltAndReceivedSpans() {
		Span received = extract(
				HeaderCarrier.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
			.name("server")
			.start();
		Span built = tracer().spanBuilder().setParent(received.context()).name("built").start();
		for (Span span : List.of(received, built)) {
			ContextSnapshot snapshot = capture(span);
			onNewThread(() -> {
				try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
					assertThat(current()).isEqualTo(span);
				}
				assertThat(tracer().currentSpan()).isNull();
			});
		}
		built.end();
		received.end();
	}

	@Test
	void snapshotCarriesBaggage() {
		Span span = start("span");
		ContextSnapshot snapshot;
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
			snapshot = this.snapshots.captureAll();
			onNewThread(() -> {
				try (ContextSnapshot.Scope restored = snapshot.setThreadLocals()) {
					assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "acme");
				}
				assertThat(tracer().getAllBaggage()).isEmpty();
			});
			assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "acme");
		}
		span.end();
	}

	@Test
	void snapshotCarriesTheSpanOfAnObservation() {
		Observation observation = Observation.start("observed", this.observations);
		try (Observation.Scope scope = observation.openScope()) {
			Span span = current();
			ContextSnapshot snapshot = this.snapshots.captureAll();
			onNewThread(() -> {
				try (ContextSnapshot.Scope restored = snapshot.setThreadLocals()) {
					assertThat(current()).isEqualTo(span);
				}
				assertThat(tracer().currentSpan()).isNull();
			});
		}
		observation.stop();
	}

	@Test
	void snapshotCarriesSpanInsideObservation() {
		Observation observation = Observation.start("observed", this.observations);
		try (Observation.Scope scope = observation.openScope()) {
			Span span = start("inner");
			try (Tracer.SpanInScope inner = tracer().withSpan(span)) {
				ContextSnapshot snapshot = this.snapshots.captureAll();
				onNewThread(() -> {
					try (ContextSnapshot.Scope restored = snapshot.setThreadLocals()) {
						assertThat(current()).isEqualTo(span);
					}
					assertThat(tracer().currentSpan()).isNull();
				});
			}
			span.end();
		}
		observation.stop();
		List<RecordedSpan> spans = finished(2);
		assertThat(finished(spans, "inner").parentId()).isEqualTo(finished(spans, "observed").spanId());
	}

	@Test
	void contextExecutorServiceCarriesTheSpan() {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		ExecutorService wrapped = ContextExecutorService.wrap(executor, this.snapshots::captureAll);
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			Callable<@Nullable Span> task = () -> tracer().currentSpan();
			assertThat(get(wrapped.submit(task))).isEqualTo(span);
			assertThat(get(executor.submit(task))).as("the worker is clean afterwards").isNull();
		}
		finally {
			executor.shutdownNow();
		}
		span.end();
	}

	@Test
	void reactorCarriesTheSpan() {
		Span span = start("span");
		List<String> parents;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			parents = Flux.range(0, 20)
				.publishOn(this.scheduler)
				.flatMap((i) -> Mono.just(i).subscribeOn(this.scheduler))
				.map((i) -> current().context().spanId())
				.contextCapture()
				.collectList()
				.block(PATIENCE);
			assertThat(current()).isEqualTo(span);
		}
		span.end();
		assertThat(parents).hasSize(20).containsOnly(span.context().spanId());
		assertSchedulersAreClean();
	}

	@Test
	void reactorCarriesSpanOfItsContext() {
		Span span = start("span");
		// On a thread of its own for the same reason.
		String seen = onNewThread(() -> Mono.just("value")
			.publishOn(this.scheduler)
			.map((value) -> current().context().spanId())
			.contextWrite((context) -> context.put(ObservationAwareSpanThreadLocalAccessor.KEY, span))
			.block(PATIENCE));
		assertThat(seen).isEqualTo(span.context().spanId());
		span.end();
	}

	@Test
	void reactorCarriesBaggageOfItsContext() {
		Span span = start("span");
		Map<String, String> seen;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			seen = Mono.just("value")
				.publishOn(this.scheduler)
				.map((value) -> tracer().getAllBaggage())
				.contextWrite(ReactorBaggage.append(TENANT, "acme"))
				.contextCapture()
				.block(PATIENCE);
		}
		span.end();
		assertThat(seen).containsEntry(TENANT, "acme");
		assertSchedulersAreClean();
	}

	private ContextSnapshot capture(Span span) {
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			return this.snapshots.captureAll();
		}
	}

	private void assertSchedulersAreClean() {
		List<Boolean> dirty = Flux.range(0, 50)
			.parallel()
			.runOn(this.scheduler)
			.map((i) -> tracer().currentSpan() != null)
			.sequential()
			.collectList()
			.block(PATIENCE);
		assertThat(dirty).containsOnly(false);
	}

}
