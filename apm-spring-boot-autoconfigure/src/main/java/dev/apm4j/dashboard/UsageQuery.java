package dev.apm4j.dashboard;

import java.util.Locale;

import dev.apm4j.usage.UsageReport.MethodUsage;
import org.jspecify.annotations.Nullable;

/**
 * Which methods are asked for.
 *
 * @param packageName only those of this package, {@code null} for all
 * @param className only those of this class, {@code null} for all
 * @param find only those with this in the text {@code class.method(parameters)}, in
 * whatever case; {@code null} for all
 * @param state only those in this state, {@code null} for all
 * @param members whether methods are listed, or only classes
 * @param limit how many classes are listed at most, and ten times as many methods
 */
record UsageQuery(@Nullable String packageName, @Nullable String className, @Nullable String find,
		@Nullable State state, boolean members, int limit) {

	static final int DEFAULT_LIMIT = 5_000;

	static final int MAX_LIMIT = 100_000;

	/** What is known of a method. */
	enum State {

		/** It was called. */
		CALLED,

		/** A call would have been seen, and there was none. */
		NEVER,

		/** It is not known whether it was called. */
		UNKNOWN;

		static State of(MethodUsage method) {
			return method.isCalled() ? CALLED : method.isNeverCalled() ? NEVER : UNKNOWN;
		}

		String text() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	boolean matches(String className, MethodUsage method) {
		if (this.state != null && this.state != State.of(method)) {
			return false;
		}
		if (this.find == null) {
			return true;
		}
		String text = className + "." + method.name() + "(" + method.parameterTypes() + ")";
		return text.toLowerCase(Locale.ROOT).contains(this.find.toLowerCase(Locale.ROOT));
	}

}
