package dev.apm4j.trace.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a message: names without regard to case, several values a name.
 */
final class HeaderCarrier {

	static final Propagator.Setter<HeaderCarrier> SETTER = (carrier, name, value) -> {
		if (carrier != null) {
			carrier.headers.put(name, new ArrayList<>(List.of(value)));
		}
	};

	static final Propagator.Getter<HeaderCarrier> GETTER = new MultiValueGetter();

	private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	static HeaderCarrier of(String name, String value) {
		return new HeaderCarrier().with(name, value);
	}

	HeaderCarrier with(String name, String value) {
		this.headers.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value);
		return this;
	}

	@Nullable String get(String name) {
		List<String> values = this.headers.get(name);
		return (values != null) ? values.get(0) : null;
	}

	@Override
	public String toString() {
		return this.headers.toString();
	}

	static final class MultiValueGetter implements Propagator.Getter<HeaderCarrier> {

		@Override
		public @Nullable String get(HeaderCarrier carrier, String key) {
			return carrier.get(key);
		}

		// Not marked as overriding: the interface has it since Micrometer Tracing 1.6,
		// and the kit compiles against 1.5 too.
		@SuppressWarnings("MissingOverride")
		public Iterable<String> getAll(HeaderCarrier carrier, String key) {
			return carrier.headers.getOrDefault(key, List.of());
		}

	}

}
