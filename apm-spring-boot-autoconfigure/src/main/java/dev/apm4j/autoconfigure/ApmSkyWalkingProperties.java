package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The SkyWalking backend.
 *
 * @param address servers as host:port, one or a list; by default 127.0.0.1:11800, with
 * http 127.0.0.1:12800
 * @param transport grpc carries everything; http needs no gRPC and carries traces, logs,
 * events, properties and keep-alive; kafka carries all but events, profile tasks and
 * dynamic configuration, which go to the address if one is set
 * @param token what the servers know their clients by; never shown
 * @param tls encryption of gRPC and HTTP
 * @param group group of the service
 * @param namespace namespace of the service
 * @param cluster cluster of the service
 * @param layer layer of the service, such as GENERAL or FAAS
 * @param instanceProperties further properties of this instance
 * @param keepAlive time between two signs of life, 1s to 10m
 * @param deadline how long one call may take, 100ms to 5m
 * @param dnsRefresh how often names of servers are resolved again; 0 for only when a
 * connection is made
 * @param maxMessageSize the largest message that the servers take, 16KB to 1GB; larger
 * segments lose tags, logs and spans; by default 4MB, with kafka 1000KB
 * @param kafka Kafka as the transport
 */
@ConfigurationProperties("apm.skywalking")
public record ApmSkyWalkingProperties(@Nullable List<String> address, @DefaultValue("grpc") Transport transport,
		@Nullable String token, @DefaultValue Tls tls, @Nullable String group, @Nullable String namespace,
		@Nullable String cluster, @DefaultValue("GENERAL") String layer,
		@DefaultValue Map<String, String> instanceProperties, @DefaultValue("30s") Duration keepAlive,
		@DefaultValue("10s") Duration deadline, @DefaultValue("1m") Duration dnsRefresh,
		@Nullable DataSize maxMessageSize, @DefaultValue Kafka kafka) {

	/** Nothing of it: there are secrets among the values. */
	@Override
	public String toString() {
		return "ApmSkyWalkingProperties";
	}

	/**
	 * The way to the server.
	 */
	public enum Transport {

		/** SkyWalking's own protocol. */
		GRPC,

		/** JSON. */
		HTTP,

		/** Kafka, read by the server. */
		KAFKA

	}

	/**
	 * Encryption of gRPC and HTTP.
	 *
	 * @param enabled whether connections are encrypted; by default if anything else is
	 * set here
	 * @param bundle name of an SSL bundle of Spring Boot (spring.ssl.bundle), in place of
	 * the certificates below
	 * @param caCertificate certificates that servers are trusted for, PEM; by default
	 * those of the JVM
	 * @param clientCertificate certificate that this client shows, PEM
	 * @param clientKey its private key, PEM (PKCS 8 or PKCS 1)
	 * @param clientKeyPassword password of the private key
	 */
	public record Tls(@Nullable Boolean enabled, @Nullable String bundle, @Nullable String caCertificate,
			@Nullable String clientCertificate, @Nullable String clientKey, @Nullable String clientKeyPassword) {

		/** Nothing of it: there are secrets among the values. */
		@Override
		public String toString() {
			return "Tls";
		}

	}

	/**
	 * Kafka as the transport.
	 *
	 * @param bootstrapServers brokers as host:port, one or a list
	 * @param namespace what the names of topics begin with, followed by a dash, as in the
	 * server's kafka-fetcher
	 * @param topics other names of topics: segments, metrics, meters, profilings,
	 * managements, logs
	 * @param properties further properties of Kafka's producer, such as security.protocol
	 */
	public record Kafka(@Nullable List<String> bootstrapServers, @Nullable String namespace,
			@DefaultValue Map<String, String> topics, @DefaultValue Map<String, String> properties) {

		/** Nothing of it: there are secrets among the values. */
		@Override
		public String toString() {
			return "Kafka";
		}

	}

}
