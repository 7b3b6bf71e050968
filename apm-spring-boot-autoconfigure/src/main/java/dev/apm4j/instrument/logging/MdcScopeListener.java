package dev.apm4j.instrument.logging;

import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ScopeListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Keeps {@code traceId}, {@code spanId} and chosen baggage in SLF4J's MDC while a span is
 * current, and leaves nothing behind when none is.
 */
public final class MdcScopeListener implements ScopeListener {

	private static final String TRACE_ID = "traceId";

	private static final String SPAN_ID = "spanId";

	private final String[] baggageFields;

	/**
	 * Creates the listener.
	 * @param baggageFields names of baggage that goes into the MDC under the same key
	 */
	public MdcScopeListener(List<String> baggageFields) {
		this.baggageFields = baggageFields.toArray(String[]::new);
	}

	@Override
	public void currentSpanChanged(@Nullable ApmSpan span) {
		@Nullable ApmSpan visible = (span != null && !span.isSuppressed()) ? span : null;
		put(TRACE_ID, (visible != null) ? visible.traceId() : null);
		put(SPAN_ID, (visible != null) ? visible.spanId() : null);
		for (String field : this.baggageFields) {
			put(field, (visible != null) ? oneLine(visible.baggage(field)) : null);
		}
	}

	/**
	 * Baggage comes from callers and may hold line breaks, which would forge log lines.
	 */
	private static @Nullable String oneLine(@Nullable String text) {
		if (text == null || text.chars().noneMatch(Character::isISOControl)) {
			return text;
		}
		StringBuilder line = new StringBuilder(text);
		for (int i = 0; i < line.length(); i++) {
			if (Character.isISOControl(line.charAt(i))) {
				line.setCharAt(i, '_');
			}
		}
		return line.toString();
	}

	private static void put(String key, @Nullable String value) {
		if (value != null) {
			MDC.put(key, value);
		}
		else {
			MDC.remove(key);
		}
	}

}
