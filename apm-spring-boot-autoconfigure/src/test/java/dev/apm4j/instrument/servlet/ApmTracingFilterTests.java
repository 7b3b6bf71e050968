package dev.apm4j.instrument.servlet;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import dev.apm4j.autoconfigure.ServletInstrumentationAutoConfiguration;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The filter as the starter configures it.
 */
class ApmTracingFilterTests extends TracingFilterKit {

	private final TracerFixture apm = TracerFixture.apm();

	@Override
	TracerFixture fixture() {
		return this.apm;
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

	@ParameterizedTest
	@ValueSource(strings = { "/fails", "/failing" })
	void containersLogLineAboutAnExceptionBelongsToTheRequest(String path) throws Exception {
		Logger logger = Logger.getLogger("org.apache.catalina.core");
		List<String> traceIds = new CopyOnWriteArrayList<>();
		Handler handler = new Handler() {

			@Override
			public void publish(LogRecord line) {
				Span current = ApmTracingFilterTests.this.apm.tracer().currentSpan();
				traceIds.add((current != null) ? current.context().traceId() : "none");
			}

			@Override
			public void flush() {
			}

			@Override
			public void close() {
			}

		};
		Level level = logger.getLevel();
		logger.addHandler(handler);
		logger.setLevel(Level.SEVERE);
		try {
			assertThat(get(path).statusCode()).isEqualTo(500);
			assertThat(traceIds).containsExactly(span().traceId());
		}
		finally {
			logger.setLevel(level);
			logger.removeHandler(handler);
		}
	}

}
