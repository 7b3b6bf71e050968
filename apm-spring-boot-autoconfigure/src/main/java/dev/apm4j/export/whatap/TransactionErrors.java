package dev.apm4j.export.whatap;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Which failures of one transaction are told, and where. The agent marks the next
 * statement or call that comes after an error as failed, so those of other steps wait
 * until all of these have come. An exception goes through many spans on its way out,
 * perhaps in others that have it as their cause: it is told for the step that it comes
 * from, and once more for the transaction.
 */
final class TransactionErrors {

	private static final int MAX_DEPTH = 32;

	private static final int FIRST_CLIENT_ERROR = 400;

	private static final int FIRST_SERVER_ERROR = 500;

	/** With their causes. Most transactions have none, so these are made when needed. */
	private Set<Throwable> told = Set.of();

	private Set<Throwable> ofSteps = Set.of();

	private final @Nullable Throwable ofRoot;

	/**
	 * Finds out which exceptions come from calls.
	 * @param root the root
	 * @param spans the others
	 */
	TransactionErrors(SpanData root, List<SpanData> spans) {
		this.ofRoot = root.error();
		for (int i = 0; i < spans.size(); i++) {
			SpanData span = spans.get(i);
			if (span.error() != null && isExit(span)) {
				add(span.error());
			}
		}
	}

	/**
	 * Whether a transaction has failed.
	 * @param root its root
	 * @param clientErrors whether it has if the client made a mistake (4xx)
	 * @return whether it is told as an error
	 */
	static boolean isFailed(SpanData root, boolean clientErrors) {
		return root.isFailed() || (TransactionNames.isRequest(root)
				&& SpanValues.status(root) >= (clientErrors ? FIRST_CLIENT_ERROR : FIRST_SERVER_ERROR));
	}

	/** Whether a step has failed; calls of other servers by their status, too. */
	static boolean isFailed(SpanData span, StepKind kind) {
		return span.isFailed() || (kind == StepKind.CALL && SpanValues.status(span) >= FIRST_CLIENT_ERROR);
	}

	/** Whether the failure of a step makes its transaction fail. */
	static boolean isExit(SpanData span) {
		return span.kind() == Span.Kind.CLIENT || span.kind() == Span.Kind.PRODUCER
				|| StepKind.of(span) == StepKind.CONNECTION;
	}

	/** Whether the failure of a call has not been told for an earlier one. */
	boolean isNewsOfStep(SpanData span) {
		Throwable error = span.error();
		if (error == null) {
			return true;
		}
		if (this.ofSteps.isEmpty()) {
			this.ofSteps = newSet();
		}
		return this.ofSteps.add(error);
	}

	/**
	 * Whether the failure of work in this process is told by nothing else. The innermost
	 * spans are to be asked first.
	 */
	boolean isNews(SpanData span) {
		Throwable error = span.error();
		if (error == null) {
			return span.isFailed();
		}
		if (isTold(error) || isOfRoot(error)) {
			return false;
		}
		add(error);
		return true;
	}

	private static Set<Throwable> newSet() {
		return Collections.newSetFromMap(new IdentityHashMap<>());
	}

	private void add(@Nullable Throwable error) {
		if (this.told.isEmpty()) {
			this.told = newSet();
		}
		Throwable current = error;
		for (int depth = 0; depth < MAX_DEPTH && current != null && this.told.add(current); depth++) {
			current = ErrorTexts.cause(current);
		}
	}

	private boolean isTold(Throwable error) {
		Throwable current = error;
		for (int depth = 0; depth < MAX_DEPTH && current != null; depth++) {
			if (this.told.contains(current)) {
				return true;
			}
			current = ErrorTexts.cause(current);
		}
		return false;
	}

	private boolean isOfRoot(Throwable error) {
		Throwable current = this.ofRoot;
		for (int depth = 0; depth < MAX_DEPTH && current != null; depth++) {
			if (current == error) {
				return true;
			}
			current = ErrorTexts.cause(current);
		}
		return false;
	}

}
