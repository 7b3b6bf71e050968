package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.apm4j.skywalking.proto.Command;
import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Settings of a server over a real connection.
 */
@ExtendWith(OutputCaptureExtension.class)
class DynamicConfigurationTests {

	private final FakeCollector collector = new FakeCollector();

	private final SkyWalkingNotices notices = new SkyWalkingNotices();

	/** What was applied, in order. */
	private final Queue<String> applied = new ConcurrentLinkedQueue<>();

	private final SkyWalkingBackend backend = new SkyWalkingBackend(new ServiceIdentity("shop", "shop-1"),
			new GrpcTransport(new ChannelSettings(List.of(this.collector.address()), null, null, Duration.ofSeconds(10),
					1_000_000)),
			new SkyWalkingSchedule(this.notices, () -> () -> {
			}), this.notices);

	@AfterEach
	void close() {
		this.backend.close();
		this.collector.close();
	}

	private void start() {
		this.backend.add(
				new DynamicConfiguration(List.of(new Recorded("limit"), new Recorded("rules")), Duration.ofMillis(30)));
		this.backend.start();
	}

	private void configure(String uuid, Map<String, String> values) {
		Command.Builder command = Command.newBuilder().setCommand("ConfigurationDiscoveryCommand");
		command.addArgs(pair("SerialNumber", "any")).addArgs(pair("UUID", uuid));
		values.forEach((key, value) -> command.addArgs(pair(key, value)));
		this.collector.commands = Commands.newBuilder().addCommands(command).build();
	}

	private static KeyStringValuePair pair(String key, String value) {
		return KeyStringValuePair.newBuilder().setKey(key).setValue(value).build();
	}

	private void awaitUuid(String uuid) {
		await().until(() -> this.collector.configurationRequests.stream()
			.map(ConfigurationSyncRequest::getUuid)
			.anyMatch(uuid::equals));
	}

	@Test
	void settingsAreAppliedAndShown() {
		configure("u1", Map.of("limit", "5", "unknown", "x"));
		start();
		awaitUuid("u1");
		assertThat(this.applied).containsExactly("limit=5");
		assertThat(this.notices.summary()).isEqualTo("set by the server: limit=5");
		assertThat(this.collector.configurationRequests.peek()).satisfies((first) -> {
			assertThat(first.getService()).isEqualTo("shop");
			assertThat(first.getUuid()).isEmpty();
		});
	}

	@Test
	void onlyWhatChangesIsAppliedAndWhatIsGoneRestored() {
		configure("u1", Map.of("limit", "5", "rules", "a"));
		start();
		awaitUuid("u1");
		configure("u2", Map.of("rules", "b"));
		awaitUuid("u2");
		assertThat(this.applied).containsExactly("limit=5", "rules=a", "limit=null", "rules=b");
		configure("u3", Map.of());
		awaitUuid("u3");
		assertThat(this.applied).endsWith("rules=null");
		assertThat(this.notices.summary()).isNull();
	}

	@Test
	void noCommandIsNoChange() {
		configure("u1", Map.of("limit", "5"));
		start();
		awaitUuid("u1");
		this.collector.commands = Commands.getDefaultInstance();
		awaitPolls();
		assertThat(this.applied).containsExactly("limit=5");
		assertThat(this.notices.summary()).contains("limit=5");
	}

	@Test
	void settingsOutliveTheServer() {
		configure("u1", Map.of("limit", "5"));
		start();
		awaitUuid("u1");
		this.collector.stop();
		await().until(this.notices::isFailing);
		assertThat(this.applied).containsExactly("limit=5");
	}

	@Test
	void badValueIsIgnoredAndSaidOnce(CapturedOutput output) {
		configure("u1", Map.of("limit", "5"));
		start();
		awaitUuid("u1");
		configure("u2", Map.of("limit", "bad\nvalue", "rules", "a"));
		awaitUuid("u2");
		configure("u3", Map.of("limit", "bad\nvalue", "rules", "a"));
		awaitUuid("u3");
		assertThat(this.applied).containsExactly("limit=5", "rules=a");
		assertThat(this.notices.summary()).contains("limit=5", "rules=a").doesNotContain("bad");
		assertThat(output.toString().lines().filter((line) -> line.contains("is ignored, 'bad value'"))).hasSize(1);
	}

	@Test
	void serverThatDoesNotKnowTheServiceIsNotAskedAgain() {
		this.collector.status = Status.UNIMPLEMENTED;
		start();
		await().untilAsserted(() -> assertThat(this.notices.summary()).contains("dynamic configuration is off"));
		assertThat(this.notices.isFailing()).isFalse();
	}

	private void awaitPolls() {
		int polls = this.collector.configurationRequests.size();
		await().until(() -> this.collector.configurationRequests.size() > polls + 2);
	}

	private final class Recorded implements RuntimeSetting {

		private final String key;

		Recorded(String key) {
			this.key = key;
		}

		@Override
		public String key() {
			return this.key;
		}

		@Override
		public void apply(@Nullable String value) {
			if (value != null && value.startsWith("bad")) {
				throw new IllegalArgumentException("something good is needed");
			}
			DynamicConfigurationTests.this.applied.add(this.key + "=" + value);
		}

	}

}
