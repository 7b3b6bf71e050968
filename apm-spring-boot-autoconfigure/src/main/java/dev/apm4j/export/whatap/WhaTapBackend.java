package dev.apm4j.export.whatap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.apm4j.export.ReportedParts;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * The link to the local agent with all that goes over it: what is added here starts and
 * ends with the exporter. Thread-safe.
 */
public final class WhaTapBackend implements SegmentSink, AutoCloseable {

	private static final Duration LOOK_RATE = Duration.ofMillis(100);

	private static final Duration FLUSH_RATE = Duration.ofMillis(200);

	private final WhaTapNotices notices = new WhaTapNotices();

	private final AgentLink link;

	private final AgentLoop loop;

	private final TransactionTable table;

	private final TransactionReport report;

	private final CallIdentity identity;

	private final ReportedParts<Feature> features = new ReportedParts<>(this::begin);

	private final Object lifecycle = new Object();

	private volatile WhaTapSettings settings;

	private volatile boolean closed;

	/**
	 * Creates a backend that sends nothing before {@link #start()} but what the exporter
	 * brings.
	 * @param settings its settings
	 * @param secretName the names whose values are masked
	 * @param suppression opens a scope in which nothing is traced
	 */
	public WhaTapBackend(WhaTapSettings settings, SecretName secretName, Supplier<Tracer.SpanInScope> suppression) {
		this(settings, secretName, suppression, new TransactionTable(), TransactionReport.EXPORT_WAIT);
	}

	WhaTapBackend(WhaTapSettings settings, SecretName secretName, Supplier<Tracer.SpanInScope> suppression,
			TransactionTable table, Duration exportWait) {
		this.settings = settings;
		this.link = new AgentLink(settings, secretName);
		this.loop = new AgentLoop(this.link, this.notices, suppression);
		this.table = table;
		this.identity = new CallIdentity(this::settings, secretName);
		this.report = new TransactionReport(table, this.link,
				new TransactionWriter(this.link::send, new SegmentCallers(this::settings), secretName, true),
				this::settings, exportWait);
		this.notices.add(this::lost);
		this.notices.add(this.report::remark);
		this.loop.periodic("transactions", LOOK_RATE, this.report::look);
		this.loop.periodic("sending", FLUSH_RATE, this.link::flushIdle);
	}

	private @Nullable String lost() {
		LinkCounts counts = this.link.counts();
		if (counts.lost() == 0) {
			return null;
		}
		return counts.dropped()
			.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.map((entry) -> entry.getValue() + " " + entry.getKey())
			.collect(Collectors.joining(", ", "packets lost: ", ""));
	}

	/** The settings in force, which a changed {@code whatap.conf} replaces. */
	WhaTapSettings settings() {
		return this.settings;
	}

	/**
	 * Changes the settings. Another host or port makes a new socket; the rest takes
	 * effect at once.
	 * @param changed the settings from now on
	 */
	public void reconfigure(WhaTapSettings changed) {
		synchronized (this.lifecycle) {
			if (!changed.equals(this.settings) && !this.closed) {
				this.settings = changed;
				this.link.configure(changed);
			}
		}
	}

	/**
	 * What the headers of calls tell of this process.
	 * @return the same at any time, whatever the settings
	 */
	public CallIdentity identity() {
		return this.identity;
	}

	AgentLink link() {
		return this.link;
	}

	/** The thread for periodic work, which also reads what the agent sends. */
	AgentLoop loop() {
		return this.loop;
	}

	/** Where failures are said, and what else the status should show. */
	WhaTapNotices notices() {
		return this.notices;
	}

	/** What is told of transactions. */
	TransactionReport report() {
		return this.report;
	}

	/** The transactions that go on now, the oldest first. */
	List<ActiveTransaction> activeTransactions() {
		return this.report.active();
	}

	/**
	 * Adds something that is reported. It begins with the backend, at once if that has
	 * begun.
	 * @param feature the feature
	 */
	public void add(Feature feature) {
		this.features.add(feature);
	}

	/**
	 * Begins to report. Does nothing the second time, or if closed before.
	 */
	public void start() {
		this.features.start(this.loop::start);
	}

	private void begin(Feature feature) {
		try {
			feature.start(this);
		}
		catch (RuntimeException ex) {
			// The application starts, whatever one of the reports is about.
			this.notices.failed("the start of a report", ex);
		}
	}

	@Override
	public void started(Segment segment) {
		if (!this.closed) {
			this.table.started(segment);
		}
	}

	@Override
	public void accept(Segment segment) {
		if (!this.closed) {
			this.table.ended(segment);
		}
	}

	@Override
	public void close() {
		close(Duration.ofSeconds(1));
	}

	/**
	 * Ends everything: the periodic work, the transactions that are left, the features
	 * (the last added first), the socket. Does nothing the second time.
	 * @param timeout how long it may take at most
	 */
	public void close(Duration timeout) {
		List<Feature> ending = this.features.close();
		if (ending == null) {
			return;
		}
		synchronized (this.lifecycle) {
			this.closed = true;
		}
		long end = System.nanoTime() + timeout.toNanos();
		if (this.features.isStarted()) {
			this.loop.close(timeout.dividedBy(4));
			this.report.endAll(System.nanoTime() + (end - System.nanoTime()) / 2);
		}
		for (Feature feature : ending) {
			try {
				feature.end(this);
			}
			catch (RuntimeException ex) {
				// Best effort: the agent may be gone before us.
			}
		}
		this.link.close();
	}

	/**
	 * Something that is reported to WhaTap beside transactions.
	 */
	public interface Feature {

		/**
		 * Begins, usually by adding tasks to the loop. Must return soon.
		 * @param backend the backend
		 */
		void start(WhaTapBackend backend);

		/**
		 * Ends, after the loop has ended; what is still to be sent can be sent.
		 * @param backend the backend
		 */
		default void end(WhaTapBackend backend) {
		}

	}

}
