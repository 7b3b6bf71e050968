package dev.apm4j.propagation;

import io.micrometer.tracing.propagation.Propagator;

/**
 * A getter that also gives every value of a header that is repeated. Micrometer Tracing
 * has this method only since 1.7, with the same signature; carriers of ours offer it on
 * every version.
 *
 * @param <C> type of the carrier
 */
public interface MultiValueGetter<C> extends Propagator.Getter<C> {

	/**
	 * All values of a header.
	 * @param carrier what carries the headers
	 * @param key name of the header, case-insensitive for HTTP
	 * @return the values in the order they arrived, empty if there is none
	 */
	Iterable<String> getAll(C carrier, String key);

}
