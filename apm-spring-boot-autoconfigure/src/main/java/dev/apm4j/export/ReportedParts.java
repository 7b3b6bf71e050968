package dev.apm4j.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What a backend reports beside segments: its parts begin with it and end with it, each
 * once. Thread-safe.
 *
 * @param <P> type of the parts
 */
public final class ReportedParts<P> {

	private final List<P> parts = new ArrayList<>();

	private final Consumer<P> begin;

	private boolean started;

	private boolean closed;

	/**
	 * Creates an empty list.
	 * @param begin begins a part; called by one thread at a time
	 */
	public ReportedParts(Consumer<P> begin) {
		this.begin = begin;
	}

	/**
	 * Adds a part. It begins with the backend, at once if that has begun; not if the
	 * backend has ended.
	 * @param part the part
	 */
	public synchronized void add(P part) {
		if (this.closed) {
			return;
		}
		this.parts.add(part);
		if (this.started) {
			this.begin.accept(part);
		}
	}

	/**
	 * Begins all parts. Does nothing the second time, or if closed before.
	 * @param then what comes after them
	 */
	public synchronized void start(Runnable then) {
		if (this.started || this.closed) {
			return;
		}
		this.started = true;
		this.parts.forEach(this.begin);
		then.run();
	}

	/**
	 * Whether the parts have begun.
	 * @return also {@code true} after the end
	 */
	public synchronized boolean isStarted() {
		return this.started;
	}

	/**
	 * Says that the backend ends.
	 * @return the parts that have begun, the last added first, or {@code null} if it was
	 * said before
	 */
	public synchronized @Nullable List<P> close() {
		if (this.closed) {
			return null;
		}
		this.closed = true;
		List<P> ending = new ArrayList<>(this.started ? this.parts : List.of());
		Collections.reverse(ending);
		return ending;
	}

}
