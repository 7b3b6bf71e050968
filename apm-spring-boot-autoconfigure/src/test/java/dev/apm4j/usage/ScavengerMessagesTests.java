package dev.apm4j.usage;

import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the messages, against the bytes of Scavenger's own.
 */
class ScavengerMessagesTests {

	private static final String KEY = "11111111-2222-3333-4444-555555555555";

	private static final String JVM = "00000000-1111-2222-3333-444444444444";

	private static final CommonPublicationData COMMON = new CommonPublicationData(KEY, "vec-app", "1.2.3", "vec-env",
			"vec-host", number("CommonPublicationData", 7), JVM);

	private static final long PUBLISHED = number("CommonPublicationData", 9);

	private static long number(String message, int wanted) {
		ProtobufReader reader = new ProtobufReader(ByteBuffer.wrap(Vectors.message(message)));
		for (Integer field = reader.next(); field != null; field = reader.next()) {
			if (field == wanted) {
				return reader.value();
			}
		}
		throw new IllegalStateException();
	}

	@Test
	void writesRequestForConfiguration() {
		assertThat(ScavengerMessages.getConfigRequest(KEY, JVM).toByteArray())
			.isEqualTo(Vectors.message("GetConfigRequest"));
	}

	@Test
	void writesCommonData() {
		assertThat(ScavengerMessages.commonData(COMMON, "fp-0001", PUBLISHED).toByteArray())
			.isEqualTo(Vectors.message("CommonPublicationData"));
	}

	@Test
	void writesCodeBase() {
		List<CodeBaseMethod> methods = List.of(
				new CodeBaseMethod(new MethodKey("vec.pkg.Svc", "<init>", "()V"), Modifier.PUBLIC),
				new CodeBaseMethod(new MethodKey("vec.pkg.Svc", "live", "(Ljava/lang/String;[I)V"), Modifier.PUBLIC),
				new CodeBaseMethod(new MethodKey("vec.pkg.Svc$Inner", "dead", "()V"),
						Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL),
				new CodeBaseMethod(new MethodKey("vec.pkg.Svc", "한글", "(J)V"), Modifier.PRIVATE));
		ProtobufWriter common = ScavengerMessages.commonData(COMMON, "fp-0001", PUBLISHED);
		PublicationFrame publication = new PublicationFrame(1000, common.size());
		for (CodeBaseMethod method : methods) {
			CodeBaseEntry entry = CodeBaseEntry.of(method, false);
			ProtobufWriter message = new ProtobufWriter();
			ScavengerMessages.codeBaseEntry(message, entry, MethodSignature.hash(entry.text()));
			assertThat(publication.add(message)).isTrue();
		}
		assertThat(message(publication.finish(common, null))).isEqualTo(Vectors.message("CodeBasePublication"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2 })
	void writesInvocations(int entries) {
		byte[] expected = Vectors.message("InvocationDataPublication{common," + entries);
		ProtobufWriter common = ScavengerMessages.commonData(COMMON, "fp-0001", PUBLISHED);
		PublicationFrame publication = new PublicationFrame(1000, common.size());
		for (String hash : List.of("a32c118896af2f6751421901fbc7f67", "722124b34755ff899373eeff64ed7b6")
			.subList(0, entries)) {
			ProtobufWriter message = new ProtobufWriter();
			ScavengerMessages.invocationEntry(message, hash);
			publication.add(message);
		}
		long started = number("InvocationDataPublication{common," + entries, 3);
		assertThat(message(publication.finish(common, ScavengerMessages.recordingInterval(started))))
			.isEqualTo(expected);
	}

	private static byte[] message(Frame frame) {
		assertThat(ByteBuffer.wrap(frame.bytes(), frame.offset(), Frame.HEAD).order(ByteOrder.BIG_ENDIAN))
			.satisfies((head) -> {
				assertThat(head.get()).isZero();
				assertThat(head.getInt()).isEqualTo(frame.length() - Frame.HEAD);
			});
		return Arrays.copyOfRange(frame.bytes(), frame.offset() + Frame.HEAD, frame.offset() + frame.length());
	}

	@Test
	void readsIntervals() {
		ServerIntervals intervals = ServerIntervals.read(ByteBuffer.wrap(Vectors.message("GetConfigResponse")));
		assertThat(intervals).isEqualTo(new ServerIntervals(Duration.ofSeconds(120), Duration.ofSeconds(120),
				Duration.ofSeconds(120), Duration.ofSeconds(129), Duration.ofSeconds(120)));
	}

	@Test
	void readsIntervalsAmongFieldsThatItDoesNotKnow() {
		// A text, a fixed32, a fixed64, a number in field 99, then the interval 7.
		byte[] message = HexFormat.of().parseHex("7a0161" + "7d01020304" + "7901020304050607ff" + "980601" + "0807");
		assertThat(ServerIntervals.read(ByteBuffer.wrap(message)).poll()).isEqualTo(Duration.ofSeconds(7));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0800", "08ffffffffffffffffff01" })
	void neverPollsWithoutPauseWhateverTheCollectorSays(String message) {
		assertThat(ServerIntervals.read(ByteBuffer.wrap(HexFormat.of().parseHex(message))).poll())
			.isEqualTo(Duration.ofSeconds(120));
	}

	@Test
	void neverWaitsForYearsWhateverTheCollectorSays() {
		byte[] message = HexFormat.of().parseHex("08ffffffffffffffff7f");
		assertThat(ServerIntervals.read(ByteBuffer.wrap(message)).poll()).isEqualTo(Duration.ofDays(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "08", "7a05", "0880808080808080808080", "00", "0b", "7affffffff7f", "0f" })
	void refusesWhatIsNoMessage(String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ServerIntervals.read(ByteBuffer.wrap(HexFormat.of().parseHex(message))));
	}

	@Test
	void cutsWhatTheCollectorCannotStore() {
		CollectorSettings settings = new CollectorSettings(URI.create("http://localhost"), KEY, "ä".repeat(300),
				"1".repeat(100), "", " ", Duration.ofSeconds(1), Duration.ofSeconds(1), null, false, 1);
		CommonPublicationData common = CommonPublicationData.of(settings, 1, JVM);
		assertThat(common.appName()).isEqualTo("ä".repeat(255));
		assertThat(common.appVersion()).isEqualTo("1".repeat(80));
		assertThat(common.environment()).isEqualTo("<default>");
		assertThat(common.hostname()).isEqualTo("-unknown-");
		assertThat(common).asString().doesNotContain(KEY);
	}

	@Test
	void hasNoEntryForWhatTheCollectorCannotStore() {
		assertThat(entry("a." + "B".repeat(254), "()V")).isNotNull();
		assertThat(entry("a." + "B".repeat(255), "()V")).isNull();
		assertThat(entry("a.B", "(" + ("L" + "c".repeat(280) + ";").repeat(250) + ")V")).isNull();
	}

	private static CodeBaseEntry entry(String className, String descriptor) {
		return CodeBaseEntry.of(new CodeBaseMethod(new MethodKey(className, "run", descriptor), Modifier.PUBLIC),
				false);
	}

	@Test
	void leavesForTheNextMessageWhatDoesNotFit() {
		ProtobufWriter entry = new ProtobufWriter().text(1, "x".repeat(100));
		PublicationFrame publication = new PublicationFrame(420, 10);
		int count = 0;
		while (publication.add(entry)) {
			count++;
		}
		Frame frame = publication.finish(new ProtobufWriter().text(1, "12345678"),
				ScavengerMessages.recordingInterval(Long.MAX_VALUE));
		assertThat(count).isEqualTo(publication.count()).isEqualTo(3);
		assertThat(frame.length()).isLessThanOrEqualTo(420);
	}

}
