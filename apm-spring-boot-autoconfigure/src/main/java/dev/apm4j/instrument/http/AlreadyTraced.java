package dev.apm4j.instrument.http;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.http.HttpHeaders;

/**
 * Says whether a request is on its way for a span already, so that one call never makes
 * two spans. Implementations are thread-safe and don't throw.
 */
@FunctionalInterface
public interface AlreadyTraced {

	/**
	 * Whether headers name a span.
	 * @param exit the exit span that is current where the request is made
	 * @param headers the request's headers so far
	 * @return whether the headers were written for this span
	 */
	boolean test(TraceContext exit, HttpHeaders headers);

	/**
	 * Looks for the span's id in the headers that a propagator writes. Right for formats
	 * that write the id as it is (W3C, B3), blind for those that encode it.
	 * @param propagator the propagator that wrote the headers
	 * @return a check of its fields
	 */
	static AlreadyTraced over(Propagator propagator) {
		return (exit, headers) -> {
			String spanId = exit.spanId();
			for (String field : propagator.fields()) {
				String value = headers.getFirst(field);
				if (value != null && value.contains(spanId)) {
					return true;
				}
			}
			return false;
		};
	}

}
