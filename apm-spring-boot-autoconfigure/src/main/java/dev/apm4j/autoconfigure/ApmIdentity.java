package dev.apm4j.autoconfigure;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.apm4j.export.skywalking.HostAddresses;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Who this process is in traces.
 *
 * @param service name of the service
 * @param instance name of this instance of it, unique among the running ones
 * @param version version of the agent
 * @param startedAt when the agent started
 */
record ApmIdentity(String service, String instance, String version, Instant startedAt) {

	static ApmIdentity of(ApmProperties properties, Environment environment) {
		String service = properties.serviceName();
		if (!StringUtils.hasText(service)) {
			service = environment.getProperty("spring.application.name");
		}
		String instance = properties.instance();
		return new ApmIdentity(StringUtils.hasText(service) ? service : "application",
				StringUtils.hasText(instance) ? instance : defaultInstance(properties), agentVersion(), Instant.now());
	}

	/** What SkyWalking's own agents call an instance, if it is to be seen there. */
	private static String defaultInstance(ApmProperties properties) {
		if (!BackendChoice.names(properties, BackendChoice.SKYWALKING)) {
			return processName();
		}
		List<String> addresses = HostAddresses.ipv4();
		return UUID.randomUUID().toString().replace("-", "") + "@"
				+ (addresses.isEmpty() ? "no-hostname" : addresses.get(0));
	}

	private static String processName() {
		long pid = ManagementFactory.getRuntimeMXBean().getPid();
		try {
			return InetAddress.getLocalHost().getHostName() + ":" + pid;
		}
		catch (UnknownHostException ex) {
			return "localhost:" + pid;
		}
	}

	private static String agentVersion() {
		String version = ApmIdentity.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "development";
	}

}
