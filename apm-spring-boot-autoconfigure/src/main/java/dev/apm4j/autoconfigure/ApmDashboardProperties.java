package dev.apm4j.autoconfigure;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The web page at /apm and its JSON.
 *
 * @param enabled whether there is a page
 * @param allowRemote whether others than this machine may see it; then the application
 * has to protect it
 * @param allowedHosts host names under which it may be called, beside localhost
 */
@ConfigurationProperties("apm.dashboard")
public record ApmDashboardProperties(@DefaultValue("true") boolean enabled, @DefaultValue("false") boolean allowRemote,
		@DefaultValue List<String> allowedHosts) {
}
