package dev.apm4j.dashboard;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.apm4j.export.embedded.TraceQuery;
import org.jspecify.annotations.Nullable;

/**
 * The query string of the API, read strictly: what can't be understood is said, not
 * guessed. An empty value is no value, as a form sends it; of several the first counts.
 */
final class QueryParameters {

	private static final Pattern DURATION = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)(us|ms|s)?");

	private final Map<String, String> values;

	private QueryParameters(Map<String, String> values) {
		this.values = values;
	}

	static QueryParameters parse(@Nullable String query) {
		Map<String, String> values = new HashMap<>();
		if (query != null) {
			for (String pair : query.split("&")) {
				int equals = pair.indexOf('=');
				String name = (equals >= 0) ? pair.substring(0, equals) : pair;
				String value = (equals >= 0) ? pair.substring(equals + 1) : "";
				if (!value.isEmpty()) {
					values.putIfAbsent(name, decodeParameter(name, value));
				}
			}
		}
		return new QueryParameters(values);
	}

	private static String decodeParameter(String name, String value) {
		String decoded = decode(value.replace('+', ' '));
		if (decoded == null) {
			throw new BadParameterException(name.matches("[A-Za-z]{1,32}") ? name : "query", "percent-encoded UTF-8");
		}
		return decoded;
	}

	/**
	 * Decodes percent-encoded UTF-8.
	 * @param text the encoded text
	 * @return the text, or {@code null} if it is malformed
	 */
	static @Nullable String decode(String text) {
		if (text.indexOf('%') < 0) {
			return text;
		}
		byte[] raw = text.getBytes(StandardCharsets.UTF_8);
		ByteBuffer bytes = ByteBuffer.allocate(raw.length);
		for (int i = 0; i < raw.length; i++) {
			if (raw[i] != '%') {
				bytes.put(raw[i]);
				continue;
			}
			int high = (i + 2 < raw.length) ? Character.digit(raw[i + 1], 16) : -1;
			int low = (high >= 0) ? Character.digit(raw[i + 2], 16) : -1;
			if (low < 0) {
				return null;
			}
			bytes.put((byte) (high << 4 | low));
			i += 2;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	TraceQuery toTraceQuery() {
		return new TraceQuery(limit(), this.values.get("service"), this.values.get("name"), minDuration(), error());
	}

	private int limit() {
		String value = this.values.get("limit");
		if (value == null) {
			return TraceQuery.DEFAULT_LIMIT;
		}
		int limit = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
		if (limit < 1 || limit > TraceQuery.MAX_LIMIT) {
			throw new BadParameterException("limit", "a number from 1 to " + TraceQuery.MAX_LIMIT);
		}
		return limit;
	}

	private long minDuration() {
		String value = this.values.get("minDuration");
		if (value == null) {
			return 0;
		}
		Matcher matcher = DURATION.matcher(value);
		if (!matcher.matches()) {
			throw new BadParameterException("minDuration",
					"a number of microseconds, or a number with the unit us, ms or s, such as 250ms");
		}
		String unit = matcher.group(2);
		int scale = "s".equals(unit) ? 6 : "ms".equals(unit) ? 3 : 0;
		BigDecimal micros = new BigDecimal(matcher.group(1)).movePointRight(scale);
		return micros.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
	}

	private @Nullable Boolean error() {
		String value = this.values.get("error");
		if (value == null) {
			return null;
		}
		return switch (value) {
			case "true" -> Boolean.TRUE;
			case "false" -> Boolean.FALSE;
			default -> throw new BadParameterException("error", "true or false");
		};
	}

}
