package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.MeterDataCollection;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

class KafkaTransportTests {

	private final MockProducer<String, byte[]> producer = new MockProducer<>(true, null, new StringSerializer(),
			new ByteArraySerializer());

	@Test
	void topicsKeysAndValuesAreTheAgents() throws Exception {
		KafkaTransport transport = transport(this.producer, null, Map.of());
		InstancePingPkg ping = InstancePingPkg.newBuilder().setService("shop").setServiceInstance("shop-1").build();
		InstanceProperties properties = InstanceProperties.newBuilder().setServiceInstance("shop-1").build();
		JVMMetricCollection metrics = JVMMetricCollection.newBuilder().setServiceInstance("shop-1").build();
		MeterData meter = MeterData.newBuilder().setServiceInstance("shop-1").build();
		LogData log = LogData.newBuilder().setService("shop").build();
		ThreadSnapshot snapshot = ThreadSnapshot.newBuilder().setTaskId("task").setSequence(3).build();
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		transport.keepAlive(ping);
		transport.properties(properties);
		transport.jvmMetrics(metrics);
		transport.meters(List.of(meter, meter));
		transport.logs(List.of(log));
		transport.snapshots(List.of(snapshot));
		assertThat(this.producer.history()).extracting(ProducerRecord::topic, ProducerRecord::key)
			.containsExactly(tuple("skywalking-segments", "a"), tuple("skywalking-managements", "shop-1"),
					tuple("skywalking-managements", "register-shop-1"), tuple("skywalking-metrics", "shop-1"),
					tuple("skywalking-meters", "shop-1"), tuple("skywalking-logs", "shop"),
					tuple("skywalking-profilings", "task3"));
		assertThat(this.producer.history()).extracting(ProducerRecord::value)
			.containsExactly(GrpcTransportTests.segment("a").toByteArray(), ping.toByteArray(),
					properties.toByteArray(), metrics.toByteArray(),
					MeterDataCollection.newBuilder().addMeterData(meter).addMeterData(meter).build().toByteArray(),
					log.toByteArray(), snapshot.toByteArray());
	}

	@Test
	void namespaceComesBeforeTheTopicAndTopicsCanBeNamed() throws Exception {
		KafkaTransport transport = transport(this.producer, "prod", Map.of("metrics", "skywalking-jvm-metrics"));
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		transport.jvmMetrics(JVMMetricCollection.getDefaultInstance());
		assertThat(this.producer.history()).extracting(ProducerRecord::topic)
			.containsExactly("prod-skywalking-segments", "prod-skywalking-jvm-metrics");
	}

	@Test
	void whatKafkaDoesNotCarryGoesToTheServerIfThereIsOne() throws Exception {
		assertThatExceptionOfType(UnsupportedSignalException.class)
			.isThrownBy(() -> transport(this.producer, null, Map.of())
				.configuration(ConfigurationSyncRequest.getDefaultInstance()))
			.withMessageContaining("apm.skywalking.address");
		RecordingTransport direct = new RecordingTransport();
		KafkaTransport transport = new KafkaTransport(settings(null, Map.of()), direct, () -> this.producer,
				KafkaTransport.FIRST_MAKING_PAUSE);
		transport.event(Event.newBuilder().setName("Start").build(), Duration.ofSeconds(1));
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		assertThat(direct.calls).containsExactly("event Start");
		transport.close(Duration.ofSeconds(1));
		assertThat(direct.calls).containsExactly("event Start", "close");
	}

	@Test
	void wayToTheServerIsClosedByAThreadThatIsInterrupted() throws Exception {
		RecordingTransport direct = new RecordingTransport();
		KafkaTransport transport = new KafkaTransport(settings(null, Map.of()), direct, () -> this.producer,
				KafkaTransport.FIRST_MAKING_PAUSE);
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		this.producer.closeException = new InterruptException(new InterruptedException());
		// The exception sets the thread's flag.
		assertThat(Thread.interrupted()).isTrue();
		assertThatExceptionOfType(InterruptException.class).isThrownBy(() -> transport.close(Duration.ofSeconds(1)));
		assertThat(direct.calls).containsExactly("close");
	}

	@Test
	void refusalsAreTold() throws Exception {
		MockProducer<String, byte[]> failing = new MockProducer<>(false, null, new StringSerializer(),
				new ByteArraySerializer());
		KafkaTransport transport = transport(failing, null, Map.of());
		failing.sendException = new TopicAuthorizationException("topic");
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("apm.skywalking.kafka.properties");
		failing.sendException = new RecordTooLargeException("large");
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("apm.skywalking.max-message-size");
		failing.sendException = new org.apache.kafka.common.errors.TimeoutException("no metadata");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("broker:9092");
	}

	@Test
	void messageThatIsTooLargeCostsNoOther() throws Exception {
		MockProducer<String, byte[]> small = new MockProducer<>(true, null, new StringSerializer(),
				new ByteArraySerializer()) {

			@Override
			public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> message) {
				return message.key().equals("large")
						? CompletableFuture.failedFuture(new RecordTooLargeException("1 of 2 MB"))
						: super.send(message);
			}

		};
		KafkaTransport transport = transport(small, null, Map.of());
		assertThatExceptionOfType(ExportRejectedException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"),
					GrpcTransportTests.segment("large"), GrpcTransportTests.segment("b"))))
			.satisfies((ex) -> assertThat(ex.rejectedOf(3)).isEqualTo(1));
		assertThat(small.history()).extracting(ProducerRecord::key).containsExactly("a", "b");
	}

	@Test
	void messageOfTheLargestSizeFitsIntoARequest() {
		KafkaSettings settings = settings(null, Map.of());
		assertThat((int) KafkaTransport.producerConfig(settings).get("max.request.size"))
			.isGreaterThan(settings.maxMessageSize() + 100);
	}

	@Test
	void reasonIsToldAsLongAsItHolds() throws Exception {
		MockProducer<String, byte[]> failing = new MockProducer<>(true, null, new StringSerializer(),
				new ByteArraySerializer());
		KafkaTransport transport = transport(failing, null, Map.of());
		failing.sendException = new SaslAuthenticationException("Invalid username or password");
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(ExportRejectedException.class)
				.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
				.withMessageContaining("SaslAuthenticationException");
			failing.sendException = new org.apache.kafka.common.errors.TimeoutException("no metadata");
		}
		failing.sendException = null;
		transport.segments(List.of(GrpcTransportTests.segment("a")));
		failing.sendException = new org.apache.kafka.common.errors.TimeoutException("no metadata");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("cannot be reached");
	}

	/** Kafka's client writes a hundred lines each time. */
	@Test
	void clientThatCannotBeMadeIsNotMadeAgainAtOnce() {
		AtomicInteger attempts = new AtomicInteger();
		KafkaTransport transport = new KafkaTransport(settings(null, Map.of()), null, () -> {
			attempts.incrementAndGet();
			throw new ConfigException("No resolvable bootstrap urls given in bootstrap.servers");
		}, Duration.ofSeconds(2));
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
				.withMessageContaining("apm.skywalking.kafka.properties");
		}
		assertThat(attempts).hasValue(1);
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))));
			return attempts.get() == 2;
		});
	}

	@Test
	void certificateThatIsNotTrustedIsNotTheClientsFault() {
		MockProducer<String, byte[]> failing = new MockProducer<>(false, null, new StringSerializer(),
				new ByteArraySerializer());
		failing.sendException = new SslAuthenticationException("SSL handshake failed");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport(failing, null, Map.of()).segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("certificate")
			.withMessageContaining("ssl.* in apm.skywalking.kafka.properties");
	}

	@Test
	void brokerThatDoesNotAnswerEndsTheCallWithTheDeadline() {
		MockProducer<String, byte[]> silent = new MockProducer<>(false, null, new StringSerializer(),
				new ByteArraySerializer());
		KafkaTransport transport = new KafkaTransport(
				new KafkaSettings(List.of("broker:9092"), null, Map.of(), Map.of(), Duration.ofMillis(100), 1 << 20),
				null, () -> silent, KafkaTransport.FIRST_MAKING_PAUSE);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"))))
			.withMessageContaining("did not answer within 100 ms");
	}

	/** The client waits for each message anew until it gives up. */
	@Test
	void clusterThatCannotBeFoundEndsTheCallWithTheDeadlineHoweverManyMessagesThereAre() {
		AtomicInteger sends = new AtomicInteger();
		MockProducer<String, byte[]> lost = new MockProducer<>(false, null, new StringSerializer(),
				new ByteArraySerializer()) {

			@Override
			public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> message) {
				sends.incrementAndGet();
				long end = System.nanoTime() + Duration.ofMillis(100).toNanos();
				await().until(() -> System.nanoTime() - end >= 0);
				return CompletableFuture
					.failedFuture(new org.apache.kafka.common.errors.TimeoutException("Topic not present in metadata"));
			}

		};
		KafkaTransport transport = new KafkaTransport(
				new KafkaSettings(List.of("broker:9092"), null, Map.of(), Map.of(), Duration.ofMillis(100), 1 << 20),
				null, () -> lost, KafkaTransport.FIRST_MAKING_PAUSE);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.segments(List.of(GrpcTransportTests.segment("a"),
					GrpcTransportTests.segment("b"), GrpcTransportTests.segment("c"))))
			.withMessageContaining("cannot be reached, or lacks a topic");
		assertThat(sends).hasValue(1);
	}

	@Test
	void realClientAcceptsTheConfigurationAndSaysThatNobodyIsThere() {
		KafkaSettings settings = new KafkaSettings(List.of("127.0.0.1:1"), null, Map.of(), Map.of("acks", "1"),
				Duration.ofMillis(200), 1 << 20);
		KafkaTransport transport = new KafkaTransport(settings, null);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> transport.keepAlive(InstancePingPkg.getDefaultInstance()))
			.withMessageContaining("127.0.0.1:1");
		transport.close(Duration.ofSeconds(5));
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.contains("apm4j-skywalking"));
	}

	@Test
	void propertiesOfTheUserWinAndAreNotShown() {
		KafkaSettings settings = settings(null, Map.of());
		assertThat(KafkaTransport.producerConfig(settings)).containsEntry("sasl.jaas.config", "s3cr3t")
			.containsEntry("client.id", "mine")
			.containsEntry("bootstrap.servers", "broker:9092")
			.containsEntry("metadata.recovery.strategy", "none");
		assertThat(settings.toString()).doesNotContain("s3cr3t");
	}

	private static KafkaTransport transport(MockProducer<String, byte[]> producer, @Nullable String namespace,
			Map<String, String> topics) {
		return new KafkaTransport(settings(namespace, topics), null, () -> producer, KafkaTransport.FIRST_MAKING_PAUSE);
	}

	private static KafkaSettings settings(@Nullable String namespace, Map<String, String> topics) {
		return new KafkaSettings(List.of("broker:9092"), namespace, topics,
				Map.of("sasl.jaas.config", "s3cr3t", "client.id", "mine"), Duration.ofSeconds(5), 1 << 20);
	}

}
