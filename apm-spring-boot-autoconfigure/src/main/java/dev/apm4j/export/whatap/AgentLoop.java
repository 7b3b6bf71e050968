package dev.apm4j.export.whatap;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * The backend's daemon thread, {@code apm-whatap}: waits for what the agent sends and
 * does what is due meanwhile. Nothing that it calls is traced. Thread-safe.
 */
final class AgentLoop {

	static final String THREAD_NAME = "apm-whatap";

	static final Duration MIN_RATE = Duration.ofMillis(50);

	private static final int MAX_TEXT = 64 * 1024;

	/** Datagrams in one go, so that a flood of them does not keep the tasks waiting. */
	private static final int MAX_TEXTS = 32;

	private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final AgentLink link;

	private final WhaTapNotices notices;

	private final Supplier<Tracer.SpanInScope> suppression;

	private final List<Job> jobs = new CopyOnWriteArrayList<>();

	private final ByteBuffer buffer = ByteBuffer.allocate(MAX_TEXT);

	private final Thread thread = new Thread(null, this::run, THREAD_NAME, 0, false);

	private volatile @Nullable DatagramListener listener;

	private volatile @Nullable Selector selector;

	private volatile boolean closed;

	/**
	 * Creates a loop that runs nothing before {@link #start()}.
	 * @param link the socket to read from
	 * @param notices where failures are said
	 * @param suppression opens a scope in which nothing is traced
	 */
	AgentLoop(AgentLink link, WhaTapNotices notices, Supplier<Tracer.SpanInScope> suppression) {
		this.link = link;
		this.notices = notices;
		this.suppression = suppression;
		this.thread.setDaemon(true);
		link.onOpened(this::wakeUp);
	}

	/**
	 * Runs a task at once and then again and again.
	 * @param name what it is called in messages
	 * @param rate from the begin of a run to the begin of the next, 50 ms or more
	 * @param task the task; what it throws is counted and said, and it goes on
	 */
	void periodic(String name, Duration rate, Task task) {
		this.jobs.add(new Job(name, ((rate.compareTo(MIN_RATE) < 0) ? MIN_RATE : rate).toNanos(), task));
		wakeUp();
	}

	/**
	 * Hands all that the agent sends to a listener, on this loop's thread: its own
	 * packets, and texts without any header.
	 * @param listener the listener, in place of any other
	 */
	void onDatagram(DatagramListener listener) {
		this.listener = listener;
	}

	/** Starts the thread; to be called once. */
	void start() {
		this.thread.start();
	}

	/**
	 * Ends the thread.
	 * @param timeout how long to wait for it at most
	 */
	void close(Duration timeout) {
		this.closed = true;
		wakeUp();
		if (this.thread == Thread.currentThread()) {
			return;
		}
		try {
			TimeUnit.NANOSECONDS.timedJoin(this.thread, Math.max(1_000_000, timeout.toNanos()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		// Where a task hangs.
		this.thread.interrupt();
	}

	private void wakeUp() {
		Selector open = this.selector;
		if (open != null) {
			open.wakeup();
		}
	}

	private void run() {
		while (!this.closed) {
			try (Selector opened = Selector.open()) {
				this.selector = opened;
				serve(opened);
			}
			catch (Throwable ex) {
				failed("reading", ex);
				LockSupport.parkNanos(this, REST_NANOS);
			}
			finally {
				this.selector = null;
			}
		}
	}

	private void serve(Selector opened) throws IOException {
		DatagramChannel registered = null;
		while (!this.closed) {
			DatagramChannel current = this.link.channel();
			if (current != null && current != registered) {
				try {
					current.register(opened, SelectionKey.OP_READ);
					registered = current;
				}
				catch (ClosedChannelException ex) {
					// Replaced at this moment; the next one is there soon.
				}
			}
			opened.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(untilNextJob())));
			opened.selectedKeys().clear();
			// An interrupt that was not ours would make every wait return at once.
			Thread.interrupted();
			if (registered != null) {
				receive(registered);
			}
			this.link.settle();
			runJobs();
		}
	}

	private long untilNextJob() {
		long wait = LONGEST_WAIT_NANOS;
		long now = System.nanoTime();
		for (Job job : this.jobs) {
			wait = Math.min(wait, job.dueAt - now);
		}
		return wait;
	}

	private void receive(DatagramChannel channel) {
		for (int i = 0; i < MAX_TEXTS && !this.closed; i++) {
			this.buffer.clear();
			try {
				if (channel.receive(this.buffer) == null) {
					return;
				}
			}
			catch (PortUnreachableException ex) {
				this.link.refused();
				continue;
			}
			catch (IOException ex) {
				// Closed, or about to be by the next write, which meets the same.
				return;
			}
			DatagramListener current = this.listener;
			if (current != null) {
				ByteBuffer datagram = this.buffer.flip().asReadOnlyBuffer();
				untraced("control", () -> current.received(datagram));
			}
		}
	}

	private void runJobs() {
		for (Job job : this.jobs) {
			long now = System.nanoTime();
			if (!this.closed && now - job.dueAt >= 0) {
				job.dueAt = now + job.rateNanos;
				untraced(job.name, job.task);
			}
		}
	}

	private void untraced(String name, Task task) {
		try (Tracer.SpanInScope scope = this.suppression.get()) {
			task.run();
			this.notices.succeeded(name);
		}
		catch (Throwable ex) {
			if (!this.closed) {
				failed(name, ex);
			}
		}
	}

	/** Anybody's exception goes to anybody's appender: the thread outlives both. */
	private void failed(String name, Throwable failure) {
		try {
			this.notices.failed(name, failure);
		}
		catch (Throwable ex) {
			// There is nobody left to tell.
		}
	}

	/** What is to be done. */
	@FunctionalInterface
	interface Task {

		/**
		 * Does it.
		 * @throws IOException if the agent can't be reached
		 */
		void run() throws IOException;

	}

	/** Takes what the agent sends. */
	@FunctionalInterface
	interface DatagramListener {

		/**
		 * Takes a datagram.
		 * @param datagram its bytes, at most 64 KiB, which are valid for this call only
		 * @throws IOException if the agent can't be answered
		 */
		void received(ByteBuffer datagram) throws IOException;

	}

	private static final class Job {

		private final String name;

		private final long rateNanos;

		private final Task task;

		/** Only for the loop's thread. */
		private volatile long dueAt = System.nanoTime();

		Job(String name, long rateNanos, Task task) {
			this.name = name;
			this.rateNanos = rateNanos;
			this.task = task;
		}

	}

}
