package dev.apm4j.autoconfigure;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which web requests are traced, and what is recorded of them.
 *
 * @param ignoreDefaults whether static resources, health probes, the actuator and the
 * dashboard are left out
 * @param ignorePaths patterns of paths that are left out, relative to the context path,
 * such as /internal/** or /files/{name}
 * @param ignoreExtensions file extensions that are left out for GET and HEAD requests,
 * such as pdf
 * @param ignoreMethods HTTP methods that are left out, such as OPTIONS
 * @param query whether the query is recorded, with the values of secret-looking
 * parameters masked
 * @param maskedParameters further words in names of query parameters whose values are
 * masked
 * @param userAgent whether the User-Agent header is recorded
 * @param clientAddress whether the client's address is recorded
 * @param serverAddress whether the host and port that the client asked for are recorded
 * @param protocolVersion whether the version of HTTP is recorded
 */
@ConfigurationProperties("apm.web")
public record ApmWebProperties(@DefaultValue("true") boolean ignoreDefaults, @DefaultValue List<String> ignorePaths,
		@DefaultValue List<String> ignoreExtensions, @DefaultValue List<String> ignoreMethods,
		@DefaultValue("false") boolean query, @DefaultValue List<String> maskedParameters,
		@DefaultValue("true") boolean userAgent, @DefaultValue("false") boolean clientAddress,
		@DefaultValue("false") boolean serverAddress, @DefaultValue("false") boolean protocolVersion) {

}
