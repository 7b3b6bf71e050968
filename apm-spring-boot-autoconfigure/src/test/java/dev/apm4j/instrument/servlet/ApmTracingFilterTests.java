package dev.apm4j.instrument.servlet;

import dev.apm4j.autoconfigure.ServletInstrumentationAutoConfiguration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The filter as the starter configures it.
 */
class ApmTracingFilterTests extends TracingFilterKit {

	@Override
	TracerFixture fixture() {
		return TracerFixture.apm();
	}

	@Override
	Class<?>[] configuration() {
		return new Class<?>[] { ServletInstrumentationAutoConfiguration.class };
	}

	@Test
	void theHandlerIsCalledInASpanThatHasItsNameAlready() throws Exception {
		assertThat(get("/named/7").body()).isEqualTo("GET /named/{id}");
		assertThat(span().tag("http.route")).isEqualTo("/named/{id}");
	}

}
