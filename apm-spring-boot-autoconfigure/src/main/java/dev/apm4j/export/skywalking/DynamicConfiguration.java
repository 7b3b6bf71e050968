package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.apm4j.skywalking.proto.Command;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Applies settings that the server has for this service (command
 * {@code ConfigurationDiscoveryCommand} of the data collect protocol v3). A setting that
 * the server no longer has is again what the application has set; while it is away,
 * everything stays.
 */
public final class DynamicConfiguration implements SkyWalkingBackend.Feature {

	static final String COMMAND = "ConfigurationDiscoveryCommand";

	/** Rhythm of the Java agent. */
	static final Duration POLL_INTERVAL = Duration.ofSeconds(20);

	private static final String UUID = "UUID";

	private static final int MAX_UUID = 256;

	private static final Log logger = LogFactory.getLog(DynamicConfiguration.class);

	private final List<RuntimeSetting> settings;

	private final Duration pollInterval;

	/** Values of the server by key, and those that were refused. */
	private final Map<String, String> given = new TreeMap<>();

	/** Replaced as a whole, never changed. */
	private volatile Map<String, String> inForce = Map.of();

	private String uuid = "";

	/**
	 * Creates the feature.
	 * @param settings what can be changed; other settings of the server are ignored
	 */
	public DynamicConfiguration(List<? extends RuntimeSetting> settings) {
		this(settings, POLL_INTERVAL);
	}

	DynamicConfiguration(List<? extends RuntimeSetting> settings, Duration pollInterval) {
		this.settings = List.copyOf(settings);
		this.pollInterval = pollInterval;
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		backend.notices().add(this::remark);
		backend.schedule().periodic("dynamic configuration", this.pollInterval, () -> poll(backend));
	}

	private @Nullable String remark() {
		Map<String, String> current = this.inForce;
		return current.isEmpty() ? null
				: current.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + "=" + CommandArguments.shown(entry.getValue()))
					.collect(Collectors.joining(", ", "set by the server: ", ""));
	}

	private void poll(SkyWalkingBackend backend) throws Exception {
		List<Command> commands = backend.transport()
			.configuration(ConfigurationSyncRequest.newBuilder()
				.setService(backend.identity().service())
				.setUuid(this.uuid)
				.build())
			.getCommandsList();
		for (Command command : commands) {
			if (COMMAND.equals(command.getCommand())) {
				take(new CommandArguments(command).values());
			}
		}
	}

	/** A command holds all settings that there are; no command means no change. */
	private void take(Map<String, String> values) {
		String newUuid = values.getOrDefault(UUID, "");
		if (!newUuid.isEmpty() && newUuid.equals(this.uuid)) {
			return;
		}
		Map<String, String> next = new TreeMap<>(this.inForce);
		for (RuntimeSetting setting : this.settings) {
			apply(setting, values.get(setting.key()), next);
		}
		this.inForce = next;
		this.uuid = (newUuid.length() <= MAX_UUID) ? newUuid : "";
	}

	private void apply(RuntimeSetting setting, @Nullable String value, Map<String, String> next) {
		String key = setting.key();
		String before = (value != null) ? this.given.put(key, value) : this.given.remove(key);
		if ((value != null) ? value.equals(before) : before == null) {
			return;
		}
		try {
			setting.apply(value);
			if (value != null) {
				next.put(key, value);
				logger.info("SkyWalking has set " + key + " to '" + CommandArguments.shown(value) + "'");
			}
			else if (next.remove(key) != null) {
				logger.info("SkyWalking no longer sets " + key + ": what the application has set is in force");
			}
		}
		catch (RuntimeException ex) {
			logger.warn("SkyWalking's value for " + key + " is ignored, '"
					+ CommandArguments.shown((value != null) ? value : "") + "': " + ex.getMessage());
		}
	}

}
