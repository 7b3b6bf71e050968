package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import dev.apm4j.export.FailureText;
import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.LogLine;
import dev.apm4j.trace.LogSink;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reports what the application logs inside of transactions. A line that finds the queue
 * full is dropped and counted; whoever logs never waits. Thread-safe.
 */
public final class LogReport implements LogSink, WhaTapBackend.Feature {

	private static final String CATEGORY = "AppLog";

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** Characters. */
	private static final int MAX_EXCEPTION = 8 * 1024;

	private static final int MAX_FIELD = 256;

	/** What is cut off may be the half of a secret that shows that it is one. */
	private static final int MARGIN = 1024;

	private final MpscArrayQueue<LogLine> queue;

	private final int maxLength;

	private final FreeText freeText;

	private final LongAdder dropped = new LongAdder();

	private final LongAdder sent = new LongAdder();

	/**
	 * Creates the report.
	 * @param capacity how many lines may wait
	 * @param maxLength how many characters of a message are sent
	 * @param secretName the names whose values are masked
	 */
	public LogReport(int capacity, int maxLength, SecretName secretName) {
		this.queue = new MpscArrayQueue<>(Math.max(2, capacity));
		this.maxLength = maxLength;
		this.freeText = new FreeText(secretName);
	}

	@Override
	public void accept(LogLine line) {
		ApmSpan span = line.span();
		if (span != null && span.owner().counted() && !this.queue.offer(line.cutTo(this.maxLength + MARGIN))) {
			this.dropped.increment();
		}
	}

	/**
	 * How many lines were dropped.
	 * @return lines that found the queue full or the agent away
	 */
	public long dropped() {
		return this.dropped.sum();
	}

	/**
	 * How many lines were sent.
	 * @return the lines; nobody says whether they arrived
	 */
	public long sent() {
		return this.sent.sum();
	}

	/**
	 * What was dropped.
	 * @return a few words, {@code null} if nothing was
	 */
	@Nullable String remark() {
		long lost = dropped();
		return (lost > 0) ? lost + " log lines dropped" : null;
	}

	@Override
	public void start(WhaTapBackend backend) {
		AgentLink link = backend.link();
		backend.notices().add(this::remark);
		backend.loop().periodic("logs", INTERVAL, () -> report(link::send));
	}

	@Override
	public void end(WhaTapBackend backend) {
		try {
			report(backend.link()::send);
		}
		catch (IOException ex) {
			// Best effort: nobody reads the count any more.
		}
	}

	/**
	 * Sends what is waiting. Lines that find the agent away are not kept: each holds on
	 * to its span and to what was thrown.
	 */
	void report(PacketSink sink) throws IOException {
		IOException failure = null;
		for (int waiting = this.queue.size(); waiting > 0; waiting--) {
			LogLine line = this.queue.poll();
			if (line == null) {
				break;
			}
			if (failure != null) {
				this.dropped.increment();
				continue;
			}
			try {
				send(line, sink);
				this.sent.increment();
			}
			catch (IOException ex) {
				this.dropped.increment();
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void send(LogLine line, PacketSink sink) throws IOException {
		ApmSpan span = line.span();
		if (span == null) {
			return;
		}
		String transaction = Long.toString(TransactionWriter.txid(span.owner()));
		String content = content(line);
		MapContent tags = (map) -> map.put("@txid", transaction);
		MapContent fields = (map) -> map.put("logger", cut(line.logger(), MAX_FIELD))
			.put("thread", cut(line.thread(), MAX_FIELD))
			.put("level", line.level());
		sink.send((packets) -> packets.relays()
			.logSink(line.epochMillis(), CATEGORY, tags, line.epochMillis(), content, fields), Flush.LATER);
	}

	private String content(LogLine line) {
		String message = cut(this.freeText.lines(line.message()), this.maxLength);
		Throwable throwable = line.throwable();
		String text = line.level() + "  " + message;
		return (throwable == null) ? text
				: text + '\n' + cut(this.freeText.lines(cut(FailureText.of(throwable).stack(), MAX_EXCEPTION + MARGIN)),
						MAX_EXCEPTION);
	}

	private static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
	}

}
