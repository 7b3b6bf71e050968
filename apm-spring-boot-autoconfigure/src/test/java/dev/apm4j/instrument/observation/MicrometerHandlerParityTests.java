package dev.apm4j.instrument.observation;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where there is nothing native, an Observation means the same as with the handlers that
 * Micrometer Tracing brings.
 */
class MicrometerHandlerParityTests {

	static Stream<Named<Consumer<ObservedTracing>>> scenarios() {
		return Stream.of(Named.of("nested", (tracing) -> tracing.observation("outer").observe(() -> {
			tracing.observation("one").lowCardinalityKeyValue("k", "v").observe(() -> {
			});
			tracing.observation("two").contextualName("second").observe(() -> {
			});
		})), Named.of("explicit parent", (tracing) -> {
			Observation parent = tracing.observation("parent").start();
			tracing.observation("around")
				.observe(() -> tracing.observation("child").parentObservation(parent).observe(() -> {
				}));
			tracing.observation("other").parentObservation(parent).observe(() -> {
			});
			parent.stop();
		}), Named.of("span by hand", (tracing) -> tracing.observation("outer").observe(() -> {
			ApmSpan span = tracing.start("manual", null);
			try (Tracer.SpanInScope scope = tracing.tracer.withSpan(span)) {
				tracing.observation("inner").observe(() -> tracing.start("deep", null).end());
			}
			span.end();
		})), Named.of("error and event", (tracing) -> {
			Observation failed = tracing.observation("failed").start();
			failed.event(Observation.Event.of("started"));
			failed.error(new IOException("broken"));
			failed.stop();
		}), Named.of("error key",
				(tracing) -> tracing.observation("refused").lowCardinalityKeyValue("error", "Refused").observe(() -> {
				})), Named.of("message", (tracing) -> {
					Map<String, String> headers = new HashMap<>();
					SenderContext<Map<String, String>> out = ObservedTracing.sender(headers, Kind.PRODUCER);
					out.setRemoteServiceName("broker");
					out.setRemoteServiceAddress("http://192.0.2.1:9092");
					tracing.observation("outer")
						.observe(() -> Observation.createNotStarted("send", () -> out, tracing.registry).observe(() -> {
						}));
					Observation
						.createNotStarted("receive", () -> ObservedTracing.receiver(headers, Kind.CONSUMER),
								tracing.registry)
						.observe(() -> tracing.observation("handle").observe(() -> {
						}));
				}), Named.of("unknown caller", (tracing) -> {
					ReceiverContext<Map<String, String>> in = ObservedTracing
						.receiver(Map.of("traceparent", "nonsense"), Kind.SERVER);
					Observation.createNotStarted("request", () -> in, tracing.registry).observe(() -> {
					});
				}), Named.of("scopes out of order", (tracing) -> {
					Observation one = tracing.observation("one").start();
					Observation.Scope first = one.openScope();
					Observation two = tracing.observation("two").start();
					Observation.Scope second = two.openScope();
					first.close();
					second.close();
					tracing.observation("three").observe(() -> {
					});
					two.stop();
					one.stop();
					tracing.registry.setCurrentObservationScope(null);
				}));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void treesAreTheSame(Consumer<ObservedTracing> scenario) {
		ObservedTracing ours = new ObservedTracing().handled();
		ObservedTracing theirs = new ObservedTracing();
		theirs.registry.observationConfig()
			.observationHandler(new FirstMatchingCompositeObservationHandler(
					new PropagatingReceiverTracingObservationHandler<>(theirs.tracer, theirs.propagator),
					new PropagatingSenderTracingObservationHandler<>(theirs.tracer, theirs.propagator),
					new DefaultTracingObservationHandler(theirs.tracer)));
		scenario.accept(ours);
		scenario.accept(theirs);
		assertThat(tree(ours)).isNotEmpty().isEqualTo(tree(theirs));
		ours.assertThreadIsClean();
	}

	private static TreeSet<String> tree(ObservedTracing tracing) {
		List<SpanData> spans = tracing.spans();
		Map<String, String> names = new HashMap<>();
		spans.forEach((span) -> names.put(span.spanId(), span.name()));
		TreeSet<String> lines = new TreeSet<>();
		for (SpanData span : spans) {
			Map<String, Object> attributes = new HashMap<>(span.attributes());
			attributes.remove("error.type");
			lines.add(span.name() + " in " + ((span.parentId() != null) ? names.get(span.parentId()) : "nothing") + " "
					+ span.kind() + " " + attributes + " " + span.events().stream().map(SpanEvent::name).toList()
					+ (span.isFailed() ? " failed" : ""));
		}
		return lines;
	}

}
