package dev.apm4j.export.skywalking;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/**
 * The IPv4 addresses of this machine.
 */
public final class HostAddresses {

	/** As many as SkyWalking's Java agent reports. */
	static final int MAX = 10;

	private HostAddresses() {
	}

	/**
	 * The addresses in the order of the network interfaces, without the loopback.
	 * @return at most {@value #MAX} addresses, none if they cannot be had
	 */
	public static List<String> ipv4() {
		List<String> addresses = new ArrayList<>();
		try {
			Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
			while (interfaces.hasMoreElements()) {
				Enumeration<InetAddress> all = interfaces.nextElement().getInetAddresses();
				while (all.hasMoreElements()) {
					InetAddress address = all.nextElement();
					if (address instanceof Inet4Address && !address.isLoopbackAddress() && addresses.size() < MAX) {
						addresses.add(address.getHostAddress());
					}
				}
			}
		}
		catch (SocketException ex) {
			// A sandbox without a network.
		}
		return addresses;
	}

}
