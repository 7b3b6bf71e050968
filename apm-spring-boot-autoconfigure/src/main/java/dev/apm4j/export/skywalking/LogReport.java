package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.export.FailureText;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.LogDataBody;
import dev.apm4j.skywalking.proto.LogTags;
import dev.apm4j.skywalking.proto.TextLog;
import dev.apm4j.skywalking.proto.TraceContext;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.LogLine;
import dev.apm4j.trace.LogSink;
import dev.apm4j.trace.Segment;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reports what the application logs. A line that finds the queue full is dropped and
 * counted; whoever logs never waits. Thread-safe.
 */
public final class LogReport implements LogSink, SkyWalkingBackend.Feature {

	/** As many as SkyWalking's own agent sends at once. */
	private static final int MAX_BATCH = 300;

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int MAX_BATCHES = 20;

	/** Characters. */
	private static final int MAX_EXCEPTION = 4000;

	private static final int MAX_TAG = 200;

	/** So that what is cut at the end is still seen to be too long. */
	private static final int MARGIN = 16;

	private final MpscArrayQueue<LogLine> queue;

	/** Guarded by itself, as are the queue's consumer and the transport. */
	private final Deque<LogData> pending = new ArrayDeque<>();

	private final LongAdder dropped = new LongAdder();

	private final LongAdder sent = new LongAdder();

	private final int capacity;

	private final int maxLength;

	/**
	 * Creates the report.
	 * @param capacity how many lines may wait to be translated, and again how many may
	 * wait to be sent while the server is away
	 * @param maxLength how many characters of a message are sent
	 */
	public LogReport(int capacity, int maxLength) {
		this.queue = new MpscArrayQueue<>(Math.max(2, capacity));
		this.capacity = capacity;
		this.maxLength = maxLength;
	}

	@Override
	public void accept(LogLine line) {
		if (!this.queue.offer(line.cutTo(this.maxLength + MARGIN))) {
			this.dropped.increment();
		}
	}

	/**
	 * How many lines were dropped.
	 * @return lines that found a queue full, and those that the server has refused
	 */
	public long dropped() {
		return this.dropped.sum();
	}

	/**
	 * How many lines the server took.
	 * @return the lines
	 */
	public long sent() {
		return this.sent.sum();
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		backend.notices().add(this::remark);
		backend.schedule().periodic("logs", INTERVAL, () -> report(backend));
	}

	private @Nullable String remark() {
		long lost = dropped();
		return (lost > 0) ? lost + " log lines dropped" : null;
	}

	void report(SkyWalkingBackend backend) throws Exception {
		synchronized (this.pending) {
			drain(backend.identity());
			// Not for ever, however much is logged: others share this thread.
			for (int i = 0; i < MAX_BATCHES && !this.pending.isEmpty(); i++) {
				send(backend.transport());
				drain(backend.identity());
			}
		}
	}

	/**
	 * Translates at once even if nothing can be sent, since a line holds on to its span
	 * and to what was thrown.
	 */
	private void drain(ServiceIdentity identity) {
		int waiting = this.queue.size();
		for (int i = 0; i < waiting; i++) {
			LogLine line = this.queue.poll();
			if (line == null) {
				return;
			}
			if (this.pending.size() < this.capacity) {
				this.pending.addLast(translate(line, identity));
			}
			else {
				this.dropped.increment();
			}
		}
	}

	private void send(SkyWalkingTransport transport) throws Exception {
		List<LogData> batch = new ArrayList<>(Math.min(MAX_BATCH, this.pending.size()));
		for (LogData line : this.pending) {
			if (batch.size() == MAX_BATCH) {
				break;
			}
			batch.add(line);
		}
		try {
			transport.logs(batch);
			this.sent.add(batch.size());
		}
		catch (ExportRejectedException ex) {
			int rejected = ex.rejectedOf(batch.size());
			this.dropped.add(rejected);
			this.sent.add(batch.size() - rejected);
			remove(batch.size());
			throw ex;
		}
		catch (UnsupportedSignalException ex) {
			this.dropped.add(batch.size());
			remove(batch.size());
			throw ex;
		}
		remove(batch.size());
	}

	private void remove(int count) {
		for (int i = 0; i < count; i++) {
			this.pending.removeFirst();
		}
	}

	@Override
	public void end(SkyWalkingBackend backend, Duration timeout) {
		if (backend.notices().isFailing()) {
			// A server that does not answer must not make the shutdown longer.
			return;
		}
		// On a thread of its own, because one call may take longer than there is time.
		Thread last = new Thread(null, () -> flush(backend), "apm-skywalking-logs", 0, false);
		last.setDaemon(true);
		last.start();
		try {
			last.join(Math.max(1, timeout.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		last.interrupt();
	}

	private void flush(SkyWalkingBackend backend) {
		try {
			report(backend);
		}
		catch (Exception ex) {
			// Best effort: nobody reads the count any more.
		}
	}

	private LogData translate(LogLine line, ServiceIdentity identity) {
		LogData.Builder data = LogData.newBuilder()
			.setTimestamp(line.epochMillis())
			.setService(identity.service())
			.setServiceInstance(identity.instance())
			.setLayer(identity.layer())
			.setBody(LogDataBody.newBuilder()
				.setType("text")
				.setText(TextLog.newBuilder().setText(WireText.text(line.message(), this.maxLength))))
			.setTags(tags(line));
		ApmSpan span = line.span();
		if (span != null) {
			Segment segment = span.owner();
			data.setEndpoint(WireText.name(OperationNames.of(segment.root()), WireText.MAX_OPERATION))
				.setTraceContext(TraceContext.newBuilder()
					.setTraceId(WireText.name(SegmentTranslator.traceId(segment), WireText.MAX_ID))
					.setTraceSegmentId(WireText.name(SegmentTranslator.segmentId(segment), WireText.MAX_ID))
					.setSpanId(span.number()));
		}
		return data.build();
	}

	private static LogTags tags(LogLine line) {
		LogTags.Builder tags = LogTags.newBuilder()
			.addData(tag("level", line.level(), MAX_TAG))
			.addData(tag("logger", line.logger(), MAX_TAG))
			.addData(tag("thread", line.thread(), MAX_TAG));
		Throwable throwable = line.throwable();
		if (throwable != null) {
			tags.addData(tag("exception", FailureText.of(throwable).stack(), MAX_EXCEPTION));
		}
		return tags.build();
	}

	private static KeyStringValuePair tag(String key, String value, int maxLength) {
		return KeyStringValuePair.newBuilder().setKey(key).setValue(WireText.text(value, maxLength)).build();
	}

}
