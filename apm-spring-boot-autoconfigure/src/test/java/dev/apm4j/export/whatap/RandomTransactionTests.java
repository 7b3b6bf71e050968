package dev.apm4j.export.whatap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.apm4j.export.whatap.DatagramReader.Packet;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.SpanLimits;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever spans say, the agent gets what it can read, and no secret.
 */
class RandomTransactionTests {

	private static final int TRANSACTIONS = 150;

	private static final String SECRET = "S3cretMarker";

	private static final List<String> KEYS = List.of("http.request.method", "http.request.method_original",
			"http.response.status_code", "http.route", "http.request.header.referer", "http.request.header.x",
			"http.request.header.authorization", "url.path", "url.full", "url.template", "url.scheme", "url.query",
			"server.address", "server.port", "client.address", "user_agent.original", "enduser.id",
			"network.peer.address", "peer.service", "db.system.name", "db.operation.name", "db.namespace",
			"db.query.parameter.0", "db.query.parameter.name", "db.query.parameter.password",
			"db.response.returned_rows", "db.operation.batch.size", "apm.db.repeated", "apm.db.repeated.max",
			"apm.db.callers", "apm.db.connection.wait", "messaging.system", "rpc.system", "rpc.service", "rpc.method",
			"grpc.status_code", "apm.http.client", "apm.client_aborted", "apm.cancelled", "apm.job.type",
			"code.function.name", "error.type", "", " ", "user.key");

	private static final List<String> SECRETS = List.of("password=%s", "x token: %s", "{\"secret\":\"%s\"}",
			"Bearer %s", "http://u:%s@h:80/p", "jdbc:mysql://h/d?user=a&password=%s", "api_key='%s' b",
			"Authorization: Basic %s", "//u:%s@h/x?y");

	private static final List<String> VALUES = List.of("", " ", "GET", "200", "404", "/", "?", "/a/{b}", "://",
			"http://h", "http://h/p?q#f", "mysql", "redis", "kafka", "a,b:1,,c", "::1", "[", "[::1]:5", "\ud800",
			"\udc00x", "a\u0000b", "a\nb", "\ud83d\ude00", "99999999999999999999", "-1", "@", "u:@", "=", "&&",
			"COMMIT", "CONNECT");

	private Random random = new Random(0);

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void everyTransactionCanBeReadAndHasNoSecret(long seed) throws IOException {
		this.random = new Random(seed);
		for (int i = 0; i < TRANSACTIONS; i++) {
			SentTransactions sent = new SentTransactions(WireVersion.values()[i % 2],
					new SpanLimits(1 + this.random.nextInt(400), 64, 8192, 64, 32), this.random.nextBoolean());
			ApmSpan root = record(sent);
			sent.writer().start(root.owner());
			sent.writer().endEarly(root.owner());
			sent.writer().end(sent.segment(), true);
			sent.writer().whole(root.owner(), true);
			check(sent);
		}
	}

	private ApmSpan record(SentTransactions sent) {
		ApmSpan root = sent.tracer().nextSegment(null).kind(kind()).start();
		List<ApmSpan> spans = new ArrayList<>(List.of(root));
		for (int i = this.random.nextInt(10); i > 0; i--) {
			spans.add(sent.tracer().nextSpan(spans.get(this.random.nextInt(spans.size()))).kind(kind()).start());
		}
		for (int i = spans.size() - 1; i >= 0; i--) {
			fill(spans.get(i));
			if (i == 0 || this.random.nextInt(10) > 0) {
				spans.get(i).end();
			}
		}
		return root;
	}

	private void fill(ApmSpan span) {
		span.name(text());
		for (int i = this.random.nextInt(12); i > 0; i--) {
			String key = KEYS.get(this.random.nextInt(KEYS.size()));
			switch (this.random.nextInt(6)) {
				case 0 -> span.tag(key, this.random.nextLong());
				case 1 -> span.tag(key, this.random.nextInt(1000));
				case 2 -> span.tagOfStrings(key, List.of(text(), text()));
				case 3 -> span.tagOfLongs(key, List.of());
				case 4 -> span.tag(key, this.random.nextDouble());
				default -> span.tag(key, text());
			}
		}
		if (this.random.nextInt(3) == 0) {
			span.tag("db.query.text", "SELECT 'it''s " + SECRET + "' = '" + SECRET);
		}
		if (this.random.nextInt(4) == 0) {
			span.error(new RuntimeException(text(), new IllegalStateException(text() + "\n\tat " + text())));
			span.event(text());
			span.addLink(new Link(PropagatedContext.builder().ids("t " + text(), 0).build()));
		}
	}

	private Span.Kind kind() {
		int kind = this.random.nextInt(5);
		return (kind < 4) ? Span.Kind.values()[kind] : null;
	}

	private String text() {
		if (this.random.nextInt(3) == 0) {
			return SECRETS.get(this.random.nextInt(SECRETS.size())).formatted(SECRET);
		}
		String text = VALUES.get(this.random.nextInt(VALUES.size()));
		return (this.random.nextInt(8) == 0) ? text.repeat(1 + this.random.nextInt(3000)) : text;
	}

	private static void check(SentTransactions sent) {
		assertThat(sent.tooLarge()).isZero();
		int leak = sent.bytes().indexOf(SECRET);
		assertThat((leak >= 0) ? sent.bytes().substring(Math.max(0, leak - 60), leak) : null).isNull();
		for (Packet packet : sent.packets()) {
			assertThat(packet.common().get(2)).isNotNegative();
			for (Map.Entry<String, String> field : packet.fields().entrySet()) {
				boolean lines = List.of("stack", "desc", "sql").contains(field.getKey());
				assertThat(field.getValue()).as(field.getKey()).doesNotContain("\ufffd");
				assertThat(field.getValue().chars().noneMatch((c) -> c < ' ' && !lines))
					.as(field.getKey() + " of " + packet.type())
					.isTrue();
			}
			if (packet.fields().containsKey("uri")) {
				assertThat(packet.fields().get("uri")).isNotBlank();
			}
		}
	}

}
