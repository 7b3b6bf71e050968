package dev.apm4j.export;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BackendSelectorTests {

	private final RecordingExporter zipkin = new RecordingExporter("zipkin");

	private final RecordingExporter embedded = new RecordingExporter("embedded");

	private final BackendSelector selector = new BackendSelector(List.of(this.zipkin, this.embedded));

	@Test
	void backendsComeInTheOrderOfTheirNames() {
		assertThat(this.selector.select(List.of("embedded", "zipkin"))).containsExactly(this.embedded, this.zipkin);
		assertThat(this.selector.select(List.of("zipkin"))).containsExactly(this.zipkin);
	}

	@Test
	void duplicatesCaseAndBlanksDoNotMatter() {
		assertThat(this.selector.select(List.of(" Zipkin", "", "zipkin", "ZIPKIN "))).containsExactly(this.zipkin);
	}

	@Test
	void noNamesMeanNoBackends() {
		assertThat(this.selector.select(List.of())).isEmpty();
	}

	@Test
	void anUnknownNameListsTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.selector.select(List.of("zipkin", "zipkni")))
			.withMessage("there is no backend 'zipkni'; known are embedded, zipkin");
		assertThatIllegalArgumentException().isThrownBy(() -> new BackendSelector(List.of()).select(List.of("a")))
			.withMessage("there is no backend 'a'; known are none");
	}

	@Test
	void twoBackendsOfOneNameAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new BackendSelector(List.of(this.zipkin, new RecordingExporter("zipkin"))))
			.withMessageContaining("two backends are called 'zipkin'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Zipkin", "a b", "a\nb", "-a" })
	void aNameThatCannotBeChosenIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new BackendSelector(List.of(new RecordingExporter(name))))
			.withMessageContaining("the name of a backend must match");
	}

}
