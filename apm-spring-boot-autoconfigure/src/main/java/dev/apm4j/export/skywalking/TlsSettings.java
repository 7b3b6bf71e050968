package dev.apm4j.export.skywalking;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted.
 *
 * @param trust which servers are trusted, {@code null} for the JVM's own certificates
 * @param key what this client shows of itself, {@code null} for nothing
 */
public record TlsSettings(@Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory key) {

	/**
	 * What was given, without any of its content.
	 */
	@Override
	public String toString() {
		return "TlsSettings[trust=" + ((this.trust != null) ? "given" : "JVM") + ", key="
				+ ((this.key != null) ? "given" : "none") + "]";
	}

}
