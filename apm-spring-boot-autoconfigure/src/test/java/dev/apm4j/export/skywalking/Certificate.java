package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate of 127.0.0.1 with its key, made by the JDK's keytool.
 *
 * @param keyStore the certificate and its key
 */
public record Certificate(KeyStore keyStore) {

	private static final char[] PASSWORD = "changeit".toCharArray();

	/**
	 * Makes a certificate.
	 * @param directory where there is room for a file
	 * @param name a name for both
	 * @return the certificate
	 * @throws Exception if it can't be made
	 */
	public static Certificate create(Path directory, String name) throws Exception {
		Path file = directory.resolve(name + ".p12");
		Process process = new ProcessBuilder(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						"it", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1", "-validity", "2",
						"-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD)))
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		if (process.waitFor() != 0) {
			throw new IOException(output);
		}
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			keyStore.load(in, PASSWORD);
		}
		return new Certificate(keyStore);
	}

	KeyManagerFactory key() throws Exception {
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(this.keyStore, PASSWORD);
		return factory;
	}

	TrustManagerFactory trust() throws Exception {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("it", this.keyStore.getCertificate("it"));
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		return factory;
	}

	/**
	 * The certificate as PEM.
	 * @return the text
	 * @throws Exception if it can't be had
	 */
	public String certificatePem() throws Exception {
		return pem("CERTIFICATE", this.keyStore.getCertificate("it").getEncoded());
	}

	/**
	 * The private key as PEM.
	 * @return the text
	 * @throws Exception if it can't be had
	 */
	public String keyPem() throws Exception {
		return pem("PRIVATE KEY", this.keyStore.getKey("it", PASSWORD).getEncoded());
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
				+ "-----\n";
	}

}
