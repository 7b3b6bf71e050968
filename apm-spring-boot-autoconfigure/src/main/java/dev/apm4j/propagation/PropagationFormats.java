package dev.apm4j.propagation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The header formats by the names that the configuration uses. Immutable.
 */
public final class PropagationFormats {

	/**
	 * The formats that are read by default, the one that wins first: those that name the
	 * calling span before {@code sw8}, which names only its segment, and whose baggage
	 * has no properties.
	 */
	public static final List<String> DEFAULT_CONSUME = List.of(W3cCodec.NAME, W3cBaggageCodec.NAME, B3Codec.SINGLE_NAME,
			Sw8Codec.NAME);

	/** The formats that are written by default, whatever the backend. */
	public static final List<String> DEFAULT_PRODUCE = List.of(W3cCodec.NAME, W3cBaggageCodec.NAME);

	private final Map<String, HeaderCodec> codecs;

	private PropagationFormats(Map<String, HeaderCodec> codecs) {
		this.codecs = codecs;
	}

	/**
	 * The formats {@code w3c}, {@code baggage}, {@code b3}, {@code b3-multi}, {@code sw8}
	 * and {@code whatap}.
	 * @param service gives the name of this service
	 * @param instance gives the name of this instance of the service
	 * @return the formats
	 */
	public static PropagationFormats standard(Supplier<String> service, Supplier<String> instance) {
		return new PropagationFormats(Map.of()).with(List.of(new W3cCodec(), new W3cBaggageCodec(), B3Codec.single(),
				B3Codec.multi(), new Sw8Codec(service, instance), new WhaTapCodec()));
	}

	/**
	 * These formats and some more.
	 * @param more the formats; one with a known name replaces it
	 * @return new formats
	 */
	public PropagationFormats with(Collection<? extends HeaderCodec> more) {
		Map<String, HeaderCodec> all = new LinkedHashMap<>(this.codecs);
		for (HeaderCodec codec : more) {
			all.put(codec.name(), codec);
		}
		return new PropagationFormats(all);
	}

	/**
	 * The known names.
	 * @return the names
	 */
	public List<String> names() {
		return List.copyOf(this.codecs.keySet());
	}

	/**
	 * The formats of some names.
	 * @param names the names, in any case
	 * @return the formats in the order of the names, each once
	 * @throws IllegalArgumentException if a name is unknown; its message lists the known
	 * ones
	 */
	public List<HeaderCodec> codecs(List<String> names) {
		List<HeaderCodec> chosen = new ArrayList<>();
		for (String name : names) {
			HeaderCodec codec = this.codecs.get(name.trim().toLowerCase(Locale.ROOT));
			if (codec == null) {
				throw new IllegalArgumentException("Unknown propagation format '" + name + "': known are "
						+ String.join(", ", this.codecs.keySet()));
			}
			if (!chosen.contains(codec)) {
				chosen.add(codec);
			}
		}
		return List.copyOf(chosen);
	}

}
