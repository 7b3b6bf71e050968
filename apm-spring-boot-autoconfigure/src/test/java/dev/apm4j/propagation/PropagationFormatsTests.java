package dev.apm4j.propagation;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PropagationFormatsTests {

	private final PropagationFormats formats = PropagationFormats.standard(() -> "orders", () -> "orders-1");

	@Test
	void findsFormatsInTheOrderOfTheirNames() {
		assertThat(this.formats.codecs(List.of("sw8", "W3C ", "b3", "sw8", "b3-multi", "baggage")))
			.extracting(HeaderCodec::name)
			.containsExactly("sw8", "w3c", "b3", "b3-multi", "baggage");
	}

	@Test
	void unknownNameIsRefusedWithTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.formats.codecs(List.of("w3c", "jaeger")))
			.withMessage("Unknown propagation format 'jaeger': known are w3c, baggage, b3, b3-multi, sw8, whatap");
	}

	@Test
	void formatsCanBeAdded() {
		HeaderCodec fields = new BaggageFieldCodec(List.of("x-tenant"));
		assertThat(this.formats.with(List.of(fields)).codecs(List.of("baggage-fields"))).containsExactly(fields);
		assertThat(this.formats.names()).containsExactly("w3c", "baggage", "b3", "b3-multi", "sw8", "whatap");
	}

	@Test
	void defaultsAreKnown() {
		assertThat(this.formats.codecs(PropagationFormats.DEFAULT_CONSUME)).hasSize(4);
		assertThat(this.formats.codecs(PropagationFormats.DEFAULT_PRODUCE)).hasSize(2);
	}

}
