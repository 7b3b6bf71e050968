package dev.apm4j.propagation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Headers as a server has them: names in any case, values in the order of arrival.
 */
final class Headers {

	static final Getter GETTER = new Getter();

	static final Propagator.Setter<Headers> SETTER = Headers::set;

	private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	static Headers of(String... namesAndValues) {
		Headers headers = new Headers();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			headers.add(namesAndValues[i], namesAndValues[i + 1]);
		}
		return headers;
	}

	Headers add(String name, String value) {
		this.values.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value);
		return this;
	}

	void set(String name, String value) {
		this.values.put(name, new ArrayList<>(List.of(value)));
	}

	String get(String name) {
		List<String> all = this.values.get(name);
		return (all != null) ? all.get(0) : null;
	}

	List<String> names() {
		return this.values.keySet().stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
	}

	List<String> all() {
		return this.values.values().stream().flatMap(List::stream).toList();
	}

	PropagatedContext read(HeaderCodec... codecs) {
		PropagatedContextBuilder context = PropagatedContext.builder();
		for (HeaderCodec codec : codecs) {
			codec.extract(this, GETTER, context);
		}
		return context.build();
	}

	@Override
	public String toString() {
		return this.values.toString();
	}

	static final class Getter implements MultiValueGetter<Headers> {

		@Override
		public String get(Headers carrier, String key) {
			return carrier.get(key);
		}

		@Override
		public Iterable<String> getAll(Headers carrier, String key) {
			return carrier.values.getOrDefault(key, List.of());
		}

	}

}
