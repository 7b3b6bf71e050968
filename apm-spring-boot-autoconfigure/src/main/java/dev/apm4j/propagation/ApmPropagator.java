package dev.apm4j.propagation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmSpanBuilder;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import dev.apm4j.trace.SegmentReference;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the trace headers in the configured formats. Thread-safe.
 * <p>
 * When formats disagree the first that is configured decides the trace; the later ones
 * add what is their own: baggage under new names, the calling segment, extensions. No
 * method throws: a carrier that fails is one without headers.
 */
public final class ApmPropagator implements Propagator {

	private final ApmTracer tracer;

	private final HeaderCodec[] consumed;

	private final HeaderCodec[] produced;

	private final List<String> fields;

	/**
	 * Creates a propagator.
	 * @param tracer the tracer
	 * @param consume the formats to read, the one that wins first
	 * @param produce the formats to write
	 */
	public ApmPropagator(ApmTracer tracer, List<HeaderCodec> consume, List<HeaderCodec> produce) {
		this.tracer = tracer;
		this.consumed = consume.toArray(HeaderCodec[]::new);
		this.produced = produce.toArray(HeaderCodec[]::new);
		Set<String> names = new LinkedHashSet<>();
		for (HeaderCodec codec : this.produced) {
			names.addAll(codec.fields());
		}
		for (HeaderCodec codec : this.consumed) {
			names.addAll(codec.fields());
		}
		this.fields = List.copyOf(names);
	}

	/**
	 * The headers of all formats, those that are written first.
	 */
	@Override
	public List<String> fields() {
		return this.fields;
	}

	/**
	 * Writes the headers for a span. Nothing is written where tracing is suppressed, and
	 * for contexts without ids.
	 */
	@Override
	public <C> void inject(@Nullable TraceContext context, @Nullable C carrier, Setter<C> setter) {
		ApmSpan span = this.tracer.spanOf(context);
		if (span == null || carrier == null || span.isSuppressed()) {
			return;
		}
		for (HeaderCodec codec : this.produced) {
			try {
				codec.inject(span, carrier, setter);
			}
			catch (RuntimeException ex) {
				// A carrier that refuses headers must not fail the call.
			}
		}
	}

	/**
	 * Reads the headers.
	 * @return a span that continues what was found; without headers a span like any
	 * other, whose parent is the current span
	 */
	@Override
	public <C> ApmSpanBuilder extract(@Nullable C carrier, Getter<C> getter) {
		ApmSpanBuilder span = this.tracer.spanBuilder();
		if (carrier == null) {
			return span;
		}
		PropagatedContextBuilder found = PropagatedContext.builder();
		for (HeaderCodec codec : this.consumed) {
			read(codec, carrier, getter, found);
		}
		return found.isEmpty() ? span : span.setParent(found.build());
	}

	/**
	 * Whether the headers in a carrier name a span already, in any format that is read:
	 * then somebody else has written them for the same call.
	 * @param context the span
	 * @param carrier what carries the headers
	 * @param getter how to read it
	 * @param <C> type of the carrier
	 * @return whether a receiver would take this span for its parent
	 */
	public <C> boolean carries(@Nullable TraceContext context, @Nullable C carrier, Getter<C> getter) {
		ApmSpan span = this.tracer.spanOf(context);
		if (span == null || carrier == null) {
			return false;
		}
		PropagatedContextBuilder found = PropagatedContext.builder();
		for (HeaderCodec codec : this.consumed) {
			if (codec.identifiesSpan()) {
				read(codec, carrier, getter, found);
				if (!found.isEmpty()) {
					if (names(found.build(), span)) {
						return true;
					}
					found = PropagatedContext.builder();
				}
			}
		}
		return false;
	}

	private static boolean names(PropagatedContext found, ApmSpan span) {
		if (!found.hasTrace()) {
			return false;
		}
		String traceId = found.traceId();
		String own = span.owner().traceIdHex();
		if (!traceId.equals(span.traceId()) && !traceId.equals(own) && !isRightHalf(traceId, own)) {
			return false;
		}
		SegmentReference caller = found.reference();
		return found.spanId().equals(span.spanId()) || (caller != null && caller.spanNumber() == Sw8Codec.number(span)
				&& caller.segmentId().equals(span.owner().id()));
	}

	/** Whether an id is what a format makes of another one that has room for 64 bits. */
	private static boolean isRightHalf(String traceId, String full) {
		return traceId.length() == full.length() && traceId.startsWith("0000000000000000")
				&& traceId.regionMatches(16, full, 16, 16);
	}

	private static <C> void read(HeaderCodec codec, C carrier, Getter<C> getter, PropagatedContextBuilder into) {
		try {
			codec.extract(carrier, getter, into);
		}
		catch (RuntimeException ex) {
			// A carrier that cannot be read carries nothing.
		}
	}

}
