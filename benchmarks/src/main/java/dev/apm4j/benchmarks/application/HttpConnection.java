package dev.apm4j.benchmarks.application;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept connection, with as little between socket and caller as possible: the load
 * shares its processors with what is measured.
 */
final class HttpConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 20_000;

	private final Socket socket;

	private final InputStream in;

	private final byte[] line = new byte[8192];

	HttpConnection(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.in = new BufferedInputStream(this.socket.getInputStream(), 16 * 1024);
	}

	static byte[] request(String path) {
		return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n").getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Asks, and waits for the whole answer.
	 * @param request made by {@link #request(String)}
	 * @return the body
	 * @throws IOException if the answer is not a 200
	 */
	byte[] get(byte[] request) throws IOException {
		this.socket.getOutputStream().write(request);
		String status = readLine();
		int length = -1;
		boolean chunked = false;
		for (String header = readLine(); !header.isEmpty(); header = readLine()) {
			String lower = header.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				length = Integer.parseInt(lower.substring(15).trim());
			}
			else if (lower.startsWith("transfer-encoding:")) {
				chunked = lower.endsWith("chunked");
			}
		}
		byte[] body = chunked ? chunks() : this.in.readNBytes(Math.max(length, 0));
		if (!status.startsWith("HTTP/1.1 200")) {
			throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
		}
		return body;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private byte[] chunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
			body.write(this.in.readNBytes(size));
			readLine();
		}
		readLine();
		return body.toByteArray();
	}

	private String readLine() throws IOException {
		int length = 0;
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next < 0) {
				throw new EOFException();
			}
			if (next != '\r') {
				this.line[length++] = (byte) next;
			}
		}
		return new String(this.line, 0, length, StandardCharsets.ISO_8859_1);
	}

}
