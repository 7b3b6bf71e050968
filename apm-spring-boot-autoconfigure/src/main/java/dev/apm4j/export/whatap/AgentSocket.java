package dev.apm4j.export.whatap;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The connected, non-blocking socket. It is opened when something is to be sent, and
 * again after a failure. Writing is for one thread at a time; what was opened may be read
 * by another.
 */
class AgentSocket {

	/** More than a few datagrams of the largest size. */
	private static final int SEND_BUFFER = 256 * 1024;

	private static final long RESOLVE_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final int ATTEMPTS = 20;

	private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

	private final String host;

	private final int port;

	private @Nullable InetAddress address;

	private @Nullable Long resolvedAt;

	private volatile @Nullable DatagramChannel channel;

	AgentSocket(String host, int port) {
		this.host = host;
		this.port = port;
	}

	/** As it was configured, for messages. */
	String target() {
		return this.host + ":" + this.port;
	}

	/** What is open, for reading. */
	@Nullable DatagramChannel channel() {
		return this.channel;
	}

	/**
	 * Sends a datagram, which may take some milliseconds if the system has no room for it
	 * at once.
	 * @param datagram the bytes
	 * @return {@code false} if there was no room
	 * @throws java.net.PortUnreachableException if the one before was refused; this one
	 * was not sent
	 * @throws IOException if it can't be sent
	 */
	boolean write(ByteBuffer datagram) throws IOException {
		DatagramChannel open = this.channel;
		if (open == null || !open.isOpen()) {
			open = open();
			this.channel = open;
		}
		for (int attempt = 1; write(open, datagram) == 0; attempt++) {
			if (attempt == ATTEMPTS) {
				return false;
			}
			LockSupport.parkNanos(this, PAUSE_NANOS);
		}
		return true;
	}

	int write(DatagramChannel open, ByteBuffer datagram) throws IOException {
		return open.write(datagram);
	}

	private DatagramChannel open() throws IOException {
		InetAddress resolved = resolve();
		DatagramChannel opened = DatagramChannel
			.open((resolved instanceof Inet4Address) ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
		try {
			opened.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
			opened.connect(new InetSocketAddress(resolved, this.port));
			opened.configureBlocking(false);
			return opened;
		}
		catch (IOException | RuntimeException ex) {
			opened.close();
			throw ex;
		}
	}

	/** Asks once in a few seconds at most, as nobody waits for an agent. */
	private InetAddress resolve() throws IOException {
		Long last = this.resolvedAt;
		InetAddress known = this.address;
		if (last == null || System.nanoTime() - last >= RESOLVE_NANOS) {
			this.resolvedAt = System.nanoTime();
			try {
				known = InetAddress.getByName(this.host);
				this.address = known;
			}
			catch (UnknownHostException ex) {
				// What it was before may still be right.
			}
		}
		if (known == null) {
			throw new IOException("the WhaTap agent's host " + this.host + " is unknown");
		}
		return known;
	}

	/**
	 * Looks whether the agent's host has another address by now, and leaves the old one.
	 */
	void refresh() throws IOException {
		InetAddress before = this.address;
		if (before != null && !resolve().equals(before)) {
			close();
		}
	}

	void close() {
		DatagramChannel open = this.channel;
		this.channel = null;
		if (open != null) {
			try {
				open.close();
			}
			catch (IOException ex) {
				// Nothing is left that could be lost.
			}
		}
	}

}
