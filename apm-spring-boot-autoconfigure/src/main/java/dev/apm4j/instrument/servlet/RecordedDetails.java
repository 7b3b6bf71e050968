package dev.apm4j.instrument.servlet;

import java.util.List;

/**
 * What is recorded of a request besides method, scheme, path, route and status.
 *
 * @param query whether {@code url.query} is recorded, with the values of secret-looking
 * parameters masked
 * @param userAgent whether {@code user_agent.original} is recorded
 * @param clientAddress whether {@code client.address} is recorded: the address of the
 * socket's other end, forwarding headers count only as far as the container trusts them
 * @param serverAddress whether {@code server.address} and {@code server.port} are
 * recorded
 * @param protocolVersion whether {@code network.protocol.version} is recorded
 * @param maskedParameters further parts of parameter names whose values are masked, in
 * any case
 */
public record RecordedDetails(boolean query, boolean userAgent, boolean clientAddress, boolean serverAddress,
		boolean protocolVersion, List<String> maskedParameters) {

	/**
	 * Only the user agent: with what is always recorded these are the attributes that
	 * OpenTelemetry requires, and who called. Queries carry secrets, addresses are
	 * personal data, and the rest is the same for nearly all requests.
	 */
	public static final RecordedDetails DEFAULT = new RecordedDetails(false, true, false, false, false, List.of());

	public RecordedDetails {
		maskedParameters = List.copyOf(maskedParameters);
	}

}
