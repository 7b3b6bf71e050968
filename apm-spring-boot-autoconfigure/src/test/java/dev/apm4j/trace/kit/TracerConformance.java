package dev.apm4j.trace.kit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What all parts of the kit share: a fresh tracer for each test, access to what it
 * reported, and the check that no test leaves a span behind on its thread.
 */
@ExtendWith(OwnThread.class)
abstract class TracerConformance {

	static final String TENANT = "tenant";

	static final String REGION = "region";

	static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String MARKER = "conformance-kit-marker";

	private @Nullable TracerUnderTest underTest;

	/**
	 * Returns the factory of the tracer to examine.
	 * @return the factory
	 */
	protected abstract TracerFactory factory();

	/**
	 * Returns the head decision for the traces of this part.
	 * @return always, unless overridden
	 */
	TracerOptions.Sampling sampling() {
		return TracerOptions.Sampling.ALWAYS;
	}

	@BeforeEach
	void createTracer() {
		this.underTest = factory().create(new TracerOptions(sampling(), List.of(TENANT, REGION)));
	}

	@AfterEach
	void closeTracer() {
		underTest().close();
	}

	final void assertNothingIsLeft() {
		assertThat(tracer().currentSpan()).as("no span is left on the thread").isNull();
		assertThat(tracer().getAllBaggage()).as("no baggage is left on the thread").isEmpty();
	}

	final TracerUnderTest underTest() {
		return Objects.requireNonNull(this.underTest, "only inside a test");
	}

	final Tracer tracer() {
		return underTest().tracer();
	}

	final Propagator propagator() {
		return underTest().propagator();
	}

	final Span start(String name) {
		return tracer().nextSpan().name(name).start();
	}

	final Span startChild(Span parent, String name) {
		return child(parent).name(name).start();
	}

	final Span child(Span parent) {
		return Objects.requireNonNull(tracer().nextSpan(parent), "a child of a span");
	}

	final Span current() {
		return Objects.requireNonNull(tracer().currentSpan(), "a current span");
	}

	final HeaderCarrier inject(Span span) {
		HeaderCarrier carrier = new HeaderCarrier();
		propagator().inject(span.context(), carrier, HeaderCarrier.SETTER);
		return carrier;
	}

	final Span.Builder extract(HeaderCarrier carrier) {
		return propagator().extract(carrier, HeaderCarrier.GETTER);
	}

	/**
	 * Waits until exactly the expected number of spans is reported. One more span that is
	 * ended afterwards shows that nothing else is on its way.
	 * @param count how many spans the test ended
	 * @return the spans without the kit's own
	 */
	final List<RecordedSpan> finished(int count) {
		String marker = endMarker();
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.atMost(PATIENCE)
			.untilAsserted(() -> {
				assertThat(underTest().finishedSpans()).anyMatch((span) -> span.spanId().equals(marker));
				assertThat(reported()).hasSizeGreaterThanOrEqualTo(count);
			});
		assertThat(reported()).hasSize(count);
		return reported();
	}

	final RecordedSpan onlyFinished() {
		return finished(1).get(0);
	}

	final RecordedSpan finished(List<RecordedSpan> spans, String name) {
		return spans.stream().filter((span) -> span.name().equals(name)).findFirst().orElseThrow();
	}

	final List<RecordedSpan> reported() {
		return underTest().finishedSpans().stream().filter((span) -> !span.name().equals(MARKER)).toList();
	}

	private String endMarker() {
		try (Tracer.SpanInScope none = tracer().withSpan(null)) {
			Span marker = tracer().nextSpan().name(MARKER).start();
			marker.end();
			return marker.context().spanId();
		}
	}

	/**
	 * Checks ids and decision in a {@code traceparent} header. The other flags are free:
	 * newer OpenTelemetry SDKs set the one for random trace ids.
	 */
	static void assertTraceHeader(HeaderCarrier carrier, String traceId, String spanId, boolean sampled) {
		assertThat(carrier.get("traceparent")).isNotNull().matches("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
		String[] parts = String.valueOf(carrier.get("traceparent")).split("-", -1);
		assertThat(parts[0]).isEqualTo("00");
		assertThat(parts[1]).isEqualTo(traceId);
		assertThat(parts[2]).isEqualTo(spanId);
		assertThat(Integer.parseInt(parts[3], 16) & 1).as("sampled flag").isEqualTo(sampled ? 1 : 0);
	}

	static void assertTraceHeader(HeaderCarrier carrier, Span span, boolean sampled) {
		assertTraceHeader(carrier, span.context().traceId(), span.context().spanId(), sampled);
	}

	static void onNewThread(Runnable task) {
		onNewThread(() -> {
			task.run();
			return true;
		});
	}

	static <T> T onNewThread(Callable<T> task) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(task.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "conformance-kit");
		thread.setDaemon(true);
		thread.start();
		return get(result);
	}

	static <T> T get(Future<T> future) {
		try {
			return future.get(PATIENCE.toSeconds() * 3, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw new AssertionError(ex.getCause().getMessage(), ex.getCause());
		}
		catch (Exception ex) {
			throw new AssertionError("No result from another thread", ex);
		}
	}

}
