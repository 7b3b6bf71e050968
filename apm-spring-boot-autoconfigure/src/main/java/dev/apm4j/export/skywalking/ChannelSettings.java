package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How the servers are reached over gRPC or HTTP.
 *
 * @param addresses the servers, at least one
 * @param token what the servers know their clients by, {@code null} for none
 * @param tls how connections are encrypted, {@code null} for not at all
 * @param deadline how long one call may take, more than 0
 * @param maxMessageSize bytes of one message, 1024 or more
 */
public record ChannelSettings(List<ServerAddress> addresses, @Nullable String token, @Nullable TlsSettings tls,
		Duration deadline, int maxMessageSize) {

	public ChannelSettings {
		addresses = List.copyOf(addresses);
		if (addresses.isEmpty()) {
			throw new IllegalArgumentException("no address");
		}
	}

	/**
	 * All but the token.
	 */
	@Override
	public String toString() {
		return "ChannelSettings[addresses=" + this.addresses + ", tls=" + this.tls + ", deadline=" + this.deadline
				+ "]";
	}

}
