package dev.apm4j.instrument.observation;

import java.net.URI;

import dev.apm4j.instrument.SafeUrl;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a message as its Observation names it.
 */
final class PeerAddress {

	private PeerAddress() {
	}

	static void apply(Span span, @Nullable String serviceName, @Nullable String address) {
		if (serviceName != null) {
			span.remoteServiceName(serviceName);
		}
		if (address != null && !address.isBlank()) {
			address(span, address.strip());
		}
	}

	private static void address(Span span, String address) {
		try {
			URI uri = URI.create(address.contains("//") ? address : "//" + address);
			String host = SafeUrl.host(uri);
			if (host != null && host.indexOf(',') < 0) {
				span.remoteIpAndPort(host, SafeUrl.port(uri));
				return;
			}
		}
		catch (IllegalArgumentException ex) {
			// Shown as it is.
		}
		// A list of brokers, for instance; it may name a user all the same.
		span.tag("server.address", SafeUrl.of(address));
	}

}
