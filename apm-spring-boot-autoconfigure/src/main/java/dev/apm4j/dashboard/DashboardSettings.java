package dev.apm4j.dashboard;

import java.util.List;
import java.util.Locale;

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

	public DashboardSettings {
		allowedHosts = allowedHosts.stream().map((host) -> host.strip().toLowerCase(Locale.ROOT)).toList();
		for (String host : allowedHosts) {
			if (host.isEmpty() || host.indexOf('/') >= 0 || host.indexOf('*') >= 0) {
				throw new IllegalArgumentException("apm.dashboard.allowed-hosts must contain host names such as "
						+ "'shop.example' or 'shop.example:8443' but contains '" + host + "'");
			}
		}
	}

}
