package dev.apm4j.trace.kit;

import java.util.Objects;
import java.util.concurrent.Callable;

import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Baggage inside a process.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>a field that is not configured: dropped, against kept and sent in the {@code
 * baggage} header, also one received.</li>
 * <li>without a current span: no value, against in scope and inherited by the next
 * root.</li>
 * <li>inside {@code withSpan(null)}, or the scope of a span made before: no baggage,
 * against that of the outer scope.</li>
 * <li>{@code getBaggage(context, field)} of a field without value: an object without
 * value, against {@code null}.</li>
 * <li>{@code get()} of a closed scope: {@code null}, against its last value.</li>
 * <li>a baggage scope closed after the scope of its span: harmless, against leaves the
 * span current.</li>
 * </ul>
 */
abstract class BaggageConformance extends TracerConformance {

	@Test
	void noBaggageAtFirst() {
		assertThat(tracer().getAllBaggage()).isEmpty();
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(tracer().getAllBaggage()).isEmpty();
			assertThat(value(TENANT)).isNull();
		}
		span.end();
	}

	@Test
	void remoteFieldsAreBaggageFields() {
		assertThat(tracer().getBaggageFields()).contains(TENANT, REGION);
	}

	@Test
	void baggageIsSeenInItsScopeOnly() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			try (BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
				assertThat(baggage.name()).isEqualTo(TENANT);
				assertThat(baggage.get()).isEqualTo("acme");
				assertThat(value(TENANT)).isEqualTo("acme");
				assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "acme").hasSize(1);
			}
			assertThat(value(TENANT)).isNull();
			assertThat(tracer().getAllBaggage()).isEmpty();
		}
		span.end();
	}

	@Test
	void innerScopeReplacesAndRestores() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope outer = tracer().createBaggageInScope(TENANT, "outer")) {
			try (BaggageInScope inner = tracer().createBaggageInScope(TENANT, "inner")) {
				assertThat(value(TENANT)).isEqualTo("inner");
				assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "inner").hasSize(1);
			}
			assertThat(value(TENANT)).isEqualTo("outer");
		}
		span.end();
	}

	@Test
	void fieldsAreIndependent() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope tenant = tracer().createBaggageInScope(TENANT, "acme")) {
			try (BaggageInScope region = tracer().createBaggageInScope(REGION, "eu")) {
				assertThat(tracer().getAllBaggage()).containsEntry(TENANT, "acme").containsEntry(REGION, "eu");
			}
			assertThat(value(TENANT)).isEqualTo("acme");
			assertThat(value(REGION)).isNull();
		}
		span.end();
	}

	@Test
	void baggageScopeKeepsTheCurrentSpan() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			try (BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
				assertThat(current()).isEqualTo(span);
			}
			assertThat(current()).isEqualTo(span);
		}
		span.end();
	}

	@Test
	void baggageOfGivenContext() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope baggage = tracer().createBaggageInScope(current().context(), TENANT, "acme")) {
			TraceContext context = current().context();
			assertThat(baggage.get()).isEqualTo("acme");
			assertThat(tracer().getAllBaggage(context)).containsEntry(TENANT, "acme");
			Baggage found = tracer().getBaggage(context, TENANT);
			assertThat(found).isNotNull();
			assertThat(found.get()).isEqualTo("acme");
			assertThat(found.get(context)).isEqualTo("acme");
		}
		span.end();
	}

	@Test
	void unknownBaggageHasNoValue() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(value("unknown")).isNull();
			Baggage unknown = tracer().getBaggage(span.context(), "unknown");
			assertThat((unknown != null) ? unknown.get() : null).isNull();
		}
		span.end();
	}

	@Test
	void closeTwiceIsCloseOnce() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope outer = tracer().createBaggageInScope(TENANT, "outer")) {
			BaggageInScope inner = tracer().createBaggageInScope(TENANT, "inner");
			inner.close();
			inner.close();
			assertThat(value(TENANT)).isEqualTo("outer");
		}
		assertThat(tracer().currentSpan()).isNull();
		span.end();
	}

	@Test
	void childInheritsBaggage() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent);
				BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
			Span child = start("child");
			try (Tracer.SpanInScope inner = tracer().withSpan(child)) {
				assertThat(value(TENANT)).isEqualTo("acme");
			}
			child.end();
		}
		parent.end();
	}

	@Test
	void baggageOfChildDoesNotReachItsParent() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
			Span child = start("child");
			try (Tracer.SpanInScope inner = tracer().withSpan(child);
					BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
				assertThat(value(TENANT)).isEqualTo("acme");
			}
			child.end();
			assertThat(value(TENANT)).isNull();
		}
		parent.end();
	}

	@Test
	void childKeepsWhatItInheritedAfterTheScope() {
		Span parent = start("parent");
		try (Tracer.SpanInScope scope = tracer().withSpan(parent)) {
			Span child;
			try (BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
				child = start("child");
			}
			try (Tracer.SpanInScope inner = tracer().withSpan(child)) {
				assertThat(value(TENANT)).isEqualTo("acme");
			}
			child.end();
			assertThat(value(TENANT)).isNull();
		}
		parent.end();
	}

	@Test
	void nameIgnoresCase() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
			assertThat(value("TENANT")).isEqualTo("acme");
		}
		span.end();
	}

	@Test
	void emptyValueIsKept() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "")) {
			assertThat(value(TENANT)).isEmpty();
		}
		span.end();
	}

	@Test
	void wrappedTaskSeesBaggage() throws Exception {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
			Callable<@Nullable String> task = tracer().currentTraceContext()
				.wrap((Callable<@Nullable String>) () -> value(TENANT));
			assertThat(onNewThread(task)).isEqualTo("acme");
		}
		span.end();
	}

	@Test
	void otherThreadDoesNotSeeBaggage() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
			onNewThread(() -> assertThat(tracer().getAllBaggage()).isEmpty());
		}
		span.end();
	}

	@Test
	void baggageWithoutCurrentSpanIsHarmless() {
		assertThatCode(() -> {
			try (BaggageInScope baggage = tracer().createBaggageInScope(TENANT, "acme")) {
				assertThat(baggage.name()).isEqualTo(TENANT);
			}
		}).doesNotThrowAnyException();
		assertThat(tracer().getAllBaggage()).isEmpty();
	}

	@Test
	@SuppressWarnings("deprecation")
	void deprecatedFactoryMakesScopes() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			try (BaggageInScope baggage = tracer().createBaggage(TENANT).makeCurrent("acme")) {
				assertThat(value(TENANT)).isEqualTo("acme");
				assertThat(tracer().createBaggage(REGION).name()).isEqualTo(REGION);
			}
			assertThat(value(TENANT)).isNull();
			try (BaggageInScope baggage = tracer().createBaggage(TENANT, "other").makeCurrent()) {
				assertThat(value(TENANT)).isEqualTo("other");
			}
		}
		span.end();
	}

	@Test
	void foundBaggageCanBeMadeCurrent() {
		Span span = start("span");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			Baggage found = Objects.requireNonNull(tracer().getBaggage(TENANT));
			try (BaggageInScope baggage = found.makeCurrent("acme")) {
				assertThat(value(TENANT)).isEqualTo("acme");
			}
			assertThat(value(TENANT)).isNull();
		}
		span.end();
	}

	private @Nullable String value(String name) {
		Baggage baggage = tracer().getBaggage(name);
		return (baggage != null) ? baggage.get() : null;
	}

}
