package dev.apm4j.export.whatap;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;

/**
 * Makes packets of segments: the start of a transaction, and its steps, errors and end. A
 * segment whose root is itself a call is no transaction: its statements and calls are
 * sent without one, by which the agent adds them to its statistics.
 * <p>
 * CPU time and memory are always 0: reading a thread's CPU time costs more than all of a
 * transaction's tracing. Not thread-safe beyond what {@link AgentLink} is: the caller
 * sees to the order.
 */
final class TransactionWriter {

	/** What statements and calls outside of a transaction have for its id. */
	private static final long NO_TRANSACTION = 0;

	private final PacketSink link;

	private final Callers callers;

	private final boolean clientErrors;

	private final LongSupplier clock;

	private final FreeText freeText;

	private final TransactionNames names;

	private final TransactionHeader header;

	private final StepWriter steps;

	/**
	 * Creates a writer.
	 * @param link takes the packets
	 * @param callers knows where transactions come from
	 * @param secretName the names whose values are masked, beside the most common ones
	 * @param clientErrors whether a request has failed if its client made a mistake
	 * (status 4xx), as WhaTap's Python agent has it
	 */
	TransactionWriter(PacketSink link, Callers callers, SecretName secretName, boolean clientErrors) {
		this(link, callers, secretName, clientErrors, System::currentTimeMillis);
	}

	TransactionWriter(PacketSink link, Callers callers, SecretName secretName, boolean clientErrors,
			LongSupplier clock) {
		this.link = link;
		this.callers = callers;
		this.clientErrors = clientErrors;
		this.clock = clock;
		this.freeText = new FreeText(secretName);
		this.names = new TransactionNames(this.freeText);
		this.header = new TransactionHeader((int) ProcessHandle.current().pid());
		this.steps = new StepWriter(link, this.header, this.freeText, new DatabaseTexts(this.freeText, secretName));
	}

	/** The id of the transaction that a segment is: that of its root span, never 0. */
	static long txid(Segment segment) {
		return segment.rootSpanId();
	}

	/**
	 * Sends TX_START.
	 * @param segment a segment whose root has started, and may have ended
	 * @throws IOException if it could not be sent
	 */
	void start(Segment segment) throws IOException {
		start(segment, 0);
	}

	/**
	 * Sends TX_START. The agent takes the name of the transaction from here, so the later
	 * it is sent, the likelier is a request's route known.
	 * @param segment a segment whose root has started, and may have ended
	 * @param threadId the thread on which it started, 0 if unknown
	 * @throws IOException if it could not be sent
	 */
	void start(Segment segment, long threadId) throws IOException {
		SpanData root = segment.root();
		if (TransactionNames.isTransaction(root)) {
			RequestStart request = this.names.request(root);
			this.header.of(txid(segment), threadId).at(StepTime.start(root), 0);
			this.link.send((packets) -> packets.transactions().start(this.header, request), AgentLink.Flush.NOW);
		}
	}

	/**
	 * Sends the steps, the errors and TX_END of a segment whose TX_START was sent.
	 * @param segment a sealed segment
	 * @param detail whether with its steps
	 * @throws IOException if it could not be sent
	 */
	void end(Segment segment, boolean detail) throws IOException {
		SpanData root = segment.root();
		StepTime time = StepTime.of(root);
		if (!TransactionNames.isTransaction(root)) {
			whole(segment, detail);
			return;
		}
		this.header.of(txid(segment), 0);
		if (detail) {
			describeRequest(root, time);
			steps(segment, time).write();
			leftOut(segment, time);
		}
		error(root, time);
		this.header.at(time.end(), time.elapsed());
		end(segment, SpanValues.status(root));
	}

	/**
	 * Sends TX_END for a transaction that goes on but that the agent would soon give up.
	 * @param segment a segment whose root has not ended
	 * @throws IOException if it could not be sent
	 */
	void endEarly(Segment segment) throws IOException {
		if (TransactionNames.isTransaction(segment.root())) {
			long now = Math.max(StepTime.start(segment.root()), this.clock.getAsLong());
			this.header.of(txid(segment), 0).at(now, 0);
			this.steps.message("Still running", "", "still running, reported as a whole when it ends");
			end(segment, 0);
		}
	}

	/**
	 * Sends a transaction that was given up before as a whole: TX_START_END under an id
	 * of its own, its statements, calls and errors outside of any transaction.
	 * @param segment a sealed segment
	 * @param detail whether with its steps
	 * @throws IOException if it could not be sent
	 */
	void whole(Segment segment, boolean detail) throws IOException {
		SpanData root = segment.root();
		StepTime time = StepTime.of(root);
		this.header.of(NO_TRANSACTION, 0);
		if (detail) {
			steps(segment, time).writeCounted();
		}
		if (TransactionNames.isTransaction(root)) {
			error(root, time);
			RequestStart request = this.names.request(root);
			Caller caller = this.callers.of(segment);
			this.header.of(randomId(), 0).at(time.start(), time.elapsed());
			this.link.send((packets) -> packets.transactions().startAndEnd(this.header, request, caller),
					AgentLink.Flush.NOW);
		}
	}

	private void end(Segment segment, int status) throws IOException {
		String host = this.names.host(segment.root());
		String uri = this.names.uri(segment.root());
		Caller caller = this.callers.of(segment);
		this.link.send((packets) -> packets.transactions().end(this.header, host, uri, caller, status),
				AgentLink.Flush.NOW);
	}

	private TransactionSteps steps(Segment segment, StepTime time) {
		return new TransactionSteps(segment, time, this.steps, this.header, this.freeText);
	}

	private void describeRequest(SpanData root, StepTime time) throws IOException {
		if (!TransactionNames.isRequest(root)) {
			return;
		}
		this.header.at(time.start(), 0);
		String path = this.names.path(root);
		if (path != null && !path.equals(this.names.uri(root))) {
			this.steps.message("OriginURL", "", path);
		}
		Map<String, String> headers = this.names.headers(root);
		if (!headers.isEmpty()) {
			this.steps.send((packets) -> packets.httpHeaders(this.header, headers));
		}
		Map<String, String> parameters = this.names.parameters(root);
		if (!parameters.isEmpty()) {
			String method = this.names.method(root);
			this.steps.send((packets) -> packets.secureMessage(this.header, "HTTP-PARAMETERS", method, parameters));
		}
	}

	private void leftOut(Segment segment, StepTime time) throws IOException {
		int dropped = segment.droppedSpans();
		if (dropped > 0) {
			this.header.at(time.end(), 0);
			this.steps.message("Steps left out", Integer.toString(dropped), dropped + " steps left out");
		}
	}

	/** Comes last: the agent takes an error for that of the statement after it. */
	private void error(SpanData root, StepTime time) throws IOException {
		if (TransactionErrors.isFailed(root, this.clientErrors)) {
			this.header.at(time.end(), 0);
			this.steps.error(ErrorTexts.of(root, this.freeText));
		}
	}

	private static long randomId() {
		long id = ThreadLocalRandom.current().nextLong();
		return (id != 0) ? id : 1;
	}

}
