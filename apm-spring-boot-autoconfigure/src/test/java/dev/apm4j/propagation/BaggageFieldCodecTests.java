package dev.apm4j.propagation;

import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BaggageFieldCodecTests {

	private final BaggageFieldCodec codec = new BaggageFieldCodec(List.of("x-tenant", "userId"));

	private final ApmTracer tracer = ApmTracer.builder().build();

	@Test
	void eachFieldIsAHeader() {
		PropagatedContext context = Headers.of("X-Tenant", " acme corp ", "userId", "42", "other", "x")
			.read(this.codec);
		assertThat(context.baggage().get("x-tenant")).isEqualTo("acme corp");
		assertThat(context.baggage().get("userId")).isEqualTo("42");
		assertThat(context.baggage().items()).hasSize(2);
		Headers written = new Headers();
		this.codec.inject(this.tracer.spanBuilder().setParent(context).start(), written, Headers.SETTER);
		assertThat(written.get("x-tenant")).isEqualTo("acme corp");
		assertThat(written.get("userId")).isEqualTo("42");
		assertThat(written.names()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a\r\nX-Evil: 1", "a\nb", "a\u0000", "\u00e4", "a\u007f", "a\tb" })
	void ignoresWhatIsNotPrintable(String value) {
		assertThat(Headers.of("x-tenant", value).read(this.codec).baggage().isEmpty()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\r\nX-Evil: 1", "\u00e4", "a\u0000" })
	void doesNotWriteWhatNeedsEncoding(String value) {
		PropagatedContextBuilder context = PropagatedContext.builder();
		context.baggage(new BaggageItems.Item("x-tenant", value, ""));
		ApmSpan span = this.tracer.spanBuilder().setParent(context.build()).start();
		Headers written = new Headers();
		this.codec.inject(span, written, Headers.SETTER);
		assertThat(written.all()).isEmpty();
	}

	@Test
	void keepsWhatAnEarlierFormatFound() {
		Headers headers = Headers.of("baggage", "x-tenant=first", "x-tenant", "second", "userId", "42");
		assertThat(headers.read(new W3cBaggageCodec(), this.codec).baggage().asMap()).containsEntry("x-tenant", "first")
			.containsEntry("userId", "42");
		assertThat(headers.read(this.codec, new W3cBaggageCodec()).baggage().get("x-tenant")).isEqualTo("second");
	}

	@Test
	void ignoresOversizedValue() {
		assertThat(Headers.of("x-tenant", "x".repeat(8193)).read(this.codec).baggage().isEmpty()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "a:b", "a\r\nb", "\u00e4" })
	void refusesNameThatIsNoHeader(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new BaggageFieldCodec(List.of("ok", name)))
			.withMessageContaining("Baggage field '" + name + "'");
	}

}
