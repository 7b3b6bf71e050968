package dev.apm4j.propagation;

import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContextBuilder;
import io.micrometer.tracing.propagation.Propagator;

/**
 * One format of trace headers. Implementations are thread-safe, never throw, and ignore
 * what is malformed, oversized or hostile.
 */
public interface HeaderCodec {

	/**
	 * The name by which the configuration chooses the format.
	 * @return the name in lower case, such as {@code w3c}
	 */
	String name();

	/**
	 * The headers that are read or written.
	 * @return the names
	 */
	List<String> fields();

	/**
	 * Whether the headers name the span that sent them.
	 * @return {@code false} if they only carry baggage
	 */
	default boolean identifiesSpan() {
		return true;
	}

	/**
	 * Reads the headers. If an earlier format has found a trace already
	 * ({@link PropagatedContextBuilder#join} tells) the format only adds what is its own:
	 * baggage under new names, a reference to the calling segment, extensions.
	 * @param carrier what carries the headers
	 * @param getter how to read it; perhaps a {@link MultiValueGetter}
	 * @param into what was read goes here
	 * @param <C> type of the carrier
	 */
	<C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into);

	/**
	 * Writes the headers for a call that a span makes.
	 * @param span the exit span, or any span whose context is to travel
	 * @param carrier what carries the headers
	 * @param setter how to write it
	 * @param <C> type of the carrier
	 */
	<C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter);

}
