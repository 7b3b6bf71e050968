package dev.apm4j.instrument.observation;

import java.net.URI;

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
		if (address == null) {
			return;
		}
		try {
			URI uri = URI.create(address);
			if (uri.getHost() != null) {
				span.remoteIpAndPort(uri.getHost(), uri.getPort());
			}
		}
		catch (IllegalArgumentException ex) {
			// An address that is no URI, such as a list of brokers, is still worth
			// showing.
			span.tag("server.address", address);
		}
	}

}
