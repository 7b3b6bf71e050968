package dev.apm4j.instrument.method;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * The headers in a map that a message handler got: texts, or UTF-8 as in Kafka and AMQP,
 * or several of these under one name. The map is the user's, so it is read once and only
 * as far as a set of headers may reasonably reach.
 */
final class MapHeaders {

	static final Propagator.Getter<MapHeaders> GETTER = new Getter();

	/** Entries of a map that are looked at; a larger one holds data, not headers. */
	private static final int MAX_ENTRIES = 256;

	/** As the limit of baggage, the longest of the headers; in bytes or characters. */
	private static final int MAX_LENGTH = 8192;

	private static final int MAX_VALUES = 32;

	private final Map<String, Object> values;

	private MapHeaders(Map<String, Object> values) {
		this.values = values;
	}

	/**
	 * Reads the headers of a map.
	 * @param map any map of the application
	 * @return the headers, or {@code null} if there are none in it
	 */
	static @Nullable MapHeaders of(Map<?, ?> map) {
		Map<String, Object> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		int seen = 0;
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			if (++seen > MAX_ENTRIES) {
				break;
			}
			if (entry.getKey() instanceof CharSequence key && isText(entry.getValue())) {
				values.putIfAbsent(key.toString(), entry.getValue());
			}
		}
		return values.isEmpty() ? null : new MapHeaders(values);
	}

	private static boolean isText(@Nullable Object value) {
		return value instanceof CharSequence || value instanceof byte[] || value instanceof Collection<?>
				|| value instanceof String[];
	}

	boolean hasAnyOf(List<String> names) {
		for (String name : names) {
			if (this.values.containsKey(name)) {
				return true;
			}
		}
		return false;
	}

	private List<String> all(String name) {
		Object value = this.values.get(name);
		if (value == null) {
			return List.of();
		}
		List<String> texts = new ArrayList<>(1);
		if (value instanceof Collection<?> several) {
			addAll(several, texts);
		}
		else if (value instanceof String[] several) {
			addAll(List.of(several), texts);
		}
		else {
			add(value, texts);
		}
		return texts;
	}

	private static void addAll(Collection<?> several, List<String> texts) {
		for (Object value : several) {
			if (texts.size() == MAX_VALUES) {
				return;
			}
			add(value, texts);
		}
	}

	private static void add(@Nullable Object value, List<String> texts) {
		if (value instanceof CharSequence text && text.length() <= MAX_LENGTH) {
			texts.add(text.toString());
		}
		else if (value instanceof byte[] bytes && bytes.length <= MAX_LENGTH) {
			texts.add(new String(bytes, StandardCharsets.UTF_8));
		}
	}

	/**
	 * Micrometer Tracing asks for all values only since 1.6; before, the public method is
	 * just one that nobody calls.
	 */
	static final class Getter implements Propagator.Getter<MapHeaders> {

		@Override
		public @Nullable String get(MapHeaders headers, String name) {
			List<String> texts = headers.all(name);
			return texts.isEmpty() ? null : texts.get(0);
		}

		/**
		 * All values of a header.
		 * @param headers the headers
		 * @param name the name, in any case
		 * @return the values in their order
		 */
		public Iterable<String> getAll(MapHeaders headers, String name) {
			return headers.all(name);
		}

	}

}
