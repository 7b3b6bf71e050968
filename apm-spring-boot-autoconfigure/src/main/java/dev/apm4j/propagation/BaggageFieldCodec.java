package dev.apm4j.propagation;

import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.PropagatedContextBuilder;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Baggage in headers of its own: each name is a header, its value is written as it is.
 * This is how Brave, and so Spring Cloud Sleuth, sends its baggage fields.
 * <p>
 * As nothing is encoded, only values of printable ASCII characters are read and written,
 * of at most {@value BaggageItems#MAX_BYTES} bytes; other values do not travel in this
 * format. What another format found under a name before this one was read is kept.
 */
public final class BaggageFieldCodec implements HeaderCodec {

	/** The name of the format. */
	public static final String NAME = "baggage-fields";

	private final List<String> names;

	/**
	 * Creates the format for a list of names.
	 * @param names the names of the items, which are the names of the headers
	 * @throws IllegalArgumentException if a name can be none of an HTTP header
	 */
	public BaggageFieldCodec(List<String> names) {
		this.names = List.copyOf(names);
		for (String name : this.names) {
			if (!HeaderText.isToken(name, 0, name.length())) {
				throw new IllegalArgumentException("Baggage field '" + name + "' cannot be the name of a header: "
						+ "allowed are letters, digits and !#$%&'*+-.^_`|~");
			}
		}
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public List<String> fields() {
		return this.names;
	}

	@Override
	public boolean identifiesSpan() {
		return false;
	}

	@Override
	public <C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		for (String name : this.names) {
			String header = getter.get(carrier, name);
			if (header == null || header.length() > BaggageItems.MAX_BYTES || into.baggage().get(name) != null) {
				continue;
			}
			String value = HeaderText.trim(header);
			if (!value.isEmpty() && HeaderText.isPrintable(value)) {
				into.baggage(new BaggageItems.Item(name, value, ""));
			}
		}
	}

	@Override
	public <C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter) {
		BaggageItems baggage = span.baggageItems();
		if (baggage.isEmpty()) {
			return;
		}
		for (String name : this.names) {
			String value = baggage.get(name);
			if (value != null && !value.isEmpty() && HeaderText.isPrintable(value)) {
				setter.set(carrier, name, value);
			}
		}
	}

}
