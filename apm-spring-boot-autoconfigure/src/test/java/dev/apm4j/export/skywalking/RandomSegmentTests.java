package dev.apm4j.export.skywalking;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.RefType;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanLayer;
import dev.apm4j.skywalking.proto.SpanObject;
import dev.apm4j.skywalking.proto.SpanType;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a segment holds, the server gets what it can take.
 */
class RandomSegmentTests {

	private static final int SEGMENTS = 80;

	private static final List<String> KEYS = List.of("http.request.method", "http.response.status_code", "http.route",
			"url.path", "url.full", "url.template", "url.scheme", "url.query", "server.address", "server.port",
			"network.peer.address", "network.peer.port", "peer.service", "db.system.name", "db.system",
			"db.operation.name", "db.namespace", "db.query.text", "db.query.parameter.0", "messaging.system",
			"messaging.destination.name", "rpc.system", "rpc.service", "rpc.method", "grpc.status_code", "apm.job.type",
			"code.function.name", "error.type", "x-le", "http.status_code", "url", "db.type", "", " ", "user.key");

	private static final List<String> VALUES = List.of("", " ", "GET", "200", "404", "x", "/", "?", "/a/{b}", "://",
			"http://h", "http://h/p?q#f", "mysql", "redis", "h2database", "kafka", "rabbitmq", "grpc", "a,b:1,,c",
			"::1", "[::1]:5", "\ud800", "\udc00x", "a\u0000b", "a\nb", "\ud83d\ude00", "\u670d\u52a1", "scheduled",
			"runner", "99999999999999999999", "-1");

	private Random random = new Random(0);

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void everySegmentIsValid(long seed) throws Exception {
		this.random = new Random(seed);
		for (int i = 0; i < SEGMENTS; i++) {
			RecordedSegments recorded = new RecordedSegments(new ServiceIdentity(text(), text()),
					new SpanLimits(1 + this.random.nextInt(400), 64, 8192, 64, 32));
			record(recorded);
			check(recorded.translated());
		}
	}

	private void record(RecordedSegments recorded) {
		ApmSpan root = recorded.tracer().nextSegment(cause(recorded)).kind(kind()).start();
		List<ApmSpan> spans = new ArrayList<>(List.of(root));
		int size = this.random.nextInt(10) == 0 ? 350 : this.random.nextInt(12);
		for (int i = 0; i < size; i++) {
			spans.add(recorded.tracer().nextSpan(spans.get(this.random.nextInt(spans.size()))).kind(kind()).start());
		}
		for (int i = spans.size() - 1; i >= 0; i--) {
			fill(recorded, spans.get(i));
			if (i == 0 || this.random.nextInt(10) > 0) {
				spans.get(i).end();
			}
			else if (this.random.nextBoolean()) {
				spans.get(i).abandon();
			}
		}
	}

	private PropagatedContext cause(RecordedSegments recorded) {
		return switch (this.random.nextInt(5)) {
			case 0 -> null;
			case 1 -> PropagatedContext.builder().ids("0af7651916cd43dd8448eb211c80319c", 7).sampled(true).build();
			default -> PropagatedContext.builder()
				.ids(this.random.nextBoolean() ? "3.4.5" : "t".repeat(1 + this.random.nextInt(400)), 0)
				.sampled(true)
				.reference(new dev.apm4j.trace.SegmentReference(text(), this.random.nextInt(9) - 1, text(), text(),
						text(), text()))
				.extension("sw8-x", List.of("", "-", "1", "1-x", "0-5").get(this.random.nextInt(5)))
				.build();
		};
	}

	private void fill(RecordedSegments recorded, ApmSpan span) {
		span.name(text());
		for (int i = this.random.nextInt(12); i > 0; i--) {
			String key = KEYS.get(this.random.nextInt(KEYS.size()));
			switch (this.random.nextInt(4)) {
				case 0 -> span.tag(key, this.random.nextLong());
				case 1 -> span.tag(key, this.random.nextInt(1000));
				case 2 -> span.tagOfStrings(key, List.of(text(), text()));
				default -> span.tag(key, text());
			}
		}
		if (this.random.nextInt(5) == 0) {
			span.error(new RuntimeException(text()));
			span.event(text());
			PropagatedContext linked = cause(recorded);
			span.addLink((linked != null) ? new Link(linked) : null);
		}
	}

	private Span.Kind kind() {
		int kind = this.random.nextInt(5);
		return (kind < 4) ? Span.Kind.values()[kind] : null;
	}

	private String text() {
		String text = VALUES.get(this.random.nextInt(VALUES.size()));
		return (this.random.nextInt(8) == 0) ? text.repeat(1 + this.random.nextInt(3000)) : text;
	}

	private static void check(SegmentObject segment) throws Exception {
		checkText(segment.getTraceId(), 1, 256);
		checkText(segment.getTraceSegmentId(), 1, 256);
		checkText(segment.getService(), 1, 50);
		checkText(segment.getServiceInstance(), 1, 50);
		assertThat(segment.getSpansCount()).isBetween(1, 300);
		Set<Integer> numbers = new HashSet<>();
		for (SpanObject span : segment.getSpansList()) {
			assertThat(numbers.add(span.getSpanId())).isTrue();
			if (span.getSpanId() == 0) {
				assertThat(span.getParentSpanId()).isEqualTo(-1);
			}
			else {
				assertThat(numbers).contains(span.getParentSpanId());
			}
			checkSpan(span);
		}
		assertThat(numbers).contains(0);
		assertThat(roundTrip(segment)).isEqualTo(segment);
	}

	private static void checkSpan(SpanObject span) throws Exception {
		checkText(span.getOperationName(), 1, 150);
		checkText(span.getPeer(), 0, 200);
		assertThat(span.getEndTime()).isGreaterThanOrEqualTo(span.getStartTime());
		assertThat(span.getLogsCount()).isLessThanOrEqualTo(500);
		assertThat(span.getRefsCount()).isLessThanOrEqualTo(500);
		boolean needsPeer = span.getSpanLayer() == SpanLayer.Database || span.getSpanLayer() == SpanLayer.Cache
				|| (span.getSpanLayer() == SpanLayer.MQ && span.getSpanType() == SpanType.Exit);
		assertThat(needsPeer && span.getPeer().isEmpty()).isFalse();
		for (KeyStringValuePair tag : span.getTagsList()) {
			checkText(tag.getKey(), 1, 128);
			checkText(tag.getValue(), 0, 2048);
			assertThat(tag.getKey()).isNotBlank();
			if (tag.getKey().equals("x-le")) {
				assertThat(tag.getValue()).isEqualTo("{\"logic-span\":true}");
				assertThat(span.getSpanId()).isZero();
			}
		}
		for (SegmentReference ref : span.getRefsList()) {
			checkReference(ref);
		}
		span.getLogsList().forEach((log) -> assertThat(log.getDataCount()).isBetween(1, 4));
	}

	private static void checkReference(SegmentReference ref) throws Exception {
		checkText(ref.getTraceId(), 1, 256);
		checkText(ref.getParentTraceSegmentId(), 1, 256);
		checkText(ref.getParentService(), 1, 200);
		checkText(ref.getParentServiceInstance(), 1, 200);
		checkText(ref.getParentEndpoint(), 1, 150);
		checkText(ref.getNetworkAddressUsedAtPeer(), (ref.getRefType() == RefType.CrossProcess) ? 1 : 0, 200);
		assertThat(ref.getParentSpanId()).isNotNegative();
	}

	private static void checkText(String text, int minLength, int maxLength) throws CharacterCodingException {
		assertThat(text.length()).isBetween(minLength, maxLength);
		assertThat(text).doesNotContain("\u0000");
		// Throws at half a character.
		StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
	}

	private static SegmentObject roundTrip(SegmentObject segment) throws InvalidProtocolBufferException {
		return SegmentObject.parseFrom(segment.toByteArray());
	}

}
