package dev.apm4j.trace;

import java.util.List;
import java.util.Objects;

/**
 * Bounds on what one segment may hold, so that no request can grow without end. What goes
 * over a bound is dropped, counted where it is a whole span, and never an error.
 *
 * @param spans spans in a segment, 1 or more; further ones are counted in
 * {@link Segment#droppedSpans()} and keep propagating
 * @param attributes attributes of a span, 1 or more
 * @param textLength characters of a name, an attribute value or an event, 16 or more;
 * longer ones are cut
 * @param events events of a span, 0 or more
 * @param links links of a span, 0 or more
 */
public record SpanLimits(int spans, int attributes, int textLength, int events, int links) {

	/**
	 * 1,000 spans, 64 attributes, 4,096 characters, 64 events and 32 links.
	 */
	public static final SpanLimits DEFAULT = new SpanLimits(1000, 64, 4096, 64, 32);

	private static final int LIST_LENGTH = 128;

	public SpanLimits {
		if (spans < 1 || attributes < 1 || textLength < 16 || events < 0 || links < 0) {
			throw new IllegalArgumentException(
					"span limits must be positive (text length 16 or more) but are spans=" + spans + ", attributes="
							+ attributes + ", textLength=" + textLength + ", events=" + events + ", links=" + links);
		}
	}

	/**
	 * Cuts a text that is too long, never between the two halves of a surrogate pair.
	 * @param text the text
	 * @return the text, or its beginning
	 */
	public String cut(String text) {
		if (text.length() <= this.textLength) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(this.textLength - 1)) ? this.textLength - 1 : this.textLength;
		return text.substring(0, end);
	}

	/**
	 * Copies the first {@value #LIST_LENGTH} values of a list and cuts each.
	 * @param values the texts, which may contain {@code null}
	 * @return an immutable copy without {@code null}
	 */
	List<String> cutAll(List<String> values) {
		return values.stream().filter(Objects::nonNull).limit(LIST_LENGTH).map(this::cut).toList();
	}

	/**
	 * Copies the first {@value #LIST_LENGTH} values of a list.
	 * @param values the values, which may contain {@code null}
	 * @return an immutable copy without {@code null}
	 */
	<T> List<T> first(List<T> values) {
		return values.stream().filter(Objects::nonNull).limit(LIST_LENGTH).toList();
	}

}
