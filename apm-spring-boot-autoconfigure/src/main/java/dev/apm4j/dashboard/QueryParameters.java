package dev.apm4j.dashboard;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.apm4j.export.embedded.StatementQuery;
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
		return new TraceQuery(limit(TraceQuery.DEFAULT_LIMIT, TraceQuery.MAX_LIMIT), this.values.get("service"),
				this.values.get("name"), minDuration(), error());
	}

	StatementQuery toStatementQuery() {
		return new StatementQuery(limit(StatementQuery.DEFAULT_LIMIT, StatementQuery.MAX_LIMIT), order(),
				this.values.get("endpoint"), this.values.get("text"));
	}

	UsageQuery toUsageQuery() {
		return new UsageQuery(this.values.get("package"), this.values.get("class"), this.values.get("find"),
				usageState(), !"false".equals(this.values.get("methods")),
				limit(UsageQuery.DEFAULT_LIMIT, UsageQuery.MAX_LIMIT));
	}

	private UsageQuery.@Nullable State usageState() {
		String value = this.values.get("state");
		if (value == null) {
			return null;
		}
		return switch (value) {
			case "called" -> UsageQuery.State.CALLED;
			case "never" -> UsageQuery.State.NEVER;
			case "unknown" -> UsageQuery.State.UNKNOWN;
			default -> throw new BadParameterException("state", "called, never or unknown");
		};
	}

	private int limit(int otherwise, int max) {
		String value = this.values.get("limit");
		if (value == null) {
			return otherwise;
		}
		int limit = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
		if (limit < 1 || limit > max) {
			throw new BadParameterException("limit", "a number from 1 to " + max);
		}
		return limit;
	}

	private StatementQuery.Order order() {
		String value = this.values.get("sort");
		if (value == null) {
			return StatementQuery.Order.TOTAL;
		}
		return switch (value) {
			case "total" -> StatementQuery.Order.TOTAL;
			case "count" -> StatementQuery.Order.COUNT;
			case "average" -> StatementQuery.Order.AVERAGE;
			case "p95" -> StatementQuery.Order.P95;
			case "rows" -> StatementQuery.Order.ROWS;
			case "errors" -> StatementQuery.Order.ERRORS;
			case "callsPerRequest" -> StatementQuery.Order.CALLS_PER_REQUEST;
			case "repeated" -> StatementQuery.Order.REPEATED;
			default -> throw new BadParameterException("sort",
					"total, count, average, p95, rows, errors, callsPerRequest or repeated");
		};
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
