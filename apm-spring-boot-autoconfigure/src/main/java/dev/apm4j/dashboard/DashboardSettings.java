package dev.apm4j.dashboard;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who may see the dashboard.
 *
 * @param allowRemote whether it answers others than this machine
 * ({@code apm.dashboard.allow-remote}); then the application itself has to protect it
 * @param allowedHosts names under which it may be called beside {@code localhost},
 * {@code 127.0.0.1} and {@code [::1]} ({@code apm.dashboard.allowed-hosts}), such as
 * {@code shop.example} for any port or {@code shop.example:8443} for one; if it is empty
 * and {@code allowRemote} is set, any name
 */
public record DashboardSettings(boolean allowRemote, List<String> allowedHosts) {

	/** Only this machine, under its usual names. */
	public static final DashboardSettings DEFAULT = new DashboardSettings(false, List.of());

	/** A name or an address in lower case, perhaps with a port. */
	static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:[0-9]{1,5})?");

	public DashboardSettings {
		allowedHosts = allowedHosts.stream().map((host) -> host.strip().toLowerCase(Locale.ROOT)).toList();
		for (String host : allowedHosts) {
			if (!HOST.matcher(host).matches()) {
				throw new IllegalArgumentException("apm.dashboard.allowed-hosts must contain host names such as "
						+ "'shop.example' or 'shop.example:8443' but contains '" + host + "'");
			}
		}
	}

}
