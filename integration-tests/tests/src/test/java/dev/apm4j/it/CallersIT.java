package dev.apm4j.it;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;

import dev.apm4j.it.app.RecordedSpan;
import dev.apm4j.it.app.SharedApplications;
import dev.apm4j.it.app.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers that are traced by something else, and callers that mean no good.
 */
class CallersIT extends DeploymentTests {

	CallersIT(SharedApplications.Shared shared) {
		super(shared);
	}

	@Test
	void b3CallerIsJoined() {
		String traceId = Traces.newTraceId();
		assertThat(this.caller.get("/trace-id", "b3", traceId + "-e457b5a2e4d86bd1-1").body()).isEqualTo(traceId);
		RecordedSpan span = this.traces.complete(traceId, 1).single();
		assertThat(span.parentId()).isEqualTo("e457b5a2e4d86bd1");
	}

	@Test
	void b3CallerWithSeveralHeadersIsJoined() {
		String traceId = Traces.newTraceId();
		this.caller.get("/products/1", "X-B3-TraceId", traceId, "X-B3-SpanId", "e457b5a2e4d86bd1", "X-B3-Sampled", "1");
		RecordedSpan span = this.traces.complete(traceId, 1).single();
		assertThat(span.parentId()).isEqualTo("e457b5a2e4d86bd1");
	}

	@Test
	void skyWalkingCallerIsJoined() {
		// SkyWalking's ids are free strings.
		String traceId = Traces.newTraceId() + ".81.17000000000000001";
		String sw8 = String.join("-", "1", base64(traceId), base64(Traces.newTraceId() + ".82.17000000000000002"), "3",
				base64("gateway"), base64("gateway-1"), base64("GET:/shop"), base64("127.0.0.1:8080"));
		this.caller.get("/products/1", "sw8", sw8);
		RecordedSpan span = this.traces.complete(traceId, 1).single();
		assertThat(span.name()).isEqualTo("GET /products/{id}");
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@MethodSource
	void malformedHeaderStartsANewTrace(String name, String value) throws IOException {
		String response = rawGet("/trace-id", name, value);
		assertThat(response).startsWith("HTTP/1.1 200");
		String traceId = response.substring(response.indexOf("\r\n\r\n") + 4);
		RecordedSpan span = this.traces.complete(traceId, 1).single();
		assertThat(span.parentId()).isNull();
		assertThat(value).doesNotContain(traceId);
	}

	static Stream<Arguments> malformedHeaderStartsANewTrace() {
		String id = Traces.newTraceId();
		return Stream.of(Arguments.of("traceparent", ""), Arguments.of("traceparent", "00"),
				Arguments.of("traceparent", "00-" + id + "-b7ad6b7169203331"),
				Arguments.of("traceparent", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01"),
				Arguments.of("traceparent", "00-" + id + "-" + "0".repeat(16) + "-01"),
				Arguments.of("traceparent", "ff-" + id + "-b7ad6b7169203331-01"),
				Arguments.of("traceparent", "00-" + id.toUpperCase() + "-B7AD6B7169203331-01"),
				Arguments.of("traceparent", "00-" + id + "-b7ad6b7169203331-01-more"),
				Arguments.of("traceparent", "00-${jndi:ldap://x}-\u00ff\u00fe-01"),
				Arguments.of("traceparent", "9".repeat(6000)), Arguments.of("b3", "1-2-3-4-5-6"),
				Arguments.of("b3", "-".repeat(500)), Arguments.of("b3", id + "x-e457b5a2e4d86bd1-1"),
				Arguments.of("sw8", "1-!!!-###-x-"), Arguments.of("sw8", "1-" + "QQ==-".repeat(1000)),
				Arguments.of("tracestate", "a=b,".repeat(1500)), Arguments.of("baggage", "k=v;,=,%zz,".repeat(500)));
	}

	/** The JDK's client would not send some of these. */
	private String rawGet(String path, String name, String value) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.application.port())) {
			String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + name + ": "
					+ value + "\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			// A small body comes with its length, so nothing has to be decoded.
			assertThat(response.toLowerCase()).contains("content-length");
			return response;
		}
	}

}
