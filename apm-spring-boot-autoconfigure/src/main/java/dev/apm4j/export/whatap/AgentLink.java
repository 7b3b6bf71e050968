package dev.apm4j.export.whatap;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

/**
 * The connected UDP socket to the local agent, with the datagram that is being filled.
 * Thread-safe; never for a request's thread.
 * <p>
 * Every packet is counted once, as sent or as dropped. That nobody listens is known only
 * after something was sent, and then nothing is tried for half a second.
 */
final class AgentLink {

	/** How long a packet waits for others at most, beside the rhythm of the flush. */
	static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final SecretName secretName;

	private final BiFunction<String, Integer, AgentSocket> sockets;

	private final LinkLedger ledger = new LinkLedger();

	private final Reachability reachability = new Reachability();

	private Datagram datagram;

	private Packets packets;

	private volatile AgentSocket socket;

	private int waiting;

	private long waitingSince;

	private boolean closed;

	private volatile Runnable opened = () -> {
	};

	/**
	 * Creates a link that opens its socket with the first datagram.
	 * @param settings where the agent is and what it understands
	 * @param secretName the names whose values are masked
	 */
	AgentLink(WhaTapSettings settings, SecretName secretName) {
		this(settings, secretName, AgentSocket::new);
	}

	AgentLink(WhaTapSettings settings, SecretName secretName, BiFunction<String, Integer, AgentSocket> sockets) {
		this.secretName = secretName;
		this.sockets = sockets;
		this.socket = sockets.apply(settings.host(), settings.port());
		this.datagram = new Datagram(WireVersion.of(settings.version()));
		this.packets = packets(settings);
	}

	private Packets packets(WhaTapSettings settings) {
		return new Packets(new TransactionPackets(this.datagram, this.secretName),
				new ControlPackets(this.datagram, this.secretName), new RelayPackets(this.datagram,
						new RelayPackets.Origin(settings.projectCode(), settings.oid(), settings.okind(), 0)));
	}

	/**
	 * Applies changed settings; what waits is sent before.
	 * @param settings the settings in force from now on
	 */
	void configure(WhaTapSettings settings) {
		AgentSocket replacement = this.sockets.apply(settings.host(), settings.port());
		this.lock.lock();
		try {
			try {
				transmit();
			}
			catch (IOException ex) {
				// Counted; where it goes from now on is another place.
			}
			this.datagram = new Datagram(WireVersion.of(settings.version()));
			this.packets = packets(settings);
			if (!replacement.target().equals(this.socket.target())) {
				this.socket.close();
				this.socket = replacement;
				this.reachability.moved();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** When a packet has to leave. */
	enum Flush {

		/** With what comes later, within {@link #flushIdle()}'s time. */
		LATER,

		/** At once, with all that was written before. */
		NOW

	}

	/**
	 * Puts a packet into the datagram, which is sent before it would pass 48 KiB. One
	 * that is larger is counted and left out.
	 * @param source what writes the packet
	 * @param flush when it has to leave
	 * @throws AgentUnreachableException if nobody listens; it is tried again half a
	 * second after the last try
	 * @throws IOException if sending fails otherwise; what was in the datagram is lost
	 * then and counted, and the next packet tries a new socket
	 */
	void send(PacketSource source, Flush flush) throws IOException {
		this.lock.lock();
		try {
			checkOpen();
			append(source);
			if (flush == Flush.NOW) {
				transmit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void checkOpen() throws IOException {
		if (this.closed) {
			this.ledger.dropped(PacketDrop.CLOSED, 1);
			throw new IOException("the WhaTap backend is closed");
		}
		if (this.reachability.isPaused(System.nanoTime())) {
			this.ledger.dropped(PacketDrop.UNREACHABLE, 1);
			throw unreachable();
		}
	}

	private void append(PacketSource source) throws IOException {
		int before = this.datagram.size();
		boolean fits = write(source);
		if (!fits && before > 0) {
			try {
				transmit();
			}
			catch (IOException ex) {
				boolean away = ex instanceof AgentUnreachableException;
				this.ledger.dropped(away ? PacketDrop.UNREACHABLE : PacketDrop.FAILED, 1);
				throw ex;
			}
			before = 0;
			fits = write(source);
		}
		if (!fits) {
			this.ledger.dropped(PacketDrop.TOO_LARGE, 1);
		}
		else if (this.datagram.size() > before && this.waiting++ == 0) {
			this.waitingSince = System.nanoTime();
		}
	}

	private boolean write(PacketSource source) {
		int before = this.datagram.size();
		boolean written = false;
		try {
			written = source.writeTo(this.packets);
			return written;
		}
		finally {
			if (!written) {
				this.datagram.cutTo(before);
			}
		}
	}

	/**
	 * Sends what has waited long enough.
	 * @throws IOException if sending fails
	 */
	void flushIdle() throws IOException {
		this.lock.lock();
		try {
			long now = System.nanoTime();
			if (this.waiting > 0 && now - this.waitingSince >= IDLE_NANOS && !this.reachability.isPaused(now)) {
				transmit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Sends what waits, or lets it wait while nobody listens.
	 * @throws IOException if sending fails
	 */
	void flush() throws IOException {
		this.lock.lock();
		try {
			if (!this.reachability.isPaused(System.nanoTime())) {
				transmit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void transmit() throws IOException {
		int count = this.waiting;
		if (count == 0) {
			return;
		}
		ByteBuffer bytes = this.datagram.bytes();
		int length = bytes.remaining();
		PacketDrop reason = PacketDrop.FAILED;
		boolean sent = false;
		try {
			if (this.reachability.isRefused()) {
				this.socket.refresh();
			}
			DatagramChannel before = this.socket.channel();
			sent = write(bytes);
			if (this.socket.channel() != before) {
				this.opened.run();
			}
			if (!sent) {
				reason = PacketDrop.BUFFER_FULL;
				throw new IOException("the system's send buffer for the WhaTap agent is full");
			}
			this.ledger.sent(count, length);
			this.reachability.sent(count, System.nanoTime());
		}
		catch (PortUnreachableException ex) {
			reason = PacketDrop.UNREACHABLE;
			throw unreachable();
		}
		catch (IOException | RuntimeException ex) {
			if (reason == PacketDrop.FAILED) {
				this.socket.close();
			}
			throw ex;
		}
		finally {
			this.waiting = 0;
			this.datagram.clear();
			if (!sent) {
				this.ledger.dropped(reason, count);
			}
		}
	}

	private boolean write(ByteBuffer bytes) throws IOException {
		try {
			return this.socket.write(bytes);
		}
		catch (PortUnreachableException ex) {
			// It was the datagram before that was refused; the system has not sent this.
			boolean again = this.reachability.isRefused();
			refused();
			if (again) {
				throw ex;
			}
			return this.socket.write(bytes);
		}
	}

	/**
	 * Notes that the system has said, while something was read, that the last datagram
	 * was refused.
	 */
	void refused() {
		this.lock.lock();
		try {
			this.ledger.refused(this.reachability.refused(System.nanoTime()));
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How often a datagram was refused so far, for {@link #confirm}. */
	long refusals() {
		this.lock.lock();
		try {
			return this.reachability.refusals();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How often the agent was there again, having forgotten what it knew. */
	int recoveries() {
		this.lock.lock();
		try {
			return this.reachability.recoveries();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether sending is worth a try. */
	boolean isTrying() {
		this.lock.lock();
		try {
			return !this.closed && !this.reachability.isPaused(System.nanoTime());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Makes sure that what was sent was not refused. Waits only if it isn't known whether
	 * anybody listens, and then some milliseconds.
	 * @param refusalsBefore the {@link #refusals()} before it was sent
	 * @throws AgentUnreachableException if nobody listens
	 */
	void confirm(long refusalsBefore) throws AgentUnreachableException {
		this.lock.lock();
		try {
			while (this.reachability.refusals() == refusalsBefore) {
				long wait = this.reachability.untilSettled(System.nanoTime());
				if (wait < 0) {
					break;
				}
				if (wait == 0) {
					return;
				}
				this.changed.awaitNanos(wait);
			}
			if (this.reachability.isRefused()) {
				throw unreachable();
			}
		}
		catch (InterruptedException ex) {
			// Closing: it stays unknown.
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes what was sent a while ago for taken. To be called when all was read that the
	 * system had to say.
	 */
	void settle() {
		this.lock.lock();
		try {
			this.reachability.settle(System.nanoTime());
		}
		finally {
			this.lock.unlock();
		}
	}

	private AgentUnreachableException unreachable() {
		return new AgentUnreachableException(this.socket.target());
	}

	/** Sets who is told that there is another {@link #channel()}; must not block. */
	void onOpened(Runnable listener) {
		this.opened = listener;
	}

	/** What is open now, for reading. */
	@Nullable DatagramChannel channel() {
		return this.socket.channel();
	}

	/** What was sent and lost so far. Takes no lock, so that anybody may ask. */
	LinkCounts counts() {
		return this.ledger.counts();
	}

	/** Sends what waits, if that is possible, and closes the socket. */
	void close() {
		this.lock.lock();
		try {
			if (!this.closed) {
				transmit();
			}
		}
		catch (IOException ex) {
			// Counted.
		}
		finally {
			this.closed = true;
			this.socket.close();
			this.lock.unlock();
		}
	}

}
