package dev.apm4j.usage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that answers whatever bytes a test likes, or none.
 */
final class RawServer implements AutoCloseable {

	private final ServerSocket socket;

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final Answer answer;

	RawServer(Answer answer) {
		this(InetAddress.getLoopbackAddress(), answer);
	}

	RawServer(InetAddress address, Answer answer) {
		this.answer = answer;
		try {
			this.socket = new ServerSocket(0, 50, address);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		daemon(this::accept);
	}

	static byte[] ok(String contentType, byte[] body) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(
				("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nContent-Length: " + body.length + "\r\n\r\n")
					.getBytes(StandardCharsets.ISO_8859_1));
		bytes.writeBytes(body);
		return bytes.toByteArray();
	}

	static byte[] ok(String contentType, String body) {
		return ok(contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "raw-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			while (true) {
				Socket connection = this.socket.accept();
				this.connections.add(connection);
				daemon(() -> serve(connection));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void serve(Socket connection) {
		try {
			InputStream in = connection.getInputStream();
			for (Request request = read(in); request != null; request = read(in)) {
				this.requests.add(request);
				byte[] bytes = this.answer.to(request, connection);
				if (bytes != null) {
					connection.getOutputStream().write(bytes);
					connection.getOutputStream().flush();
				}
			}
		}
		catch (IOException ex) {
			// Closed, here or there.
		}
	}

	private static Request read(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				return null;
			}
			head.append((char) next);
		}
		int length = 0;
		for (String line : head.toString().split("\r\n")) {
			if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
				length = Integer.parseInt(line.substring(15).strip());
			}
		}
		return new Request(head.substring(0, head.indexOf("\r\n")), head.toString(), in.readNBytes(length));
	}

	int port() {
		return this.socket.getLocalPort();
	}

	List<Request> requests() {
		return this.requests;
	}

	/** Ends a connection without the peer's consent. */
	static void reset(Socket connection) {
		try {
			connection.setSoLinger(true, 0);
			connection.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
			for (Socket connection : this.connections) {
				connection.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What is answered, {@code null} for nothing. */
	@FunctionalInterface
	interface Answer {

		byte[] to(Request request, Socket connection) throws IOException;

	}

	/**
	 * A request.
	 *
	 * @param line its first line
	 * @param head its head
	 * @param body its body
	 */
	record Request(String line, String head, byte[] body) {
	}

}
