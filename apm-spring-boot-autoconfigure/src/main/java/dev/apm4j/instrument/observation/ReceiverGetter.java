package dev.apm4j.instrument.observation;

import java.util.List;

import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of a received message.
 *
 * @param <C> type of the carrier
 */
final class ReceiverGetter<C> implements Propagator.Getter<C> {

	private final ReceiverContext<C> context;

	ReceiverGetter(ReceiverContext<C> context) {
		this.context = context;
	}

	@Override
	public @Nullable String get(C carrier, String key) {
		return this.context.getGetter().get(carrier, key);
	}

	/**
	 * All values of a header, as far as the context tells; overrides a method that
	 * Micrometer Tracing has since 1.6.
	 * @param carrier what carries the headers
	 * @param key name of the header
	 * @return the values
	 */
	public Iterable<String> getAll(C carrier, String key) {
		String value = get(carrier, key);
		return (value != null) ? List.of(value) : List.of();
	}

}
