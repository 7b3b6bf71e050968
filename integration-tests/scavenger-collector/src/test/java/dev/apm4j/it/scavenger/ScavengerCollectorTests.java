package dev.apm4j.it.scavenger;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.google.protobuf.Message;
import dev.apm4j.it.scavenger.proto.CodeBasePublication;
import dev.apm4j.it.scavenger.proto.CodeBasePublication.CodeBaseEntry;
import dev.apm4j.it.scavenger.proto.CommonPublicationData;
import dev.apm4j.it.scavenger.proto.GetConfigRequest;
import dev.apm4j.it.scavenger.proto.InvocationDataPublication;
import dev.apm4j.it.scavenger.proto.InvocationDataPublication.InvocationDataEntry;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the collector answers as the real one was seen to.
 */
class ScavengerCollectorTests {

	private static final String POLL = "PollConfig";

	private static final String CODE_BASE = "SendCodeBasePublication";

	private static final String INVOCATIONS = "SendInvocationDataPublication";

	private static final InvocationDataPublication PUBLICATION = InvocationDataPublication.newBuilder()
		.setCommonData(CommonPublicationData.newBuilder()
			.setApiKey(CollectorOptions.KEY)
			.setAppName("shop")
			.setAppVersion("1")
			.setCodeBaseFingerprint("f")
			.setEnvironment("test")
			.setHostname("h")
			.setJvmStartedAtMillis(1_700_000_000_000L)
			.setJvmUuid("jvm")
			.setPublishedAtMillis(1_700_000_000_001L))
		.build();

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private ScavengerCollector collector = new ScavengerCollector(CollectorOptions.forTests()).start();

	@AfterEach
	void stop() {
		this.collector.close();
	}

	private HttpResponse<byte[]> call(String method, Message message) throws Exception {
		ByteBuffer frame = ByteBuffer.allocate(5 + message.getSerializedSize())
			.put((byte) 0)
			.putInt(message.getSerializedSize())
			.put(message.toByteArray());
		return this.http.send(HttpRequest.newBuilder(uri("/GrpcAgentService/" + method))
			.header("Content-Type", "application/grpc-web+proto")
			.POST(BodyPublishers.ofByteArray(frame.array()))
			.build(), BodyHandlers.ofByteArray());
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.collector.port() + path);
	}

	private String get(String path) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()).body();
	}

	private int statusOf(String method, Message message) throws Exception {
		return Integer.parseInt(call(method, message).headers().firstValue("grpc-status").orElse("0"));
	}

	private static Message poll(String key, String jvm) {
		return GetConfigRequest.newBuilder().setApiKey(key).setJvmUuid(jvm).build();
	}

	private static Message publication(Consumer<CommonPublicationData.Builder> change) {
		InvocationDataPublication.Builder publication = PUBLICATION.toBuilder();
		change.accept(publication.getCommonDataBuilder());
		return publication.build();
	}

	static Stream<Arguments> calls() {
		String key = CollectorOptions.KEY;
		return Stream.of(Arguments.of(0, POLL, poll(key, "jvm")), Arguments.of(0, POLL, poll(key, "")),
				Arguments.of(16, POLL, poll("unknown", "jvm")), Arguments.of(16, POLL, poll("", "jvm")),
				Arguments.of(0, INVOCATIONS, PUBLICATION),
				Arguments.of(16, INVOCATIONS, publication((common) -> common.setApiKey("unknown"))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setApiKey(""))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setAppName(""))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setAppVersion(""))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setCodeBaseFingerprint(""))),
				Arguments.of(0, INVOCATIONS, publication((common) -> common.setEnvironment(""))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setHostname(""))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setJvmUuid(""))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setJvmStartedAtMillis(0))),
				Arguments.of(3, INVOCATIONS, publication((common) -> common.setPublishedAtMillis(1_489_999_999_999L))),
				Arguments.of(3, INVOCATIONS, PUBLICATION.toBuilder().clearCommonData().build()),
				Arguments.of(3, INVOCATIONS,
						PUBLICATION.toBuilder().addEntry(InvocationDataEntry.getDefaultInstance()).build()),
				Arguments.of(0, CODE_BASE, codeBase()),
				Arguments.of(3, CODE_BASE, CodeBasePublication.getDefaultInstance()),
				Arguments.of(3, CODE_BASE, codeBase().toBuilder().addEntry(CodeBaseEntry.getDefaultInstance()).build()),
				Arguments.of(2, CODE_BASE, ofSize(CollectorOptions.MAX_MESSAGE_BYTES - 4)),
				Arguments.of(0, CODE_BASE, ofSize(CollectorOptions.MAX_MESSAGE_BYTES - 5)));
	}

	private static CodeBasePublication codeBase() {
		return CodeBasePublication.newBuilder().setCommonData(PUBLICATION.getCommonData()).build();
	}

	private static Message ofSize(int size) {
		CodeBaseEntry entry = CodeBaseEntry.newBuilder().setSignatureHash("a").build();
		int rest = size - codeBase().toBuilder().addEntry(entry).build().getSerializedSize();
		CodeBasePublication large = codeBase().toBuilder()
			.addEntry(entry.toBuilder().setSignature("x".repeat(rest)))
			.build();
		int more = large.getSerializedSize() - size;
		return codeBase().toBuilder().addEntry(entry.toBuilder().setSignature("x".repeat(rest - more))).build();
	}

	@ParameterizedTest
	@MethodSource("calls")
	void checksWhatTheRealOneChecks(int status, String method, Message message) throws Exception {
		assertThat(statusOf(method, message)).isEqualTo(status);
	}

	@Test
	void answersInTheBytesOfTheRealOne() throws Exception {
		assertThat(call(INVOCATIONS, PUBLICATION).body())
			.isEqualTo(HexFormat.of().parseHex("00000000040a024f4b8000000010677270632d7374617475733a20300d0a"));
	}

	@Test
	void saysWhereItIs() throws Exception {
		assertThat(get("/javaagent/v5/initConfig?licenseKey=any"))
			.isEqualTo("{\"collectorUrl\":\"127.0.0.1:" + this.collector.port() + "\"}");
		assertThat(get("/javaagent/v5/initConfig")).contains("400");
	}

	@Test
	void keepsWhatCameInItsOrderForOthersToAsk() throws Exception {
		get("/javaagent/v5/initConfig?licenseKey=any");
		call(POLL, poll(CollectorOptions.KEY, "jvm"));
		call(INVOCATIONS, PUBLICATION.toBuilder().addEntry(InvocationDataEntry.newBuilder().setHash("abc")).build());
		assertThat(this.collector.received()).extracting(ReceivedCall::call)
			.containsExactly("InitConfig", POLL, INVOCATIONS);
		assertThat(this.collector.received().get(2).entries("hash")).containsExactly("abc");
		assertThat(get("/received")).contains("\"app_name\":\"shop\"", "\"hash\":\"abc\"", "\"status\":\"OK\"");
	}

	@Test
	void failsOnceWhenAskedTo() throws Exception {
		this.collector.failNext(POLL, Status.INTERNAL);
		this.http.send(HttpRequest.newBuilder(uri("/failures?call=PollConfig&status=UNKNOWN"))
			.POST(BodyPublishers.noBody())
			.build(), BodyHandlers.discarding());
		Message poll = poll(CollectorOptions.KEY, "jvm");
		assertThat(statusOf(POLL, poll)).isEqualTo(13);
		assertThat(statusOf(POLL, poll)).isEqualTo(2);
		assertThat(statusOf(POLL, poll)).isZero();
	}

	@Test
	void remembersWhatCameBeforeItsEnd(@TempDir Path directory) throws Exception {
		stop();
		String journal = "--journal=" + directory.resolve("journal");
		this.collector = new ScavengerCollector(CollectorOptions.parse(journal)).start();
		call(INVOCATIONS, PUBLICATION);
		String port = "--port=" + this.collector.port();
		stop();
		this.collector = new ScavengerCollector(CollectorOptions.parse(journal, port)).start();
		assertThat(this.collector.accepted(INVOCATIONS)).singleElement()
			.satisfies((call) -> assertThat(call.text("app_name")).isEqualTo("shop"))
			.satisfies((call) -> assertThat(call.number("jvm_started_at_millis")).isEqualTo(1_700_000_000_000L));
	}

	@Test
	void refusesAWorkspaceThatIsSwitchedOff() throws Exception {
		stop();
		this.collector = new ScavengerCollector(
				CollectorOptions.parse("--keys=other", "--disabled-keys=" + CollectorOptions.KEY))
			.start();
		assertThat(statusOf(POLL, poll(CollectorOptions.KEY, "jvm"))).isZero();
		assertThat(statusOf(INVOCATIONS, PUBLICATION)).isEqualTo(2);
	}

}
