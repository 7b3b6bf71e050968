package dev.apm4j.trace;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is current on a thread, and for what a thread keeps afterwards.
 */
class CurrentSpanTests {

	private final List<String> changes = new ArrayList<>();

	private final ApmTracer tracer = ApmTracer.builder()
		.scopeListener((span) -> this.changes.add((span != null) ? span.name() : "none"))
		.build();

	@Test
	void scopesClosedInTheWrongOrderLeaveNothingBehind() {
		ApmSpan outer = this.tracer.nextSpan().name("outer").start();
		ApmSpan inner = this.tracer.nextSpan(outer).name("inner").start();
		Tracer.SpanInScope outerScope = this.tracer.withSpan(outer);
		Tracer.SpanInScope innerScope = this.tracer.withSpan(inner);
		outerScope.close();
		assertThat(this.tracer.currentSpan()).isEqualTo(inner);
		innerScope.close();
		innerScope.close();
		assertThat(this.tracer.currentSpan()).isNull();
		assertThat(this.changes).containsExactly("outer", "inner", "none");
	}

	@Test
	void scopeClosedOnAnotherThreadChangesNeither() throws InterruptedException {
		ApmSpan span = this.tracer.nextSpan().start();
		Tracer.SpanInScope scope = this.tracer.withSpan(span);
		Thread thread = new Thread(() -> {
			scope.close();
			assertThat(this.tracer.currentSpan()).isNull();
		});
		thread.start();
		thread.join();
		assertThat(this.tracer.currentSpan()).isEqualTo(span);
		scope.close();
		assertThat(this.tracer.currentSpan()).isNull();
	}

	@Test
	void threadHoldsNothingAfterTheOutermostScope() throws Exception {
		java.lang.reflect.Field field = CurrentSpans.class.getDeclaredField("threads");
		field.setAccessible(true);
		ThreadLocal<?> threads = (ThreadLocal<?>) field.get(this.tracer.currentSpans());
		ApmSpan span = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope outer = this.tracer.withSpan(span);
				Tracer.SpanInScope inner = this.tracer.withSpan(null)) {
			assertThat(threads.get()).isEqualTo(new Object[] { inner });
		}
		assertThat(threads.get()).isEqualTo(new Object[1]);
	}

	@Test
	void contextOfAnotherProcessCanBeMadeCurrentAndHasChildren() {
		PropagatedContext remote = PropagatedContext.builder()
			.traceId("0af7651916cd43dd8448eb211c80319c")
			.spanId("b7ad6b7169203331")
			.sampled(true)
			.build();
		try (var scope = this.tracer.currentTraceContext().newScope(remote)) {
			assertThat(this.tracer.currentSpan().context()).isEqualTo(remote);
			ApmSpan child = this.tracer.nextSpan().start();
			assertThat(child.traceId()).isEqualTo(remote.traceId());
			assertThat(child.parentId()).isEqualTo(remote.spanId());
			assertThat(child.isRoot()).isTrue();
		}
	}

	@Test
	void baggageWithoutASpanIsInheritedByTheTraceThatStartsThere() {
		try (var baggage = this.tracer.createBaggageInScope("tenant", "blue")) {
			assertThat(this.tracer.getAllBaggage()).containsEntry("tenant", "blue");
			assertThat(this.tracer.nextSpan().start().baggage("tenant")).isEqualTo("blue");
		}
		assertThat(this.tracer.getAllBaggage()).isEmpty();
	}

}
