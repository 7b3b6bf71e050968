package dev.apm4j.trace.kit;

import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Baggage between processes.
 * <p>
 * Not asserted, because Brave and OpenTelemetry differ:
 * <ul>
 * <li>a field that is not configured: dropped, against kept and sent in the {@code
 * baggage} header, also one received.</li>
 * <li>inject: the baggage of the given context, against that of the thread, whatever the
 * context.</li>
 * <li>the {@code baggage} header: values as they are, against percent-encoded, with the
 * entry property {@code propagation=unlimited} (itself percent-encoded); read without
 * decoding, against decoded. So only plain values are portable.</li>
 * <li>a {@code baggage} header without {@code traceparent}: ignored, against read.</li>
 * <li>a field in both headers: {@code baggage} wins, against the header of its own.</li>
 * <li>several {@code baggage} headers: the first is read, against all of them from
 * Micrometer Tracing 1.7 on; the OpenTelemetry SDK of Spring Boot 4.1 keeps 64
 * entries.</li>
 * </ul>
 */
abstract class RemoteBaggageConformance extends TracerConformance {

	@Test
	void remoteFieldsTravel() {
		Span span = start("span");
		HeaderCarrier carrier;
		try (Tracer.SpanInScope scope = tracer().withSpan(span);
				BaggageInScope tenant = tracer().createBaggageInScope(TENANT, "acme");
				BaggageInScope region = tracer().createBaggageInScope(REGION, "eu")) {
			carrier = inject(current());
		}
		span.end();
		assertThat(carrier.get("baggage")).contains("tenant=acme").contains("region=eu");
		assertThat(carrier.get(TENANT)).isEqualTo("acme");
		assertThat(carrier.get(REGION)).isEqualTo("eu");
		assertReceived(carrier, TENANT, "acme");
	}

	@Test
	void withoutBaggageNoHeaderIsWritten() {
		Span span = start("span");
		HeaderCarrier carrier;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			carrier = inject(span);
		}
		span.end();
		assertThat(carrier.get("baggage")).isNull();
		assertThat(carrier.get(TENANT)).isNull();
	}

	@Test
	void closedBaggageDoesNotTravel() {
		Span span = start("span");
		HeaderCarrier carrier;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			tracer().createBaggageInScope(TENANT, "acme").close();
			carrier = inject(span);
		}
		span.end();
		assertThat(carrier.get("baggage")).isNull();
		assertThat(carrier.get(TENANT)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tenant=acme", "tenant=acme,region=eu", " region=eu , tenant=acme ",
			"tenant=acme;property=1,region=eu", "tenant=other,tenant=acme" })
	void baggageHeaderIsRead(String header) {
		assertReceived(traced().with("baggage", header), TENANT, "acme");
	}

	@Test
	void headerOfRemoteFieldIsRead() {
		assertReceived(traced().with(TENANT, "acme"), TENANT, "acme");
		assertReceived(HeaderCarrier.of(TENANT, "acme"), TENANT, "acme");
	}

	@Test
	void receivedBaggageTravelsOn() {
		Span span = extract(traced().with("baggage", "tenant=acme")).name("server").start();
		HeaderCarrier next;
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			Span child = start("client");
			try (Tracer.SpanInScope inner = tracer().withSpan(child)) {
				next = inject(child);
			}
			child.end();
		}
		span.end();
		assertThat(next.get("baggage")).contains("tenant=acme");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "=", "tenant", "=acme", ";;;", "tenant==,=", "%zz=%zz", "\u0000", ",,,,=,;=," })
	void malformedBaggageDoesNotHarmTheTrace(String header) {
		Span span = extract(traced().with("baggage", header)).name("server").start();
		assertThat(span.context().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThatCode(() -> tracer().getAllBaggage()).doesNotThrowAnyException();
		}
		span.end();
	}

	@Test
	void hugeBaggageDoesNotHarmTheTrace() {
		String entries = "key=value,".repeat(20_000);
		Span span = extract(traced().with("baggage", entries + "long=" + "x".repeat(100_000))).name("server").start();
		assertThat(span.context().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		span.end();
	}

	@Test
	void childOfReceivedSpanInheritsWithoutScope() {
		Span parent = extract(traced().with("baggage", "tenant=acme")).name("server").start();
		Span child = startChild(parent, "child");
		try (Tracer.SpanInScope scope = tracer().withSpan(child)) {
			assertThat(value(TENANT)).isEqualTo("acme");
		}
		child.end();
		parent.end();
	}

	@Test
	void baggageOfReceivedContextIsReadWithoutScope() {
		Span span = extract(traced().with("baggage", "tenant=acme")).name("server").start();
		assertThat(tracer().getAllBaggage(span.context())).containsEntry(TENANT, "acme");
		assertThat(tracer().getAllBaggage()).isEmpty();
		span.end();
	}

	private void assertReceived(HeaderCarrier carrier, String name, String value) {
		Span span = extract(carrier).name("server").start();
		try (Tracer.SpanInScope scope = tracer().withSpan(span)) {
			assertThat(value(name)).isEqualTo(value);
			assertThat(tracer().getAllBaggage()).containsEntry(name, value);
		}
		assertThat(tracer().getAllBaggage()).isEmpty();
		span.end();
	}

	private static HeaderCarrier traced() {
		return HeaderCarrier.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
	}

	private @Nullable String value(String name) {
		Baggage baggage = tracer().getBaggage(name);
		return (baggage != null) ? baggage.get() : null;
	}

}
