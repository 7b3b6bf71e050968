package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.google.protobuf.MessageLite;
import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.MeterDataCollection;
import dev.apm4j.skywalking.proto.ProfileTaskCommandQuery;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Through Kafka, with the topics, keys and values of SkyWalking's Java agent and its
 * Kafka reporter. What has no topic, which is events and all that asks the server
 * something, goes to the server directly where its address is known.
 */
public final class KafkaTransport implements SkyWalkingTransport {

	private static final String REGISTER = "register-";

	private static final int OVERHEAD = 1024;

	/** A client that cannot be made says at length what it was to be made of. */
	static final Duration FIRST_MAKING_PAUSE = Duration.ofSeconds(10);

	private static final long LAST_MAKING_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final KafkaSettings settings;

	private final KafkaTopics topics;

	private final Supplier<? extends Producer<String, byte[]>> factory;

	private final @Nullable SkyWalkingTransport direct;

	private @Nullable Producer<String, byte[]> producer;

	private volatile @Nullable KafkaException notMade;

	/**
	 * Why no broker lets this client in, as long as nothing was sent since: the client
	 * says it once for each attempt to connect, and what is sent in between only takes
	 * too long.
	 */
	private volatile @Nullable Throwable refusal;

	private long notMadeAt;

	private long makingPauseNanos;

	private boolean closed;

	/**
	 * Creates a transport that connects when something is sent.
	 * @param settings where to and how
	 * @param direct the way to the server for what Kafka does not carry, {@code null} for
	 * none; closed with this one
	 */
	public KafkaTransport(KafkaSettings settings, @Nullable SkyWalkingTransport direct) {
		this(settings, direct, () -> create(settings), FIRST_MAKING_PAUSE);
	}

	KafkaTransport(KafkaSettings settings, @Nullable SkyWalkingTransport direct,
			Supplier<? extends Producer<String, byte[]>> factory, Duration makingPause) {
		this.settings = settings;
		this.makingPauseNanos = makingPause.toNanos();
		this.topics = KafkaTopics.of(settings.namespace(), settings.topics());
		this.direct = direct;
		this.factory = factory;
	}

	private static Producer<String, byte[]> create(KafkaSettings settings) {
		return new KafkaProducer<>(producerConfig(settings), new StringSerializer(), new ByteArraySerializer());
	}

	static Map<String, Object> producerConfig(KafkaSettings settings) {
		int deadline = (int) Math.min(Integer.MAX_VALUE, settings.deadline().toMillis());
		Map<String, Object> config = new HashMap<>();
		config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", settings.bootstrapServers()));
		config.put(ProducerConfig.CLIENT_ID_CONFIG, "apm4j-skywalking");
		// A message of the largest size has a key and a header beside it.
		config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxMessageSize() + OVERHEAD);
		// Metadata that cannot be had, and brokers that do not answer, end with the
		// deadline.
		config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, deadline);
		config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deadline);
		config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deadline);
		// The client logs each attempt: not many of them.
		config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 10_000);
		// Else, from Kafka 4 on, it begins anew each 50 ms while all brokers are away,
		// and says so each time.
		config.put("metadata.recovery.strategy", "none");
		config.put("enable.metrics.push", false);
		config.putAll(settings.properties());
		return config;
	}

	@Override
	public void segments(List<SegmentObject> segments) throws Exception {
		List<ProducerRecord<String, byte[]>> records = new ArrayList<>(segments.size());
		segments
			.forEach((segment) -> records.add(record(this.topics.segments(), segment.getTraceSegmentId(), segment)));
		send(records);
	}

	@Override
	public void properties(InstanceProperties properties) throws Exception {
		send(List.of(record(this.topics.managements(), REGISTER + properties.getServiceInstance(), properties)));
	}

	@Override
	public void keepAlive(InstancePingPkg ping) throws Exception {
		send(List.of(record(this.topics.managements(), ping.getServiceInstance(), ping)));
	}

	@Override
	public void logs(List<LogData> logs) throws Exception {
		List<ProducerRecord<String, byte[]>> records = new ArrayList<>(logs.size());
		logs.forEach((log) -> records.add(record(this.topics.logs(), log.getService(), log)));
		send(records);
	}

	@Override
	public void jvmMetrics(JVMMetricCollection metrics) throws Exception {
		send(List.of(record(this.topics.metrics(), metrics.getServiceInstance(), metrics)));
	}

	@Override
	public void meters(List<MeterData> meters) throws Exception {
		if (!meters.isEmpty()) {
			send(List.of(record(this.topics.meters(), meters.get(0).getServiceInstance(),
					MeterDataCollection.newBuilder().addAllMeterData(meters).build())));
		}
	}

	@Override
	public void snapshots(List<ThreadSnapshot> snapshots) throws Exception {
		List<ProducerRecord<String, byte[]>> records = new ArrayList<>(snapshots.size());
		snapshots.forEach((snapshot) -> records
			.add(record(this.topics.profilings(), snapshot.getTaskId() + snapshot.getSequence(), snapshot)));
		send(records);
	}

	@Override
	public void event(Event event, Duration timeout) throws Exception {
		direct().event(event, timeout);
	}

	@Override
	public Commands profileTasks(ProfileTaskCommandQuery query) throws Exception {
		return direct().profileTasks(query);
	}

	@Override
	public void profileTaskFinished(ProfileTaskFinishReport report) throws Exception {
		direct().profileTaskFinished(report);
	}

	@Override
	public Commands configuration(ConfigurationSyncRequest request) throws Exception {
		return direct().configuration(request);
	}

	@Override
	public void refreshAddresses() {
		if (this.direct != null) {
			this.direct.refreshAddresses();
		}
	}

	private SkyWalkingTransport direct() throws UnsupportedSignalException {
		if (this.direct == null) {
			throw new UnsupportedSignalException(
					"not carried by apm.skywalking.transport 'kafka'; with apm.skywalking.address it goes there");
		}
		return this.direct;
	}

	private static ProducerRecord<String, byte[]> record(String topic, String key, MessageLite value) {
		return new ProducerRecord<>(topic, key, value.toByteArray());
	}

	private void send(List<ProducerRecord<String, byte[]>> records) throws Exception {
		long end = System.nanoTime() + this.settings.deadline().toNanos();
		try {
			Producer<String, byte[]> current = producer();
			List<Future<?>> answers = new ArrayList<>(records.size());
			int tooLarge = 0;
			boolean over = false;
			for (ProducerRecord<String, byte[]> each : records) {
				// Without knowing the cluster the client waits anew for each message.
				over = System.nanoTime() - end >= 0;
				if (over) {
					break;
				}
				try {
					answers.add(current.send(each));
				}
				catch (RecordTooLargeException ex) {
					tooLarge++;
				}
			}
			for (Future<?> answer : answers) {
				tooLarge += awaitOrTooLarge(answer, end) ? 0 : 1;
			}
			this.refusal = null;
			if (over) {
				throw new TimeoutException();
			}
			if (tooLarge > 0) {
				throw new ExportRejectedException(
						"Kafka refuses a message because of its size: see apm.skywalking.max-message-size", tooLarge);
			}
		}
		catch (TimeoutException ex) {
			Throwable known = this.refusal;
			throw (known != null) ? failure(known) : new IOException(this.settings.bootstrapServers()
					+ " did not answer within " + this.settings.deadline().toMillis() + " ms");
		}
		catch (KafkaException ex) {
			throw failure(ex);
		}
	}

	/**
	 * Waits for the answer to one message.
	 * @return {@code false} if it is too large
	 */
	private boolean awaitOrTooLarge(Future<?> answer, long end) throws Exception {
		try {
			answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			if (cause instanceof RecordTooLargeException) {
				return false;
			}
			throw failure(cause);
		}
	}

	private Exception failure(Throwable failure) {
		Throwable known = this.refusal;
		Throwable cause = (known != null && failure instanceof org.apache.kafka.common.errors.TimeoutException) ? known
				: failure;
		if (cause instanceof AuthenticationException) {
			this.refusal = cause;
		}
		if (cause instanceof SslAuthenticationException) {
			return new IOException("Kafka at " + this.settings.bootstrapServers()
					+ " and this client do not agree on TLS, perhaps a certificate is not trusted: "
					+ "see ssl.* in apm.skywalking.kafka.properties");
		}
		if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
			return new ExportRejectedException("Kafka refuses this client (" + cause.getClass().getSimpleName()
					+ "): see apm.skywalking.kafka.properties");
		}
		if (cause == this.notMade) {
			return new IOException("The client for Kafka cannot be made: see apm.skywalking.kafka.bootstrap-servers "
					+ "and apm.skywalking.kafka.properties", cause);
		}
		// Kafka's own messages name topics, brokers and properties, never their values.
		return new IOException("Kafka at " + this.settings.bootstrapServers() + " cannot be reached, or lacks a topic",
				cause);
	}

	private synchronized Producer<String, byte[]> producer() throws IOException {
		if (this.closed) {
			throw new IOException("the producer is closed");
		}
		Producer<String, byte[]> present = this.producer;
		if (present == null) {
			present = make();
			this.producer = present;
		}
		return present;
	}

	/** Only with this object locked. */
	private Producer<String, byte[]> make() {
		KafkaException before = this.notMade;
		if (before != null && System.nanoTime() - this.notMadeAt < this.makingPauseNanos) {
			throw before;
		}
		try {
			Producer<String, byte[]> made = this.factory.get();
			this.notMade = null;
			return made;
		}
		catch (KafkaException ex) {
			this.makingPauseNanos = (before != null) ? Math.min(LAST_MAKING_PAUSE_NANOS, this.makingPauseNanos * 2)
					: this.makingPauseNanos;
			this.notMade = ex;
			this.notMadeAt = System.nanoTime();
			throw ex;
		}
	}

	@Override
	public void close(Duration timeout) {
		long begin = System.nanoTime();
		Producer<String, byte[]> closing;
		synchronized (this) {
			this.closed = true;
			closing = this.producer;
			this.producer = null;
		}
		try {
			if (closing != null) {
				closing.close(timeout);
			}
		}
		finally {
			// Who closes may be out of time, and interrupted, which the producer throws.
			if (this.direct != null) {
				this.direct.close(timeout.minusNanos(Math.min(timeout.toNanos(), System.nanoTime() - begin)));
			}
		}
	}

}
