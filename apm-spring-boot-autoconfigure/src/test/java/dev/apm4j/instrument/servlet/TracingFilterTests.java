package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What can't be brought about on a real server.
 */
class TracingFilterTests {

	private static final String PATTERN = "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

	private static final RecordedDetails ALL = new RecordedDetails(true, true, true, true, true, List.of("tan"));

	private final TracerFixture fixture = TracerFixture.apm();

	private final ApmTracer tracer = (ApmTracer) this.fixture.tracer();

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders/1");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private TracingFilter filter(Predicate<HttpServletRequest> ignored, RecordedDetails details) {
		return new TracingFilter(this.tracer, this.fixture.propagator(), HttpServletRequest::getHeader, ignored,
				details);
	}

	private TracingFilter filter() {
		return filter((ignored) -> false, RecordedDetails.DEFAULT);
	}

	private RecordedSpan span() {
		List<RecordedSpan> spans = this.fixture.spans().await(1);
		assertThat(spans).hasSize(1);
		return spans.get(0);
	}

	@Test
	void requestThatPassesTwiceHasOneSpan() throws Exception {
		TracingFilter filter = filter();
		AtomicReference<Span> inner = new AtomicReference<>();
		FilterChain handler = (request, response) -> inner.set(this.tracer.currentSpan());
		filter.doFilter(this.request, this.response,
				(request, response) -> filter.doFilter(request, response, handler));
		assertThat(inner.get().context().spanId()).isEqualTo(span().spanId());
	}

	@Test
	void requestThatIsNotSampledIsStillCountedByItsRouteAndFailure() throws Exception {
		List<Segment> counted = new ArrayList<>();
		ApmTracer unsampled = ApmTracer.builder().sampling(SamplingPolicy.NEVER).sink(counted::add).build();
		TracingFilter filter = new TracingFilter(unsampled, new ApmPropagator(unsampled, List.of(), List.of()),
				HttpServletRequest::getHeader, (ignored) -> false, RecordedDetails.DEFAULT);
		filter.doFilter(this.request, this.response, (request, response) -> {
			request.setAttribute(PATTERN, "/orders/{id}");
			this.response.setStatus(503);
		});
		assertThat(counted).singleElement().satisfies((segment) -> {
			assertThat(segment.sampled()).isFalse();
			assertThat(segment.root().name()).isEqualTo("GET /orders/{id}");
			assertThat(segment.root().isFailed()).isTrue();
		});
	}

	@Test
	void errorDispatchAfterTheEndStillBelongsToTheTrace() throws Exception {
		TracingFilter filter = filter();
		filter.doFilter(this.request, this.response, (request, response) -> this.response.sendError(404));
		this.request.setDispatcherType(DispatcherType.ERROR);
		AtomicReference<Span> current = new AtomicReference<>();
		filter.doFilter(this.request, this.response, (request, response) -> {
			request.setAttribute(PATTERN, "/error");
			current.set(this.tracer.currentSpan());
		});
		assertThat(current.get().context().traceId()).isEqualTo(span().traceId());
		assertThat(span().name()).isEqualTo("GET");
		assertThat(span().tag("http.response.status_code")).isEqualTo("404");
	}

	@Test
	void errorPageDecidesTheStatusIfTheContainerReportsTheEnd() throws Exception {
		TracingFilter filter = filter();
		ServletRequestEvent event = new ServletRequestEvent(new MockServletContext(), this.request);
		filter.requestInitialized(event);
		assertThatIllegalState(() -> filter.doFilter(this.request, this.response, (request, response) -> {
			request.setAttribute(PATTERN, "/orders/{id}");
			throw new IllegalStateException("broken");
		}));
		this.request.setDispatcherType(DispatcherType.ERROR);
		filter.doFilter(this.request, this.response, (request, response) -> {
			request.setAttribute(PATTERN, "/error");
			this.response.setStatus(502);
		});
		filter.requestDestroyed(event);
		assertThat(span().name()).isEqualTo("GET /orders/{id}");
		assertThat(span().tag("http.response.status_code")).isEqualTo("502");
		assertThat(span().error()).hasMessage("broken");
	}

	@Test
	void failedRequestWithoutErrorPageEndsWhenTheContainerReportsIt() throws Exception {
		TracingFilter filter = filter();
		ServletRequestEvent event = new ServletRequestEvent(new MockServletContext(), this.request);
		filter.requestInitialized(event);
		filter.doFilter(this.request, this.response, (request, response) -> this.response.setStatus(503));
		filter.requestDestroyed(event);
		assertThat(span().tag("error.type")).isEqualTo("503");
	}

	private static void assertThatIllegalState(org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
		assertThatThrownBy(code).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void exceptionReachesTheContainerUnchanged() {
		ServletException thrown = new ServletException("wrapper", new IOException("downstream: Broken pipe"));
		assertThatExceptionOfType(ServletException.class)
			.isThrownBy(() -> filter().doFilter(this.request, this.response, (request, response) -> {
				throw thrown;
			}))
			.isSameAs(thrown);
		assertThat(span().tag("http.response.status_code")).isEqualTo("500");
		assertThat(span().tag("error.type")).isEqualTo("500");
		assertThat(this.tracer.currentSpan()).isNull();
	}

	@Test
	void connectionThatAHandlerOpenedItselfIsNoClient() {
		IllegalStateException thrown = new IllegalStateException(new IOException("Connection reset by peer"));
		assertThatIllegalState(() -> filter().doFilter(this.request, this.response, (request, response) -> {
			throw thrown;
		}));
		assertThat(span().error()).isSameAs(thrown);
	}

	@Test
	void spanThatWasOpenedForTheRequestFurtherOutIsAdopted() throws Exception {
		ApmSpan outer = this.tracer.nextSpan().kind(Span.Kind.SERVER).name("outer").start();
		try (ApmTracer.SpanInScope scope = this.tracer.withSpan(outer)) {
			filter().doFilter(this.request, this.response,
					(request, response) -> request.setAttribute(PATTERN, "/orders/{id}"));
		}
		assertThat(outer.isActive()).isTrue();
		outer.end();
		assertThat(span().name()).isEqualTo("GET /orders/{id}");
		assertThat(span().tag("http.response.status_code")).isEqualTo("200");
	}

	@Test
	void requestThatAHandlerMakesInTheSameProcessHasItsOwnSpan() throws Exception {
		TracingFilter filter = filter();
		MockHttpServletRequest second = new MockHttpServletRequest("GET", "/parts/1");
		filter.doFilter(this.request, this.response,
				(request, response) -> filter.doFilter(second, new MockHttpServletResponse(), (r, s) -> {
				}));
		List<RecordedSpan> spans = this.fixture.spans().await(1);
		assertThat(spans).hasSize(2);
		RecordedSpan outer = spans.stream().filter((span) -> span.tag("url.path").equals("/orders/1")).findAny().get();
		RecordedSpan inner = spans.stream().filter((span) -> span.tag("url.path").equals("/parts/1")).findAny().get();
		assertThat(inner.parentId()).isEqualTo(outer.spanId());
	}

	@Test
	void nothingOfAnIgnoredRequestIsTraced() throws Exception {
		TracingFilter filter = filter((request) -> true, RecordedDetails.DEFAULT);
		FilterChain chain = (request, response) -> {
			assertThat(this.tracer.isSuppressed()).isTrue();
			this.tracer.nextSpan().kind(Span.Kind.SERVER).start().end();
		};
		filter.doFilter(this.request, this.response, chain);
		this.request.setDispatcherType(DispatcherType.ASYNC);
		filter.doFilter(this.request, this.response, chain);
		assertThat(this.tracer.isSuppressed()).isFalse();
		assertThat(this.fixture.spans().await(0)).isEmpty();
	}

	@Test
	void failureOfTheTracingIsNoFailureOfTheRequest() throws Exception {
		Propagator broken = new Propagator() {
			@Override
			public List<String> fields() {
				return List.of();
			}

			@Override
			public <C> void inject(io.micrometer.tracing.TraceContext context, C carrier, Setter<C> setter) {
			}

			@Override
			public <C> Span.Builder extract(C carrier, Getter<C> getter) {
				throw new IllegalStateException("broken");
			}
		};
		TracingFilter filter = new TracingFilter(this.tracer, broken, HttpServletRequest::getHeader, (request) -> false,
				RecordedDetails.DEFAULT);
		filter.doFilter(this.request, this.response, (request, response) -> this.response.setStatus(204));
		assertThat(this.response.getStatus()).isEqualTo(204);
	}

	@Test
	void asynchronousRequestEndsOnceHoweverOftenTheContainerSaysSo() throws Exception {
		this.request.setAsyncSupported(true);
		filter().doFilter(this.request, this.response, (request, response) -> request.startAsync());
		assertThat(this.fixture.spans().await(0)).isEmpty();
		MockAsyncContext async = (MockAsyncContext) this.request.getAsyncContext();
		assertThat(async.getListeners()).hasSize(1);
		async.complete();
		async.complete();
		span();
	}

	@Test
	void contextPathAndServletPathBelongToTheRoute() throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/shop/api/orders/1");
		request.setContextPath("/shop");
		request.setServletPath("/api");
		request.setHttpServletMapping(new org.springframework.mock.web.MockHttpServletMapping("orders/1", "/api/*",
				"dispatcher", jakarta.servlet.http.MappingMatch.PATH));
		filter().doFilter(request, this.response, (chained, response) -> chained.setAttribute(PATTERN, "/orders/{id}"));
		assertThat(span().name()).isEqualTo("GET /shop/api/orders/{id}");
	}

	@Test
	void everyDetailIsRecordedOnDemandAndSafe() throws Exception {
		this.request.setQueryString("q=shoes&access_token=abc&tan=123");
		this.request.addHeader("User-Agent", "agent\u001b[2J" + "x".repeat(1000));
		this.request.setRemoteAddr("192.0.2.1");
		this.request.setServerName("shop.example");
		this.request.setServerPort(8443);
		this.request.setProtocol("HTTP/2.0");
		filter((request) -> false, ALL).doFilter(this.request, this.response, (request, response) -> {
		});
		assertThat(span().tags()).containsEntry("url.query", "q=shoes&access_token=REDACTED&tan=REDACTED")
			.containsEntry("client.address", "192.0.2.1")
			.containsEntry("server.address", "shop.example")
			.containsEntry("server.port", "8443")
			.containsEntry("network.protocol.version", "2");
		assertThat(span().tag("user_agent.original")).startsWith("agent%1B[2Jxxx").hasSize(256);
	}

}
