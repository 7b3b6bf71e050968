package dev.apm4j.trace;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CurrentSpanAccessor}: what a snapshot carries, and that a pooled
 * thread keeps nothing of it.
 */
class CurrentSpanAccessorTests {

	private final ApmTracer tracer = ApmTracer.builder().build();

	private final ObservationRegistry observations = ObservationRegistry.create();

	private final ContextSnapshotFactory snapshots;

	CurrentSpanAccessorTests() {
		this.observations.observationConfig().observationHandler(new DefaultTracingObservationHandler(this.tracer));
		ContextRegistry registry = new ContextRegistry()
			.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(this.observations))
			.registerThreadLocalAccessor(new CurrentSpanAccessor("test", this.observations, this.tracer));
		this.snapshots = ContextSnapshotFactory.builder().contextRegistry(registry).clearMissing(true).build();
	}

	@AfterEach
	void threadIsClean() {
		assertThat(this.tracer.currentSpans().scope()).isNull();
	}

	@Test
	void snapshotCarriesTheSpanAndTakesItAwayAgain() {
		ApmSpan span = this.tracer.nextSpan().start();
		ContextSnapshot snapshot = captureIn(span);
		try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
			assertThat(this.tracer.currentSpan()).isSameAs(span);
		}
	}

	@Test
	void emptySnapshotInsideAnotherOneHidesTheSpanAndGivesItBack() {
		ApmSpan span = this.tracer.nextSpan().start();
		ContextSnapshot empty = this.snapshots.captureAll();
		ContextSnapshot full = captureIn(span);
		try (ContextSnapshot.Scope outer = full.setThreadLocals()) {
			try (ContextSnapshot.Scope inner = empty.setThreadLocals()) {
				assertThat(this.tracer.currentSpan()).isNull();
				try (ContextSnapshot.Scope innermost = empty.setThreadLocals()) {
					assertThat(this.tracer.currentSpan()).isNull();
				}
			}
			assertThat(this.tracer.currentSpan()).isSameAs(span);
		}
	}

	@Test
	void emptySnapshotLeavesASpanThatSomebodyElseHasMadeCurrent() {
		ContextSnapshot empty = this.snapshots.captureAll();
		ApmSpan span = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			try (ContextSnapshot.Scope cleared = empty.setThreadLocals()) {
				assertThat(this.tracer.currentSpan()).isSameAs(span);
			}
			assertThat(this.tracer.currentSpan()).isSameAs(span);
		}
	}

	@Test
	void spanOfAnObservationComesWithTheObservation() {
		Observation observation = Observation.start("work", this.observations);
		ContextSnapshot snapshot = observation.scoped(() -> this.snapshots.captureAll());
		try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
			assertThat(this.observations.getCurrentObservation()).isSameAs(observation);
			assertThat(this.tracer.currentSpan()).isNotNull();
			try (ContextSnapshot.Scope again = snapshot.setThreadLocals()) {
				assertThat(this.tracer.currentSpan()).isNotNull();
			}
		}
		observation.stop();
	}

	@Test
	void manualSpanInsideAnObservationIsCarriedBesideIt() {
		Observation observation = Observation.start("work", this.observations);
		ApmSpan manual = this.tracer.nextSpan().start();
		ContextSnapshot snapshot = observation.scoped(() -> captureIn(manual));
		try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
			assertThat(this.tracer.currentSpan()).isSameAs(manual);
		}
		observation.stop();
	}

	@Test
	void suppressionIsCarried() {
		ContextSnapshot snapshot;
		try (Tracer.SpanInScope scope = this.tracer.suppress()) {
			snapshot = this.snapshots.captureAll();
		}
		try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
			assertThat(this.tracer.isSuppressed()).isTrue();
		}
	}

	private ContextSnapshot captureIn(ApmSpan span) {
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			return this.snapshots.captureAll();
		}
	}

}
