package dev.apm4j.export.whatap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.SpanEvent;
import io.micrometer.tracing.Link;

/**
 * Writes the steps of one transaction in the order in which they began, and between them
 * what happened.
 */
final class TransactionSteps {

	private static final int MAX_MESSAGES = 256;

	private final SpanData root;

	private final List<SpanData> spans;

	private final List<Message> messages = new ArrayList<>();

	private final TransactionErrors errors;

	private final StepTime time;

	private final StepWriter steps;

	private final TransactionHeader header;

	private final FreeText freeText;

	/** Failures of steps that the agent would take for those of statements. */
	private final List<SpanData> belated = new ArrayList<>();

	/** Waits for connections that have spans of their own. */
	private long connectNanos;

	private long allConnectNanos;

	private int nextMessage;

	TransactionSteps(Segment segment, StepTime time, StepWriter steps, TransactionHeader header, FreeText freeText) {
		this.root = segment.root();
		this.spans = segment.spans();
		if (TransactionNames.isTransaction(this.root)) {
			this.spans.removeIf((span) -> span == this.root);
		}
		this.errors = new TransactionErrors(this.root, this.spans);
		this.time = time;
		this.steps = steps;
		this.header = header;
		this.freeText = freeText;
	}

	/**
	 * Writes only what the agent keeps statistics of outside of transactions, too.
	 * @throws IOException if it could not be sent
	 */
	void writeCounted() throws IOException {
		this.spans.sort(Comparator.comparingLong(SpanData::startEpochNanos));
		for (SpanData span : this.spans) {
			try {
				writeCounted(span, StepKind.of(span));
			}
			catch (RuntimeException ex) {
				// One odd step must not cost the others.
			}
		}
		writeBelated();
	}

	private void writeCounted(SpanData span, StepKind kind) throws IOException {
		if (kind.isCounted()) {
			counted(span, kind);
		}
		else {
			rememberFailure(span, kind);
		}
	}

	/**
	 * Writes everything.
	 * @throws IOException if it could not be sent
	 */
	void write() throws IOException {
		collectMessages();
		this.spans.sort(Comparator.comparingLong(SpanData::startEpochNanos));
		for (SpanData span : this.spans) {
			if (StepKind.of(span) == StepKind.CONNECTION && !span.isFailed()) {
				this.allConnectNanos += span.durationNanos();
			}
		}
		long latest = Long.MIN_VALUE;
		for (SpanData span : this.spans) {
			writeMessages(span.startEpochNanos());
			try {
				writeStep(span, latest);
			}
			catch (RuntimeException ex) {
				// One odd step must not cost the others.
			}
			latest = span.startEpochNanos();
		}
		writeMessages(Long.MAX_VALUE);
		writeBelated();
	}

	private void writeStep(SpanData span, long latest) throws IOException {
		StepKind kind = StepKind.of(span);
		switch (kind) {
			case STATEMENT -> {
				connectionBefore(span, latest);
				counted(span, kind);
				this.steps.detailsOfStatement(span, this.time);
			}
			case CALL -> counted(span, kind);
			case CONNECTION -> {
				long start = span.startEpochNanos();
				this.connectNanos += span.isFailed() ? 0 : span.durationNanos();
				this.steps.connection(span, this.time, start, start + span.durationNanos());
			}
			case COMPLETION -> this.steps.completion(span, this.time);
			case METHOD -> this.steps.method(span, this.time);
		}
		if (!kind.isCounted()) {
			rememberFailure(span, kind);
		}
	}

	private void counted(SpanData span, StepKind kind) throws IOException {
		ErrorTexts error = TransactionErrors.isFailed(span, kind) && this.errors.isNewsOfStep(span)
				? ErrorTexts.of(span, this.freeText) : null;
		if (kind == StepKind.CALL) {
			this.steps.call(span, this.time, error);
		}
		else {
			this.steps.statement(span, this.time, error);
		}
	}

	/**
	 * A statement knows how long its connection was waited for. A long wait has a span as
	 * well, which must not be told twice.
	 */
	private void connectionBefore(SpanData span, long latest) throws IOException {
		if (span.attribute(DatabaseAttributes.CONNECTION_WAIT) == null) {
			return;
		}
		long wait = SpanValues.number(span, DatabaseAttributes.CONNECTION_WAIT);
		boolean group = span.attribute(DatabaseAttributes.REPEATED) != null;
		long known = Math.min(wait, group ? this.allConnectNanos : this.connectNanos);
		this.connectNanos -= known;
		this.allConnectNanos -= known;
		if (wait > known) {
			long end = span.startEpochNanos();
			this.steps.connection(span, this.time, Math.max(latest, end - (wait - known)), end);
		}
	}

	private void rememberFailure(SpanData span, StepKind kind) {
		if (TransactionErrors.isFailed(span, kind) && TransactionErrors.isExit(span)) {
			this.belated.add(span);
		}
	}

	private void writeBelated() throws IOException {
		for (SpanData span : this.belated) {
			if (this.errors.isNewsOfStep(span)) {
				ErrorTexts error = ErrorTexts.of(span, this.freeText);
				long end = span.startEpochNanos() + span.durationNanos();
				this.time.set(this.header, end, end);
				this.steps.error(error);
			}
		}
	}

	private void collectMessages() {
		addMessages(this.root);
		for (int i = this.spans.size() - 1; i >= 0; i--) {
			SpanData span = this.spans.get(i);
			addMessages(span);
			if (span.isFailed() && !TransactionErrors.isExit(span) && this.errors.isNews(span)) {
				ErrorTexts error = ErrorTexts.of(span, this.freeText);
				String text = error.message() + "\n" + error.stack();
				add(new Message(span.startEpochNanos() + span.durationNanos(), error.type(), text.strip()));
			}
		}
		this.messages.sort(Comparator.comparingLong(Message::epochNanos));
	}

	private void addMessages(SpanData span) {
		for (SpanEvent event : span.events()) {
			add(new Message(event.epochNanos(), "Event", this.freeText.lines(event.name())));
		}
		for (Link link : span.links()) {
			String text = "trace " + link.getTraceContext().traceId() + ", span " + link.getTraceContext().spanId();
			add(new Message(span.startEpochNanos(), "Link", this.freeText.line(text)));
		}
		if (SpanValues.isTrue(span, SpanValues.CLIENT_ABORTED)) {
			add(new Message(span.startEpochNanos() + span.durationNanos(), "Client aborted",
					"The client was gone before the response"));
		}
		if (SpanValues.isTrue(span, SpanValues.CANCELLED)) {
			add(new Message(span.startEpochNanos() + span.durationNanos(), "Cancelled",
					this.freeText.line(span.name())));
		}
	}

	private void add(Message message) {
		if (this.messages.size() < MAX_MESSAGES) {
			this.messages.add(message);
		}
	}

	/** Writes what happened before a time. */
	private void writeMessages(long epochNanos) throws IOException {
		while (this.nextMessage < this.messages.size() && this.messages.get(this.nextMessage).epochNanos < epochNanos) {
			Message message = this.messages.get(this.nextMessage++);
			this.time.set(this.header, message.epochNanos, message.epochNanos);
			this.steps.message(message.title, "", message.text);
		}
	}

	/** Something that happened at a time. */
	private record Message(long epochNanos, String title, String text) {
	}

}
