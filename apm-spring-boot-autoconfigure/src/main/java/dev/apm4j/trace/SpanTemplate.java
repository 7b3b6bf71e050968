package dev.apm4j.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What all calls of the same kind have in common: name, role and attributes. Spans refer
 * to it instead of repeating it, so a call whose template is known costs no more than the
 * span itself. Immutable; templates with the same content are equal, and those that are
 * the same object are compared fastest.
 */
public final class SpanTemplate {

	private final String name;

	private final Span.@Nullable Kind kind;

	/** Keys at even, values at odd positions. */
	private final Object[] attributes;

	private final int hash;

	private SpanTemplate(String name, Span.@Nullable Kind kind, Object[] attributes) {
		this.name = name;
		this.kind = kind;
		this.attributes = attributes;
		this.hash = Objects.hash(name, kind) * 31 + Arrays.hashCode(attributes);
	}

	/**
	 * Creates a template. Texts that are too long are cut as those of spans are.
	 * @param name the name of the spans, of low cardinality
	 * @param kind their role; {@code null} for local work
	 * @param attributes their attributes under OpenTelemetry's keys: a {@link String},
	 * {@link Long}, {@link Double} or {@link Boolean} each
	 * @param limits the limits of the tracer
	 * @return the template
	 */
	public static SpanTemplate of(String name, Span.@Nullable Kind kind, Map<String, ?> attributes, SpanLimits limits) {
		List<Object> flat = new ArrayList<>(attributes.size() * 2);
		attributes.entrySet().stream().limit(limits.attributes()).forEach((entry) -> {
			Object value = entry.getValue();
			flat.add(entry.getKey());
			flat.add((value instanceof String text) ? limits.cut(text) : value);
		});
		return new SpanTemplate(limits.cut(name), kind, flat.toArray());
	}

	/**
	 * The name of the spans.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The role of the spans.
	 * @return the role, or {@code null} for local work
	 */
	public Span.@Nullable Kind kind() {
		return this.kind;
	}

	/**
	 * One attribute.
	 * @param key its key
	 * @return the value, or {@code null}
	 */
	public @Nullable Object attribute(String key) {
		for (int i = 0; i < this.attributes.length; i += 2) {
			if (key.equals(this.attributes[i])) {
				return this.attributes[i + 1];
			}
		}
		return null;
	}

	void forEachAttribute(BiConsumer<String, Object> action) {
		for (int i = 0; i < this.attributes.length; i += 2) {
			action.accept((String) this.attributes[i], this.attributes[i + 1]);
		}
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other == this
				|| (other instanceof SpanTemplate that && this.hash == that.hash && this.name.equals(that.name)
						&& this.kind == that.kind && Arrays.equals(this.attributes, that.attributes));
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	@Override
	public String toString() {
		return "SpanTemplate[" + this.name + "]";
	}

}
