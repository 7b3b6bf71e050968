package dev.apm4j.instrument.servlet;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import dev.apm4j.autoconfigure.ServletInstrumentationAutoConfiguration;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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

	/** Tomcat tells no end of a request whose error page goes on asynchronously. */
	@Test
	void asynchronousErrorPageLeavesNoSpanOnTheThread() throws Exception {
		ApmTracer tracer = ApmTracer.builder().build();
		TracingFilter filter = new TracingFilter(tracer, Propagator.NOOP, HttpServletRequest::getHeader,
				(request) -> false, RecordedDetails.DEFAULT);
		MockHttpServletRequest request = new MockHttpServletRequest();
		MockHttpServletResponse response = new MockHttpServletResponse();
		request.setAsyncSupported(true);
		TracingFilter.begins(request);
		assertThatIllegalStateException().isThrownBy(() -> filter.doFilter(request, response, (passed, answer) -> {
			throw new IllegalStateException("leads to the error page");
		}));
		request.setDispatcherType(DispatcherType.ERROR);
		filter.doFilter(request, response, (passed, answer) -> passed.startAsync());
		assertThat(tracer.currentSpan()).isNull();
	}

}
