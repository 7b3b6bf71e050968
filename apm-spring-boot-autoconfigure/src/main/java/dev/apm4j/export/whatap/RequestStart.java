package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * What is known when a transaction starts. {@code null} and empty are the same.
 *
 * @param host the host that was asked for, without port
 * @param uri the path, which becomes the transaction's name
 * @param remoteAddress the client's address, in any form
 * @param userAgent the user agent
 * @param referer the referer
 * @param clientId what tells users apart; the agent keeps a hash of it, and without one
 * it takes the address
 * @param staticContent {@code "true"} or {@code "1"} lets the agent count it only
 * @param httpMethod the method, or empty if it is no request; the agent drops some
 */
record RequestStart(@Nullable String host, @Nullable String uri, @Nullable String remoteAddress,
		@Nullable String userAgent, @Nullable String referer, @Nullable String clientId, @Nullable String staticContent,
		@Nullable String httpMethod) {

	/** The value of {@code staticContent} for all that isn't a file. */
	static final String NOT_STATIC = "false";

}
