package dev.apm4j.it.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who is let in by a broker, and how its clients have to speak to it.
 *
 * @param protocol Kafka's name of the protocol
 * @param brokerSettings lines for the broker
 * @param clientSettings what its clients need beside the address
 */
public record KafkaAccess(String protocol, String brokerSettings, Map<String, String> clientSettings) {

	/** Everybody, in plain text. */
	public static final KafkaAccess ANYBODY = new KafkaAccess("PLAINTEXT", "", Map.of());

	/** The user that {@link #user} lets in. */
	public static final String USER = "apm4j";

	private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

	private static final String STORE_PASSWORD = "changeit";

	/**
	 * One user with a password, over TLS with a certificate that is made for it.
	 * @param folder where the certificate goes
	 * @param password the password
	 * @return the access
	 */
	public static KafkaAccess user(Path folder, String password) {
		Path store = folder.resolve("broker.p12");
		Path certificate = folder.resolve("broker.pem");
		keytool("-genkeypair", "-alias", "broker", "-dname", "CN=broker", "-ext", "san=ip:127.0.0.1", "-keyalg", "RSA",
				"-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", STORE_PASSWORD);
		keytool("-exportcert", "-rfc", "-alias", "broker", "-keystore", store.toString(), "-storepass", STORE_PASSWORD,
				"-file", certificate.toString());
		String login = LOGIN.formatted(USER, password);
		String broker = """
				sasl.enabled.mechanisms=PLAIN
				sasl.mechanism.inter.broker.protocol=PLAIN
				listener.name.sasl_ssl.plain.sasl.jaas.config=%s user_%s="%s";
				ssl.keystore.type=PKCS12
				ssl.keystore.location=%s
				ssl.keystore.password=%s
				ssl.truststore.type=PEM
				ssl.truststore.location=%s
				""".formatted(login, USER, password, slashes(store), STORE_PASSWORD, slashes(certificate));
		return new KafkaAccess("SASL_SSL", broker,
				Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN", "sasl.jaas.config", login + ";",
						"ssl.truststore.type", "PEM", "ssl.truststore.location", slashes(certificate)));
	}

	private static String slashes(Path path) {
		return path.toString().replace('\\', '/');
	}

	private static void keytool(String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes());
			if (process.waitFor() != 0) {
				throw new IllegalStateException("keytool failed: " + output);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
