package dev.apm4j.export.whatap;

import java.time.Duration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.apm4j.export.TracedSegments;
import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Span;

/**
 * Real segments of a real tracer, written into datagrams and read back as an agent does.
 */
final class SentTransactions extends TracedSegments {

	static final long NOW = 4_000_000_000_000L;

	private static final WhaTapSettings SETTINGS = new WhaTapSettings("127.0.0.1", 6600, 20106, 4711, 0, 0,
			Duration.ofMinutes(5));

	private final Datagram datagram;

	private final Packets packets;

	private final List<Packet> sent = new ArrayList<>();

	/** The bytes, one character each. */
	private final StringBuilder bytes = new StringBuilder();

	private final List<AgentLink.Flush> flushes = new ArrayList<>();

	private final TransactionWriter writer;

	private int tooLarge;

	SentTransactions() {
		this(WireVersion.V20106, SpanLimits.DEFAULT, true);
	}

	SentTransactions(WireVersion version, SpanLimits limits, boolean clientErrors) {
		super(ApmTracer.builder().limits(limits));
		this.datagram = new Datagram(version);
		SecretName secretName = SecretNames.STANDARD::contains;
		this.packets = new Packets(new TransactionPackets(this.datagram, secretName),
				new ControlPackets(this.datagram, secretName),
				new RelayPackets(this.datagram, new RelayPackets.Origin(0, 0, 0, 0)));
		this.writer = new TransactionWriter(this::send, new SegmentCallers(() -> SETTINGS), secretName, clientErrors,
				() -> NOW);
	}

	private void send(PacketSource source, AgentLink.Flush flush) {
		if (!source.writeTo(this.packets)) {
			this.tooLarge++;
		}
		ByteBuffer buffer = this.datagram.bytes();
		this.bytes.append(StandardCharsets.ISO_8859_1.decode(buffer.duplicate()));
		List<Packet> read = DatagramReader.read(buffer);
		this.sent.addAll(read);
		read.forEach((packet) -> this.flushes.add(flush));
		this.datagram.clear();
	}

	TransactionWriter writer() {
		return this.writer;
	}

	ApmSpan statement(ApmSpan parent, String sql) {
		return child(parent, "SELECT orders", Span.Kind.CLIENT).tag("db.system.name", "postgresql")
			.tag("db.namespace", "shop")
			.tag("server.address", "db")
			.tag("server.port", 5432)
			.tag("db.operation.name", "SELECT")
			.tag("db.query.text", sql);
	}

	/** Sends the end of the one segment, with its steps. */
	SentTransactions ended() throws IOException {
		this.writer.end(segment(), true);
		return this;
	}

	List<Packet> packets() {
		return this.sent;
	}

	List<AgentLink.Flush> flushes() {
		return this.flushes;
	}

	int tooLarge() {
		return this.tooLarge;
	}

	Packet only(PacketType type) {
		List<Packet> found = all(type);
		if (found.size() != 1) {
			throw new AssertionError(found.size() + " of " + type + ":\n" + text());
		}
		return found.get(0);
	}

	List<Packet> all(PacketType type) {
		return this.sent.stream().filter((packet) -> packet.type() == type).toList();
	}

	String bytes() {
		return this.bytes.toString();
	}

	/** Types and fields that are not empty, without ids and stacks. */
	String text() {
		return this.sent.stream().map(SentTransactions::text).collect(Collectors.joining("\n"));
	}

	private static String text(Packet packet) {
		return packet.type() + packet.fields()
			.entrySet()
			.stream()
			.filter((field) -> !field.getValue().isEmpty()
					&& !List.of("stack", "mtid", "mcallerStepId", "stepId").contains(field.getKey()))
			.map((field) -> " " + field.getValue())
			.collect(Collectors.joining());
	}

}
