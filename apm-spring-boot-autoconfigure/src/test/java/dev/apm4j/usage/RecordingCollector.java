package dev.apm4j.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

/**
 * A collector that takes everything, or answers what a test says, and keeps what came.
 */
final class RecordingCollector implements AutoCloseable {

	private static final byte[] PUBLISHED = HexFormat.of()
		.parseHex("00000000040a024f4b8000000010677270632d7374617475733a20300d0a");

	private final RawServer server = new RawServer(this::answer);

	private final List<Call> calls = new CopyOnWriteArrayList<>();

	private final Map<String, Deque<RawServer.Answer>> answers = new ConcurrentHashMap<>();

	private volatile ServerIntervals intervals = ServerIntervals.all(ServerIntervals.DEFAULT);

	private volatile RawServer.Answer always;

	String url() {
		return "http://127.0.0.1:" + this.server.port();
	}

	List<Call> calls() {
		return this.calls;
	}

	List<Call> calls(String method) {
		return this.calls.stream().filter((call) -> call.method().equals(method)).toList();
	}

	List<String> methods() {
		return this.calls.stream().map(Call::method).toList();
	}

	void forget() {
		this.calls.clear();
	}

	void intervals(ServerIntervals intervals) {
		this.intervals = intervals;
	}

	/** Answers the next calls of a method so, one after the other. */
	void next(String method, RawServer.Answer... answers) {
		this.answers.computeIfAbsent(method, (key) -> new ArrayDeque<>()).addAll(List.of(answers));
	}

	/** Answers everything so, until it is {@code null} again. */
	void always(RawServer.Answer answer) {
		this.always = answer;
	}

	static RawServer.Answer status(int status) {
		return (request, connection) -> RawServer.bytes("HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto"
				+ "\r\ngrpc-status: " + status + "\r\nContent-Length: 0\r\n\r\n");
	}

	static RawServer.Answer reset() {
		return (request, connection) -> {
			RawServer.reset(connection);
			return null;
		};
	}

	static RawServer.Answer silence() {
		return (request, connection) -> null;
	}

	private byte[] answer(RawServer.Request request, Socket connection) throws IOException {
		String path = request.line().split("[ ?]")[1];
		String method = path.substring(path.lastIndexOf('/') + 1);
		byte[] body = request.body();
		this.calls.add(new Call(method, (body.length == 0) ? UnknownFieldSet.getDefaultInstance()
				: UnknownFieldSet.parseFrom(Arrays.copyOfRange(body, 5, body.length)), body.length));
		RawServer.Answer always = this.always;
		if (always != null) {
			return always.to(request, connection);
		}
		RawServer.Answer answer = this.answers.getOrDefault(method, new ArrayDeque<>()).poll();
		if (answer != null) {
			return answer.to(request, connection);
		}
		return switch (method) {
			case "initConfig" ->
				RawServer.ok("application/json", "{\"collectorUrl\":\"127.0.0.1:" + this.server.port() + "\"}");
			case "PollConfig" -> RawServer.ok("application/grpc-web+proto", intervals());
			default -> RawServer.ok("application/grpc-web+proto", PUBLISHED);
		};
	}

	private byte[] intervals() {
		Frame frame = Frame.of(new ProtobufWriter().number(1, this.intervals.poll().toSeconds())
			.number(2, this.intervals.pollRetry().toSeconds())
			.number(4, this.intervals.codeBaseRetry().toSeconds())
			.number(5, this.intervals.invocations().toSeconds())
			.number(6, this.intervals.invocationsRetry().toSeconds()));
		byte[] trailer = Arrays.copyOfRange(PUBLISHED, 9, PUBLISHED.length);
		byte[] body = Arrays.copyOf(frame.bytes(), frame.length() + trailer.length);
		System.arraycopy(trailer, 0, body, frame.length(), trailer.length);
		return body;
	}

	@Override
	public void close() {
		this.server.close();
	}

	/**
	 * A call.
	 *
	 * @param method its name
	 * @param message its message
	 * @param length length of its frame
	 */
	record Call(String method, UnknownFieldSet message, int length) {

		UnknownFieldSet common() {
			return parse(this.message.getField(1).getLengthDelimitedList().get(0));
		}

		String fingerprint() {
			return text(common(), 4);
		}

		long publishedAt() {
			return common().getField(9).getVarintList().get(0);
		}

		long intervalStartedAt() {
			return this.message.getField(3).getVarintList().get(0);
		}

		/** Signatures of a code base, hashes of invocations. */
		List<String> entries() {
			int field = this.method.equals("SendCodeBasePublication") ? 3 : 1;
			return this.message.getField(2)
				.getLengthDelimitedList()
				.stream()
				.map((entry) -> text(parse(entry), field))
				.toList();
		}

		private static UnknownFieldSet parse(ByteString bytes) {
			try {
				return UnknownFieldSet.parseFrom(bytes);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		static String text(UnknownFieldSet message, int field) {
			return message.getField(field).getLengthDelimitedList().get(0).toString(StandardCharsets.UTF_8);
		}

	}

}
