package dev.apm4j.propagation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.TransactionReference;
import io.micrometer.tracing.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile headers, made at random from valid ones, through all formats at once: what
 * comes out is always fit for a log line, a page and a header.
 */
class PropagationFuzzTests {

	private static final int ROUNDS = 10_000;

	private static final String[][] VALID = {
			{ "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
			{ "traceparent", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more" },
			{ "tracestate", "rojo=00f067aa0ba902b7,congo@x=t61rcWkgMzE , ,a=1" },
			{ "baggage", "userId=alice;private;ttl=5,serverNode=DF%2028, isProduction = false,%=%ff" },
			{ "b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90" }, { "b3", "d" },
			{ "X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7" }, { "X-B3-SpanId", "e457b5a2e4d86bd1" },
			{ "X-B3-ParentSpanId", "05e3ac9a4f6e3b90" }, { "X-B3-Sampled", "1" }, { "X-B3-Flags", "1" },
			{ "sw8", "1-My40LjU=-MS4yLjM=-4-c2VydmljZQ==-aW5zdGFuY2U=-L2FwcA==-MTI3LjAuMC4xOjgwODA=" },
			{ "sw8-correlation", "dGVzdA==:dHJ1ZQ==,dGVzdDI=:dHJ1ZQ==" }, { "sw8-x", "1-1602743904804" },
			{ "x-wtap-mst", "xcr2a0iq7q3gg,3,z2d,xf4ul9ou2d2g7" }, { "x-wtap-mst", "zbrjpd0l6rie6gh,0,x7f" },
			{ "x-wtap-po", "xuij, 0, x1a2b3c" }, { "x-wtap-sp1", "ver1.0,-1893213421" }, { "x-wtap-inf", "ver1.0,7" },
			{ "x-tenant", "acme corp" } };

	private static final String[] PIECES = { "\r\n", "\n", "\u0000", "\u001b[31m", "\u007f", "\u00e4", "\u2028",
			"\ud83d", "%0D%0A", "%", "%e4", "-", "--", ",", ",,", ";", "=", ":", "@", "\"", "<script>", "${jndi:x}",
			" ", "\t", "0", "f", "F", "Cg==", "DQo=", "x".repeat(300), ",a=1".repeat(100), "\u0661" };

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void nothingHostileComesOut(long seed) {
		Random random = new Random(seed);
		ApmTracer tracer = ApmTracer.builder().build();
		List<HeaderCodec> all = List.of(new W3cCodec(), B3Codec.single(), B3Codec.multi(),
				new Sw8Codec(() -> "orders", () -> "orders-1"), new WhaTapCodec(), new W3cBaggageCodec(),
				new BaggageFieldCodec(List.of("x-tenant")));
		int traces = 0;
		for (int round = 0; round < ROUNDS; round++) {
			Headers headers = headers(random);
			List<HeaderCodec> order = new ArrayList<>(all);
			Collections.shuffle(order, random);
			PropagatedContext context = headers.read(order.toArray(HeaderCodec[]::new));
			check(context, headers);
			traces += context.hasTrace() ? 1 : 0;
			ApmSpan span = tracer.spanBuilder()
				.setParent(context)
				.kind(random.nextBoolean() ? Span.Kind.CLIENT : Span.Kind.PRODUCER)
				.start();
			Headers written = new Headers();
			for (HeaderCodec codec : order) {
				codec.inject(span, written, Headers.SETTER);
			}
			assertThat(written.all()).as("from %s", headers)
				.allMatch((value) -> value.length() <= BaggageItems.MAX_BYTES)
				.allMatch(PropagationFuzzTests::isPrintable);
			PropagatedContext again = written.read(order.toArray(HeaderCodec[]::new));
			// Only sw8 carries free trace ids, and only of sampled traces.
			assertThat(again.traceId()).as("from %s over %s", headers, written)
				.isEqualTo(span.sampled() ? span.traceId() : span.owner().traceIdHex());
		}
		// Otherwise the headers were so broken that nothing was tested.
		assertThat(traces).isBetween(ROUNDS / 10, ROUNDS - ROUNDS / 10);
	}

	private static void check(PropagatedContext context, Headers headers) {
		assertThat(context.traceId()).as("from %s", headers)
			.hasSizeLessThanOrEqualTo(256)
			.matches(PropagationFuzzTests::isPrintable)
			.doesNotContain(" ", "\"", "'", "<", "${");
		assertThat(context.toString()).matches(PropagationFuzzTests::isPrintable);
		assertThat(context.traceState()).hasSizeLessThanOrEqualTo(4096).matches(PropagationFuzzTests::isPrintable);
		assertThat(context.baggage().items()).hasSizeLessThanOrEqualTo(BaggageItems.MAX_ITEMS)
			.allMatch((item) -> isPrintable(item.name()) && isPrintable(item.properties()));
		assertThat(context.baggage().toString()).matches(PropagationFuzzTests::isPrintable);
		if (context.reference() != null) {
			assertThat(context.reference().toString()).hasSizeLessThan(2048)
				.matches((text) -> text.chars().noneMatch(Character::isISOControl));
		}
		TransactionReference caller = context.transaction();
		if (caller != null) {
			assertThat(caller.toString()).hasSizeLessThan(400).matches(PropagationFuzzTests::isPrintable);
			assertThat(caller.txid()).isNotZero();
			assertThat(caller.depth()).isNotNegative();
			assertThat(context.hasTrace()).isTrue();
			assertThat(context.spanIdNumber()).isNotZero();
		}
		assertThat(context.extensions().values()).allMatch((value) -> value.length() <= 24 && isPrintable(value));
	}

	private static Headers headers(Random random) {
		Headers headers = new Headers();
		int count = 1 + random.nextInt(VALID.length);
		for (int i = 0; i < count; i++) {
			String[] header = VALID[random.nextInt(VALID.length)];
			String value = header[1];
			int changes = random.nextInt(3);
			for (int change = 0; change < changes; change++) {
				value = mutate(value, random);
			}
			headers.add(header[0], value);
		}
		return headers;
	}

	private static String mutate(String value, Random random) {
		int at = random.nextInt(value.length() + 1);
		int until = Math.min(value.length(), at + random.nextInt(4));
		return switch (random.nextInt(4)) {
			case 0 -> value.substring(0, at) + PIECES[random.nextInt(PIECES.length)] + value.substring(at);
			case 1 -> value.substring(0, at) + value.substring(until);
			case 2 -> value.substring(0, at) + (char) random.nextInt(0x180) + value.substring(until);
			default -> VALID[random.nextInt(VALID.length)][1];
		};
	}

	private static boolean isPrintable(String text) {
		return text.chars().allMatch((c) -> c >= 0x20 && c <= 0x7e);
	}

}
