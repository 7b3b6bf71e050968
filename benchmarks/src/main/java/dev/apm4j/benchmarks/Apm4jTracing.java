package dev.apm4j.benchmarks;

import java.util.List;

import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.W3cCodec;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * This project's tracer, which samples everything and forgets each segment when the next
 * one ends.
 */
@State(Scope.Thread)
public class Apm4jTracing {

	/** A field, or the compiler could remove a segment that goes nowhere. */
	@Nullable Segment last;

	final ApmTracer tracer = ApmTracer.builder().sink((segment) -> this.last = segment).build();

	final Propagator propagator = new ApmPropagator(this.tracer, List.of(new W3cCodec()), List.of(new W3cCodec()));

	final Span parent = this.tracer.nextSpan().start();

}
