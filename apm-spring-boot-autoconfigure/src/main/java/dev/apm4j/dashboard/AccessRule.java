package dev.apm4j.dashboard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Decides who is answered. By default only this machine: the peer is a loopback address,
 * no proxy stands between, and the browser asked for a name of this machine, so that a
 * foreign page can't get at the data by binding its own name to 127.0.0.1 (DNS
 * rebinding).
 */
final class AccessRule {

	private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*");

	private static final List<String> OWN_HOSTS = List.of("localhost", "127.0.0.1", "[::1]");

	private final DashboardSettings settings;

	AccessRule(DashboardSettings settings) {
		this.settings = settings;
	}

	/**
	 * Judges a request.
	 * @param request the request
	 * @return why it is refused, or {@code null} if it is allowed
	 */
	@Nullable String refusal(DashboardRequest request) {
		if (!this.settings.allowRemote()) {
			if (!isLoopback(request.peer())) {
				return "The dashboard answers only this machine. Set apm.dashboard.allow-remote=true to change that, "
						+ "and protect it with your application's own security.";
			}
			if (request.forwarded()) {
				return "The dashboard answers only this machine, and this request came through a proxy. "
						+ "Set apm.dashboard.allow-remote=true to change that, "
						+ "and protect it with your application's own security.";
			}
		}
		if (!isAllowedHost(request.host())) {
			return "The dashboard does not answer under this host name. "
					+ "Add the name to apm.dashboard.allowed-hosts to change that.";
		}
		return null;
	}

	private static boolean isLoopback(String peer) {
		String address = peer.toLowerCase(Locale.ROOT);
		int zone = address.indexOf('%');
		address = (zone >= 0) ? address.substring(0, zone) : address;
		// Only literals, or the JDK would ask a name server.
		if (!ADDRESS.matcher(address).matches()) {
			return false;
		}
		try {
			return InetAddress.getByName(address).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	private boolean isAllowedHost(@Nullable String header) {
		List<String> allowed = this.settings.allowedHosts();
		if (this.settings.allowRemote() && allowed.isEmpty()) {
			return true;
		}
		String host = (header != null) ? header.toLowerCase(Locale.ROOT) : "";
		if (!DashboardSettings.HOST.matcher(host).matches()) {
			return false;
		}
		int port = host.lastIndexOf(':');
		String name = (port > host.lastIndexOf(']')) ? host.substring(0, port) : host;
		return OWN_HOSTS.contains(name) || allowed.contains(name) || allowed.contains(host);
	}

}
