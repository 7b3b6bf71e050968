package dev.apm4j.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * What a span has recorded. Attributes are appended to one flat array of keys and values;
 * which of two values of a key counts (the last) is sorted out by the reader, not on the
 * request's thread.
 */
abstract sealed class SpanRecord implements SpanData permits PlacedSpan {

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(SpanRecord.class, "state", byte.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private static final byte NEW = 0;

	private static final byte OPEN = 1;

	private static final byte ENDED = 2;

	private static final byte ABANDONED = 3;

	private static final @Nullable Object[] NO_ATTRIBUTES = {};

	/** As many as {@link #attributesEnd} can count. */
	private static final int MAX_ATTRIBUTES = Character.MAX_VALUE / 2;

	private static final String ERROR_TYPE = "error.type";

	private final long spanIdNumber;

	/**
	 * Made when it is asked for, as for the logging context with each change of scope.
	 */
	private @Nullable String spanId;

	private long startNanos;

	private long endNanos;

	/** Keys at even, values at odd positions. */
	private @Nullable Object[] attributes = NO_ATTRIBUTES;

	/** Not an int: with the text of the id, a span is 96 bytes because of it. */
	private char attributesEnd;

	/** What this shares with other spans; own attributes come before it. */
	private @Nullable SpanTemplate template;

	private final Thread creator = Thread.currentThread();

	private String name = "";

	private Span.@Nullable Kind kind;

	private @Nullable Throwable error;

	private @Nullable SpanExtras extras;

	/**
	 * Written last with release, so that a consumer that sees the end sees all before it.
	 */
	@SuppressWarnings("FieldMayBeFinal")
	private byte state = NEW;

	SpanRecord(long spanIdNumber) {
		this.spanIdNumber = spanIdNumber;
	}

	abstract Segment segment();

	abstract SpanLimits limits();

	final void putAttribute(String key, Object value) {
		if (isWrittenByOthers()) {
			extras().putAttribute(key, value, this.attributesEnd / 2);
			return;
		}
		@Nullable Object[] array = this.attributes;
		int end = this.attributesEnd;
		if (end + 2 > array.length) {
			int limit = Math.min(limits().attributes(), MAX_ATTRIBUTES) * 2;
			if (end >= limit) {
				replaceAttribute(array, key, value);
				return;
			}
			array = Arrays.copyOf(array, Math.min(limit, capacityAfter(array.length)));
			this.attributes = array;
		}
		array[end] = key;
		array[end + 1] = value;
		this.attributesEnd = (char) (end + 2);
	}

	/**
	 * Attributes from another thread than the creator's go elsewhere, and from then on
	 * all of them: the creator's thread, which sets nearly all attributes there are,
	 * needs no atomic operation.
	 */
	private boolean isWrittenByOthers() {
		SpanExtras others = this.extras;
		return (others != null && others.hasAttributes()) || Thread.currentThread() != this.creator;
	}

	private synchronized SpanExtras extras() {
		SpanExtras mine = this.extras;
		if (mine == null) {
			mine = new SpanExtras(limits());
			this.extras = mine;
		}
		return mine;
	}

	/**
	 * Calls that cross a process have five to seven attributes, local work has up to
	 * four, and what has a template needs little else.
	 */
	private int capacityAfter(int capacity) {
		if (capacity > 0) {
			return capacity * 2;
		}
		return (this.template != null) ? 4 : (this.kind != null) ? 14 : 8;
	}

	/** Makes a span that has ended one that failed. */
	final void failAfterwards(Throwable throwable) {
		setError(throwable);
	}

	/**
	 * Sets an attribute even after the end. The reader on another thread sees the old or
	 * the new value.
	 */
	final void changeAttribute(String key, Object value) {
		SpanExtras others = this.extras;
		if ((others != null && others.attribute(key) != null) || !replaceAttribute(this.attributes, key, value)) {
			putAttribute(key, value);
		}
	}

	private static boolean replaceAttribute(@Nullable Object[] array, String key, Object value) {
		for (int i = array.length - 2; i >= 0; i -= 2) {
			if (key.equals(array[i])) {
				array[i + 1] = value;
				return true;
			}
		}
		return false;
	}

	final void addEvent(String text, long nanoTime) {
		extras().addEvent(text, nanoTime);
	}

	final void putLink(Link link) {
		extras().putLink(link);
	}

	final void copyContent(SpanRecord other) {
		this.name = other.name;
		this.kind = other.kind;
		this.error = other.error;
		other.attributes().forEach(this::putAttribute);
		other.links().forEach(this::putLink);
	}

	final void rename(String newName) {
		this.name = newName;
	}

	final void setKind(Span.@Nullable Kind newKind) {
		this.kind = newKind;
	}

	final void useTemplate(SpanTemplate newTemplate) {
		this.template = newTemplate;
		this.name = newTemplate.name();
		this.kind = newTemplate.kind();
	}

	final @Nullable SpanTemplate template() {
		return this.template;
	}

	final void setError(Throwable throwable) {
		if (this.error == null) {
			this.error = throwable;
		}
	}

	final long startNanos() {
		return this.startNanos;
	}

	final void setStartNanos(long nanoTime) {
		this.startNanos = nanoTime;
	}

	final boolean isNew() {
		return (byte) STATE.getOpaque(this) == NEW;
	}

	final boolean isOpen() {
		return (byte) STATE.getAcquire(this) == OPEN;
	}

	@Override
	public final boolean isEnded() {
		return (byte) STATE.getAcquire(this) == ENDED;
	}

	/** Whether anything may still be set. */
	final boolean isChangeable() {
		return (byte) STATE.getOpaque(this) < ENDED;
	}

	final void markOpen() {
		STATE.setRelease(this, OPEN);
	}

	final void markEnded(long nanoTime) {
		this.endNanos = nanoTime;
		STATE.setRelease(this, ENDED);
	}

	/** Changes the duration of a span that stands for several calls, after its end. */
	final void changeDuration(long nanos) {
		this.endNanos = this.startNanos + nanos;
	}

	final void markAbandoned() {
		STATE.setRelease(this, ABANDONED);
	}

	/**
	 * The number that {@link #spanId()} is the text of.
	 * @return the id, not 0
	 */
	public final long spanIdNumber() {
		return this.spanIdNumber;
	}

	@Override
	public final String spanId() {
		String text = this.spanId;
		if (text == null) {
			text = TraceIds.toHex(this.spanIdNumber);
			this.spanId = text;
		}
		return text;
	}

	@Override
	public final String name() {
		return this.name;
	}

	@Override
	public final Span.@Nullable Kind kind() {
		return this.kind;
	}

	@Override
	public final long startEpochNanos() {
		return segment().toEpochNanos(this.startNanos);
	}

	@Override
	public final long durationNanos() {
		return Math.max(0, this.endNanos - this.startNanos);
	}

	@Override
	public final Map<String, Object> attributes() {
		@Nullable Object[] array = this.attributes;
		int end = Math.min(this.attributesEnd, array.length);
		Map<String, Object> map = new LinkedHashMap<>();
		if (this.template != null) {
			this.template.forEachAttribute(map::put);
		}
		for (int i = 0; i < end; i += 2) {
			if (array[i] instanceof String key && array[i + 1] != null) {
				map.put(key, array[i + 1]);
			}
		}
		SpanExtras others = this.extras;
		if (others != null) {
			others.addAttributesTo(map);
		}
		return map;
	}

	@Override
	public final void forEachAttribute(BiConsumer<String, Object> action) {
		if (this.extras != null) {
			attributes().forEach(action);
			return;
		}
		@Nullable Object[] array = this.attributes;
		int end = Math.min(this.attributesEnd, array.length);
		if (this.template != null) {
			this.template.forEachAttribute((key, value) -> {
				if (!isSetAgain(array, key, 0, end)) {
					action.accept(key, value);
				}
			});
		}
		for (int i = 0; i < end; i += 2) {
			if (array[i] instanceof String key && array[i + 1] != null && !isSetAgain(array, key, i + 2, end)) {
				action.accept(key, array[i + 1]);
			}
		}
	}

	private static boolean isSetAgain(@Nullable Object[] array, String key, int from, int end) {
		for (int i = from; i < end; i += 2) {
			if (key.equals(array[i])) {
				return true;
			}
		}
		return false;
	}

	@Override
	public final @Nullable Object attribute(String key) {
		SpanExtras others = this.extras;
		Object othersValue = (others != null) ? others.attribute(key) : null;
		if (othersValue != null) {
			return othersValue;
		}
		@Nullable Object[] array = this.attributes;
		for (int i = Math.min(this.attributesEnd, array.length) - 2; i >= 0; i -= 2) {
			if (key.equals(array[i])) {
				return array[i + 1];
			}
		}
		return (this.template != null) ? this.template.attribute(key) : null;
	}

	@Override
	public final List<SpanEvent> events() {
		SpanExtras mine = this.extras;
		return (mine != null) ? mine.events(segment()) : List.of();
	}

	@Override
	public final List<Link> links() {
		SpanExtras mine = this.extras;
		return (mine != null) ? mine.links() : List.of();
	}

	@Override
	public final @Nullable Throwable error() {
		return this.error;
	}

	@Override
	public final boolean isFailed() {
		return this.error != null || attribute(ERROR_TYPE) != null;
	}

}
