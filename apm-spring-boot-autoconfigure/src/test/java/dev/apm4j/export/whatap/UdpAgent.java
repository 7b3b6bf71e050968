package dev.apm4j.export.whatap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A local agent that decodes, strictly, what it gets.
 */
public final class UdpAgent implements AutoCloseable {

	private final List<List<DatagramReader.Packet>> datagrams = new CopyOnWriteArrayList<>();

	private final List<Integer> sizes = new CopyOnWriteArrayList<>();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final DatagramSocket socket;

	private final int port;

	private final Thread thread;

	private volatile @Nullable SocketAddress sender;

	public UdpAgent() {
		this(0);
	}

	/**
	 * Listens.
	 * @param port the port, 0 for any that is free
	 */
	public UdpAgent(int port) {
		try {
			this.socket = new DatagramSocket(null);
			this.socket.setReceiveBufferSize(4 * 1024 * 1024);
			this.socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			this.port = this.socket.getLocalPort();
		}
		catch (SocketException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread = new Thread(this::receive, "udp-agent");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/** A port on which nobody listens. */
	public static int freePort() {
		try (UdpAgent agent = new UdpAgent()) {
			return agent.port();
		}
	}

	public int port() {
		return this.port;
	}

	WhaTapSettings settings() {
		return settings(port());
	}

	static WhaTapSettings settings(int port) {
		return new WhaTapSettings("127.0.0.1", port, 20104, 31337, 0, 0, Duration.ofMinutes(5));
	}

	private void receive() {
		byte[] buffer = new byte[64 * 1024];
		while (true) {
			DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
			try {
				this.socket.receive(packet);
			}
			catch (IOException ex) {
				return;
			}
			this.sender = packet.getSocketAddress();
			try {
				this.datagrams
					.add(DatagramReader.read(ByteBuffer.wrap(Arrays.copyOf(packet.getData(), packet.getLength()))));
				this.sizes.add(packet.getLength());
			}
			catch (RuntimeException ex) {
				this.failures.add(ex);
			}
		}
	}

	/** Sends something to whoever has sent the last datagram. */
	void send(byte[] bytes) {
		SocketAddress address = this.sender;
		if (address == null) {
			throw new IllegalStateException("Nobody has sent anything yet");
		}
		try {
			this.socket.send(new DatagramPacket(bytes, bytes.length, address));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public void send(String text) {
		send(text.getBytes(StandardCharsets.UTF_8));
	}

	boolean hasSender() {
		return this.sender != null;
	}

	List<List<DatagramReader.Packet>> datagrams() {
		return this.datagrams;
	}

	/** How many bytes each datagram had. */
	List<Integer> sizes() {
		return this.sizes;
	}

	/** What could not be decoded. */
	public List<Throwable> failures() {
		return this.failures;
	}

	List<DatagramReader.Packet> packets() {
		return this.datagrams.stream().flatMap(List::stream).toList();
	}

	/** Types of packets, in the order in which they came. */
	public List<String> types() {
		return packets().stream().map((packet) -> packet.type().name()).toList();
	}

	/** Names, as of the beginning or the end, of the packets of a type. */
	public List<String> names(String type) {
		return packetsOf(type).map((packet) -> packet.fields().get("uri")).toList();
	}

	Stream<DatagramReader.Packet> packetsOf(String type) {
		return packets().stream().filter((packet) -> packet.type().name().equals(type));
	}

	/** What came, for tests in other packages. */
	public List<Received> received() {
		return packets().stream().map(Received::of).toList();
	}

	/** Types of the packets of one transaction. */
	List<String> typesOf(long txid) {
		return packets().stream()
			.filter((packet) -> packet.type().isOfTransaction() && packet.common().get(0) == txid)
			.map((packet) -> packet.type().name())
			.toList();
	}

	@Override
	public void close() {
		this.socket.close();
		try {
			// As long as it receives, the system takes what is sent to the port.
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A packet.
	 *
	 * @param type its type, such as {@code TX_START}
	 * @param txid id of the transaction, 0 for what belongs to none
	 * @param time when, in milliseconds since the epoch
	 * @param elapsed how long, in milliseconds
	 * @param fields what is in it, by name
	 * @param tags the tags of a pack
	 * @param entries the fields of a pack
	 */
	public record Received(String type, long txid, long time, long elapsed, Map<String, String> fields,
			Map<String, String> tags, Map<String, String> entries) {

		static Received of(DatagramReader.Packet packet) {
			List<Long> common = packet.common();
			boolean ofTransaction = !common.isEmpty();
			return new Received(packet.type().name(), ofTransaction ? common.get(0) : 0,
					ofTransaction ? common.get(1) : 0, ofTransaction ? common.get(2) : 0, packet.fields(),
					texts(packet.tags()), texts(packet.entries()));
		}

		private static Map<String, String> texts(Map<String, WireReader.WireValue> values) {
			Map<String, String> texts = new LinkedHashMap<>();
			values.forEach((name, value) -> texts.put(name, String.valueOf(value.content())));
			return texts;
		}

		/** One of the fields. */
		public String field(String name) {
			return this.fields.getOrDefault(name, "");
		}

	}

}
