package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.apm4j.autoconfigure.ApmSkyWalkingProperties.Transport;
import dev.apm4j.export.skywalking.ChannelSettings;
import dev.apm4j.export.skywalking.KafkaSettings;
import dev.apm4j.export.skywalking.ServerAddress;
import dev.apm4j.export.skywalking.ServiceIdentity;
import dev.apm4j.export.skywalking.TlsSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Checks the properties of the SkyWalking backend and makes its settings of them. What it
 * says of a wrong value contains no secret.
 */
final class SkyWalkingSettings {

	private static final String PREFIX = "apm.skywalking.";

	private static final Set<String> TOPICS = Set.of("segments", "metrics", "meters", "profilings", "managements",
			"logs");

	/** What Kafka allows in the name of a topic. */
	private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

	private static final Pattern LAYER = Pattern.compile("[A-Z][A-Z0-9_]{0,49}");

	private static final DataSize MIN_MESSAGE = DataSize.ofKilobytes(16);

	private static final DataSize MAX_MESSAGE = DataSize.ofGigabytes(1);

	/** What a gRPC server takes by default. */
	private static final DataSize DEFAULT_MESSAGE = DataSize.ofMegabytes(4);

	/** A little less than what a Kafka broker takes by default. */
	private static final DataSize DEFAULT_KAFKA_MESSAGE = DataSize.ofKilobytes(1000);

	private final ApmSkyWalkingProperties properties;

	SkyWalkingSettings(ApmSkyWalkingProperties properties) {
		this.properties = properties;
	}

	ServiceIdentity identity(ApmIdentity identity) {
		if (!LAYER.matcher(this.properties.layer()).matches()) {
			throw new ApmConfigurationException(PREFIX + "layer", this.properties.layer(),
					"a layer of SkyWalking's in upper case, such as GENERAL");
		}
		return ServiceIdentity.of(identity.service(), part("group", this.properties.group()),
				part("namespace", this.properties.namespace()), part("cluster", this.properties.cluster()),
				identity.instance(), this.properties.layer());
	}

	private static @Nullable String part(String property, @Nullable String value) {
		if (!StringUtils.hasText(value)) {
			return null;
		}
		if (value.contains("|") || value.contains("::") || value.length() > ServiceIdentity.MAX_LENGTH) {
			throw new ApmConfigurationException(PREFIX + property, value,
					"a name of at most " + ServiceIdentity.MAX_LENGTH + " characters without | and ::");
		}
		return value.strip();
	}

	boolean hasAddress() {
		List<String> address = this.properties.address();
		return address != null && !address.isEmpty();
	}

	/** For gRPC and HTTP. */
	ChannelSettings channel(@Nullable SslBundles bundles) {
		boolean http = this.properties.transport() == Transport.HTTP;
		int defaultPort = http ? ServerAddress.HTTP_PORT : ServerAddress.GRPC_PORT;
		List<String> given = this.properties.address();
		List<ServerAddress> addresses = (given == null || given.isEmpty())
				? List.of(new ServerAddress("127.0.0.1", defaultPort))
				: addresses("address", given, defaultPort, "oap.example:" + defaultPort);
		return new ChannelSettings(addresses, token(), tls(bundles), deadline(), maxMessageSize());
	}

	private static List<ServerAddress> addresses(String property, List<String> given, int defaultPort, String example) {
		return given.stream().map((text) -> {
			try {
				return ServerAddress.parse(text, defaultPort);
			}
			catch (IllegalArgumentException ex) {
				// Whoever writes a URL may have written a password into it.
				throw new ApmConfigurationException(PREFIX + property, text.contains("@") ? "***" : text,
						"host:port, one or a list, such as " + example);
			}
		}).toList();
	}

	private @Nullable String token() {
		String token = this.properties.token();
		if (!StringUtils.hasText(token)) {
			return null;
		}
		String stripped = token.strip();
		if (!stripped.chars().allMatch((c) -> c >= 0x20 && c < 0x7f)) {
			throw ApmConfigurationException.secret(PREFIX + "token", "a text of printable ASCII characters");
		}
		return stripped;
	}

	Duration deadline() {
		return duration("deadline", this.properties.deadline(), Duration.ofMillis(100), Duration.ofMinutes(5));
	}

	Duration keepAlive() {
		return duration("keep-alive", this.properties.keepAlive(), Duration.ofSeconds(1), Duration.ofMinutes(10));
	}

	Duration dnsRefresh() {
		return PropertyCheck.notNegative(PREFIX + "dns-refresh", this.properties.dnsRefresh());
	}

	int maxMessageSize() {
		DataSize size = this.properties.maxMessageSize();
		if (size == null) {
			size = (this.properties.transport() == Transport.KAFKA) ? DEFAULT_KAFKA_MESSAGE : DEFAULT_MESSAGE;
		}
		if (size.compareTo(MIN_MESSAGE) < 0 || size.compareTo(MAX_MESSAGE) > 0) {
			throw new ApmConfigurationException(PREFIX + "max-message-size", size, "a size from 16KB to 1GB");
		}
		return (int) size.toBytes();
	}

	private static Duration duration(String property, Duration value, Duration from, Duration to) {
		if (value.compareTo(from) < 0 || value.compareTo(to) > 0) {
			throw new ApmConfigurationException(PREFIX + property, value,
					"a duration from " + from.toMillis() + "ms to " + to.toSeconds() + "s");
		}
		return value;
	}

	private @Nullable TlsSettings tls(@Nullable SslBundles bundles) {
		ApmSkyWalkingProperties.Tls tls = this.properties.tls();
		boolean certificates = tls.caCertificate() != null || tls.clientCertificate() != null
				|| tls.clientKey() != null;
		boolean enabled = (tls.enabled() != null) ? tls.enabled() : (certificates || tls.bundle() != null);
		if (!enabled) {
			return null;
		}
		SslManagerBundle managers;
		if (tls.bundle() != null) {
			if (certificates) {
				throw new ApmConfigurationException(PREFIX + "tls.bundle", tls.bundle(),
						"a bundle or certificates, not both");
			}
			managers = bundle(tls.bundle(), bundles).getManagers();
		}
		else {
			managers = pem(tls).getManagers();
		}
		return new TlsSettings(managers.getTrustManagerFactory(), managers.getKeyManagerFactory());
	}

	private static SslBundle bundle(String name, @Nullable SslBundles bundles) {
		try {
			if (bundles != null) {
				return bundles.getBundle(name);
			}
		}
		catch (NoSuchSslBundleException ex) {
			// Said below.
		}
		throw new ApmConfigurationException(PREFIX + "tls.bundle", name, "the name of a bundle in spring.ssl.bundle");
	}

	private static SslBundle pem(ApmSkyWalkingProperties.Tls tls) {
		if ((tls.clientCertificate() == null) != (tls.clientKey() == null)) {
			throw ApmConfigurationException.secret(
					PREFIX + ((tls.clientKey() == null) ? "tls.client-key" : "tls.client-certificate"),
					"there, while its counterpart is: a PEM file or its content");
		}
		try {
			SslBundle bundle = SslBundle.of(new PemSslStoreBundle(
					new PemSslStoreDetails(null, tls.clientCertificate(), tls.clientKey(), tls.clientKeyPassword()),
					PemSslStoreDetails.forCertificate(tls.caCertificate())));
			// They are read when they are used.
			bundle.getManagers().getKeyManagerFactory();
			bundle.getManagers().getTrustManagerFactory();
			return bundle;
		}
		catch (RuntimeException ex) {
			// The values may be keys, not names of files.
			throw ApmConfigurationException.secret(PREFIX + "tls",
					"readable: certificates and an unencrypted key, or one with its password, as PEM files such as "
							+ "file:/etc/ssl/oap.pem or as their content");
		}
	}

	KafkaSettings kafka() {
		ApmSkyWalkingProperties.Kafka kafka = this.properties.kafka();
		List<String> servers = kafka.bootstrapServers();
		if (servers == null || servers.isEmpty()) {
			throw ApmConfigurationException.secret(PREFIX + "kafka.bootstrap-servers",
					"there, while apm.skywalking.transport is 'kafka': host:port, one or a list");
		}
		addresses("kafka.bootstrap-servers", servers, 9092, "kafka.example:9092");
		String namespace = StringUtils.hasText(kafka.namespace()) ? kafka.namespace().strip() : null;
		if (namespace != null && !TOPIC.matcher(namespace).matches()) {
			throw new ApmConfigurationException(PREFIX + "kafka.namespace", namespace,
					"letters, digits, '.', '_' and '-'");
		}
		kafka.topics().forEach((signal, topic) -> {
			if (!TOPICS.contains(signal) || !TOPIC.matcher(topic).matches()) {
				throw new ApmConfigurationException(PREFIX + "kafka.topics." + signal, topic,
						"the name of a topic for one of: segments, metrics, meters, profilings, managements, logs");
			}
		});
		return new KafkaSettings(
				servers.stream().map((server) -> ServerAddress.parse(server, 9092).toString()).toList(), namespace,
				kafka.topics(), kafka.properties(), deadline(), maxMessageSize());
	}

}
