package dev.apm4j.export.skywalking;

import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.apm4j.metrics.JarNames;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import org.jspecify.annotations.Nullable;

/**
 * What is known of this instance, under the keys of SkyWalking's Java agent. Put together
 * when it is asked for first, as nothing of it changes but the addresses.
 */
public final class InstanceDescription implements Supplier<List<KeyStringValuePair>> {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

	private static final int MAX_ARGUMENT = 500;

	private static final int MAX_ARGUMENTS = 200;

	private final ServiceIdentity identity;

	private final String version;

	private final List<String> jvmArguments;

	private final Map<String, String> own;

	private final @Nullable ClassLoader classLoader;

	private @Nullable List<KeyStringValuePair> fixed;

	/**
	 * Creates a description.
	 * @param identity who this process is
	 * @param version version of apm4j
	 * @param jvmArguments the arguments of the JVM without secrets
	 * @param own properties of the user's own; they do not replace the others
	 * @param classLoader the class loader of the application
	 */
	public InstanceDescription(ServiceIdentity identity, String version, List<String> jvmArguments,
			Map<String, String> own, @Nullable ClassLoader classLoader) {
		this.identity = identity;
		this.version = version;
		this.jvmArguments = List.copyOf(jvmArguments);
		this.own = Map.copyOf(own);
		this.classLoader = classLoader;
	}

	@Override
	public List<KeyStringValuePair> get() {
		List<KeyStringValuePair> properties = new ArrayList<>(fixed());
		HostAddresses.ipv4().forEach((address) -> properties.add(property("ipv4", address)));
		return properties;
	}

	private synchronized List<KeyStringValuePair> fixed() {
		List<KeyStringValuePair> present = this.fixed;
		if (present == null) {
			present = describe();
			this.fixed = present;
		}
		return present;
	}

	private List<KeyStringValuePair> describe() {
		RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
		List<KeyStringValuePair> properties = new ArrayList<>();
		// The server takes the language from here, and nothing else without it.
		properties.add(property("language", "java"));
		properties.add(property("OS Name", System.getProperty("os.name", "unknown")));
		properties.add(property("hostname", hostname()));
		properties.add(property("Process No.", String.valueOf(runtime.getPid())));
		properties.add(property("Start Time",
				TIME.format(Instant.ofEpochMilli(runtime.getStartTime()).atZone(ZoneId.systemDefault()))));
		properties.add(property("JVM Arguments",
				ProtoJson.strings(this.jvmArguments.stream()
					.limit(MAX_ARGUMENTS)
					.map((argument) -> WireText.text(argument, MAX_ARGUMENT))
					.sorted()
					.toList())));
		properties.add(property("Jar Dependencies",
				ProtoJson.strings(JarNames.of(this.classLoader, System.getProperty("java.class.path", "")))));
		properties.add(property("version", this.version));
		add(properties, "namespace", this.identity.namespace());
		add(properties, "cluster", this.identity.cluster());
		List<String> taken = properties.stream().map(KeyStringValuePair::getKey).toList();
		this.own.forEach((key, value) -> {
			if (!taken.contains(key) && !"ipv4".equals(key)) {
				properties.add(property(key, value));
			}
		});
		return properties;
	}

	private static void add(List<KeyStringValuePair> properties, String key, @Nullable String value) {
		if (value != null) {
			properties.add(property(key, value));
		}
	}

	private static KeyStringValuePair property(String key, String value) {
		return KeyStringValuePair.newBuilder()
			.setKey(WireText.text(key, key.length()))
			.setValue(WireText.text(value, value.length()))
			.build();
	}

	private static String hostname() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

}
