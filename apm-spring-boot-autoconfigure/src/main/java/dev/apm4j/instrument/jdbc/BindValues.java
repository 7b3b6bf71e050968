package dev.apm4j.instrument.jdbc;

import java.sql.RowId;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.DatabaseAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The values of a statement's parameters as text. Nothing is consumed, and nothing of the
 * application's own types is called: of streams, large objects and such only the type is
 * known, and the size where the application told it. Not thread-safe.
 */
final class BindValues {

	/** As many parameters are recorded. */
	static final int MAX_PARAMETERS = 32;

	/** Characters of a value that are recorded. */
	private static final int MAX_LENGTH = 100;

	private static final String MASK = "***";

	private @Nullable String[] values = new @Nullable String[8];

	private @Nullable Map<String, String> named;

	/**
	 * Keeps the value of a parameter.
	 * @param index its position, from 1
	 * @param value the value
	 * @param length length of a stream, -1 if it isn't known
	 */
	void set(int index, @Nullable Object value, long length) {
		if (index < 1 || index > MAX_PARAMETERS) {
			return;
		}
		if (index > this.values.length) {
			this.values = Arrays.copyOf(this.values, MAX_PARAMETERS);
		}
		this.values[index - 1] = text(value, length);
	}

	void set(@Nullable String name, @Nullable Object value, long length) {
		Map<String, String> map = this.named;
		if (map == null) {
			map = new LinkedHashMap<>();
			this.named = map;
		}
		if (name != null && (map.size() < MAX_PARAMETERS || map.containsKey(name))) {
			map.put(name, SecretNames.STANDARD.contains(name, 0, name.length()) ? MASK : text(value, length));
		}
	}

	void clear() {
		Arrays.fill(this.values, null);
		this.named = null;
	}

	/**
	 * Makes the values attributes of a span.
	 * @param span the span
	 * @param secrets a bit for each parameter, set where its value is a secret
	 */
	void describe(ApmSpan span, int secrets) {
		for (int i = 0; i < this.values.length; i++) {
			String value = this.values[i];
			if (value != null) {
				span.tag(DatabaseAttributes.QUERY_PARAMETER + i, ((secrets & (1 << i)) != 0) ? MASK : value);
			}
		}
		if (this.named != null) {
			this.named.forEach((name, value) -> span.tag(DatabaseAttributes.QUERY_PARAMETER + name, value));
		}
	}

	private static String text(@Nullable Object value, long length) {
		if (value == null) {
			return "null";
		}
		if (value instanceof byte[] bytes) {
			return "byte[" + bytes.length + "]";
		}
		if (value instanceof String text) {
			return cut(text);
		}
		if (isPlain(value)) {
			return cut(value.toString());
		}
		String type = value.getClass().getSimpleName();
		return (length >= 0) ? type + "[" + length + "]" : type;
	}

	/** Types of the JDK whose text is their value. */
	private static boolean isPlain(Object value) {
		if (value instanceof RowId) {
			return false;
		}
		return value instanceof Boolean || value instanceof Character || value instanceof UUID
				|| (value instanceof Enum<?>)
				|| ((value instanceof Number || value instanceof Date || value instanceof TemporalAccessor
						|| value instanceof java.net.URL) && value.getClass().getName().startsWith("java."));
	}

	private static String cut(String text) {
		return (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) : text;
	}

}
