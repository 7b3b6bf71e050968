package dev.apm4j.usage;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import dev.apm4j.it.scavenger.CollectorOptions;
import dev.apm4j.it.scavenger.ReceivedCall;
import dev.apm4j.it.scavenger.ScavengerCollector;
import dev.apm4j.usage.PublicationStatus.State;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of publishing against a collector on the server library of the real one.
 */
class PublishingToACollectorTests {

	private static final String CODE_BASE = "SendCodeBasePublication";

	private static final String INVOCATIONS = "SendInvocationDataPublication";

	private final Source source = new Source();

	private ScavengerCollector collector;

	private ScavengerPublisher publisher;

	@AfterEach
	void stop() {
		if (this.publisher != null) {
			this.publisher.close();
		}
		if (this.collector != null) {
			this.collector.close();
		}
	}

	private void collector(CollectorOptions options) {
		this.collector = new ScavengerCollector(options).start();
	}

	private void publisher(int port, String key) {
		this.publisher = new ScavengerPublisher(new CollectorSettings(URI.create("http://127.0.0.1:" + port), key,
				"shop", "1.0", "", "host", Duration.ofSeconds(10), Duration.ofSeconds(10), null, false,
				CollectorOptions.MAX_MESSAGE_BYTES), this.source);
		this.publisher.start();
	}

	private void awaitAccepted(String call, int count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.collector.accepted(call).size() >= count);
	}

	private List<String> invoked() {
		return this.collector.accepted(INVOCATIONS).stream().flatMap((call) -> call.entries("hash").stream()).toList();
	}

	@Test
	void publishesInTheRightOrderWhatTheCollectorAccepts() {
		this.source.methods(5);
		this.source.call(1, 3);
		collector(CollectorOptions.forTests());
		publisher(this.collector.port(), CollectorOptions.KEY);
		awaitAccepted(INVOCATIONS, 2);
		assertThat(this.collector.received()).allSatisfy((call) -> assertThat(call.status()).isEqualTo("OK"))
			.extracting(ReceivedCall::call)
			.startsWith("InitConfig", "PollConfig", CODE_BASE, INVOCATIONS);
		ReceivedCall codeBase = this.collector.accepted(CODE_BASE).get(0);
		assertThat(this.collector.accepted(CODE_BASE)).hasSize(1);
		assertThat(codeBase.text("app_name")).isEqualTo("shop");
		assertThat(codeBase.text("environment")).isEqualTo("<default>");
		assertThat(codeBase.entries("signature")).containsExactlyElementsOf(Source.signatures(0, 5));
		assertThat(codeBase.entries().get(0)).containsEntry("declaring_type", "com.acme.Shop")
			.containsEntry("visibility", "public")
			.containsEntry("method_name", "method0")
			.containsEntry("modifiers", "public")
			.containsEntry("package_name", "com.acme")
			.containsEntry("parameter_types", "int,java.lang.String");
		assertThat(codeBase.entries("signature_hash")).containsAll(invoked());
		assertThat(invoked()).containsExactly(Source.hash(1), Source.hash(3));
		assertThat(this.collector.accepted(INVOCATIONS).get(0).number("recording_interval_started_at_millis"))
			.isGreaterThanOrEqualTo(codeBase.number("jvm_started_at_millis"));
	}

	@Test
	void publishesWhatIsLargerThanAMessageInSeveral() {
		this.source.methods(80_000);
		collector(CollectorOptions.forTests());
		publisher(this.collector.port(), CollectorOptions.KEY);
		awaitAccepted(INVOCATIONS, 1);
		assertCodeBase(80_000);
		assertThat(this.collector.accepted(CODE_BASE)).hasSizeBetween(2, 3);
		assertThat(this.collector.received()).allSatisfy((call) -> assertThat(call.status()).isEqualTo("OK"));
	}

	@Test
	void findsOutThatTheCollectorTakesOnlySmallerMessages() {
		this.source.methods(10_000);
		collector(CollectorOptions.forTests().withMaxMessageBytes(200_000));
		publisher(this.collector.port(), CollectorOptions.KEY);
		awaitAccepted(INVOCATIONS, 1);
		assertCodeBase(10_000);
		assertThat(this.publisher.status().state()).isEqualTo(State.UP);
	}

	private void assertCodeBase(int methods) {
		List<ReceivedCall> chunks = this.collector.accepted(CODE_BASE);
		List<String> signatures = chunks.stream().flatMap((call) -> call.entries("signature").stream()).toList();
		assertThat(signatures).hasSize(methods);
		assertThat(new HashSet<>(signatures)).hasSize(methods);
		Set<String> fingerprints = new HashSet<>();
		Set<Long> times = new HashSet<>();
		for (ReceivedCall chunk : chunks) {
			fingerprints.add(chunk.text("code_base_fingerprint"));
			times.add(chunk.number("published_at_millis"));
		}
		assertThat(fingerprints).hasSameSizeAs(chunks);
		assertThat(times).hasSize(1);
	}

	@Test
	void isBackWithinSecondsOfTheCollectorAndHasLostNothing() {
		this.source.methods(5);
		collector(CollectorOptions.forTests());
		int port = this.collector.port();
		publisher(port, CollectorOptions.KEY);
		awaitAccepted(INVOCATIONS, 1);
		this.collector.close();
		this.source.call(2);
		Awaitility.await().until(() -> this.publisher.status().state() == State.RETRYING);
		Awaitility.await().until(() -> this.publisher.status().invocationsPending() == 1);
		this.source.call(4);
		collector(CollectorOptions.forTests().withPort(port));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> invoked().containsAll(List.of(Source.hash(2), Source.hash(4))));
		assertThat(this.collector.received().get(0).call()).isEqualTo("InitConfig");
		assertThat(this.collector.accepted(CODE_BASE)).isEmpty();
		assertThat(invoked()).containsExactly(Source.hash(2), Source.hash(4));
		Awaitility.await().until(() -> this.publisher.status().state() == State.UP);
	}

	@Test
	void findsACollectorThatComesLater() {
		this.source.methods(5);
		this.source.call(0);
		collector(CollectorOptions.forTests());
		int port = this.collector.port();
		this.collector.close();
		publisher(port, CollectorOptions.KEY);
		Awaitility.await().until(() -> this.publisher.status().state() == State.RETRYING);
		collector(CollectorOptions.forTests().withPort(port));
		awaitAccepted(INVOCATIONS, 1);
		assertThat(invoked()).containsExactly(Source.hash(0));
	}

	@Test
	void publishesNothingWithAKeyThatIsUnknown() {
		this.source.methods(5);
		this.source.call(0);
		collector(CollectorOptions.forTests());
		publisher(this.collector.port(), "not-the-key");
		Awaitility.await().until(() -> this.publisher.status().state() == State.UNAUTHENTICATED);
		this.publisher.close();
		assertThat(this.collector.received()).extracting(ReceivedCall::call)
			.containsExactly("InitConfig", "PollConfig");
		assertThat(this.source.takeInvoked()).containsExactly(Source.key(0));
		assertThat(this.publisher.status().lastFailure()).contains("UNAUTHENTICATED").doesNotContain("not-the-key");
	}

	@Test
	void triesAgainWhatWasRefused() {
		this.source.methods(5);
		this.source.call(0);
		collector(CollectorOptions.forTests());
		this.collector.failNext(CODE_BASE, Status.INTERNAL);
		this.collector.failNext(INVOCATIONS, Status.INVALID_ARGUMENT);
		this.collector.failNext(INVOCATIONS, Status.UNKNOWN);
		publisher(this.collector.port(), CollectorOptions.KEY);
		awaitAccepted(INVOCATIONS, 1);
		assertThat(this.collector.accepted(CODE_BASE)).hasSize(1);
		assertThat(invoked()).containsExactly(Source.hash(0));
		assertThat(this.collector.received()).filteredOn((call) -> !call.status().equals("OK")).hasSize(3);
	}

	@Test
	void tellsAllAtTheEndOfAShortProcess() throws InterruptedException {
		this.source.methods(5);
		this.source.call(3);
		collector(CollectorOptions.forTests().withIntervals(600, 600, 600));
		PublicationCycle cycle = new PublicationCycle(
				new CollectorSettings(URI.create("http://127.0.0.1:" + this.collector.port()), CollectorOptions.KEY,
						"batch", "", "", "", Duration.ofSeconds(10), Duration.ofSeconds(10), null, false, 1),
				this.source, System.currentTimeMillis(), "jvm", System::nanoTime, Clock.systemUTC(), new Random());
		cycle.flush();
		cycle.end();
		assertThat(this.collector.received()).extracting(ReceivedCall::call)
			.containsExactly("InitConfig", "PollConfig", CODE_BASE, INVOCATIONS);
		assertThat(invoked()).containsExactly(Source.hash(3));
	}

	/** What is published, as a test says. */
	private static final class Source implements PublicationSource {

		private final ConcurrentLinkedQueue<MethodKey> invoked = new ConcurrentLinkedQueue<>();

		private volatile CodeBase codeBase = new CodeBase(List.of(), 0, 0);

		static MethodKey key(int number) {
			return new MethodKey("com.acme.Shop", "method" + number, "(ILjava/lang/String;)V");
		}

		static String hash(int number) {
			return MethodSignature.of(key(number), false).hash();
		}

		static List<String> signatures(int begin, int end) {
			return IntStream.range(begin, end).mapToObj((i) -> MethodSignature.of(key(i), false).text()).toList();
		}

		void methods(int count) {
			this.codeBase = new CodeBase(
					IntStream.range(0, count).mapToObj((i) -> new CodeBaseMethod(key(i), 1)).toList(), 0, 0);
		}

		void call(int... numbers) {
			IntStream.of(numbers).mapToObj(Source::key).forEach(this.invoked::add);
		}

		@Override
		public boolean claim() {
			return true;
		}

		@Override
		public void release() {
			// There is one publisher.
		}

		@Override
		public RecordingStatus recording() {
			return new RecordingStatus(RecordingStatus.State.ACTIVE, "a test", null, null);
		}

		@Override
		public CodeBase codeBase() {
			return this.codeBase;
		}

		@Override
		public String fingerprint(CodeBase codeBase, boolean legacy) {
			return "fingerprint";
		}

		@Override
		public boolean isRecorded(MethodKey method) {
			return true;
		}

		@Override
		public List<MethodKey> takeInvoked() {
			List<MethodKey> taken = new ArrayList<>();
			for (MethodKey key = this.invoked.poll(); key != null; key = this.invoked.poll()) {
				taken.add(key);
			}
			return taken;
		}

		@Override
		public void giveBack(Collection<MethodKey> methods) {
			this.invoked.addAll(methods);
		}

	}

}
