package dev.apm4j.it.oap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.apm4j.it.oap.proto.ConfigurationServiceGrpc;
import dev.apm4j.it.oap.proto.Setting;
import dev.apm4j.it.oap.proto.SettingGroups;
import dev.apm4j.it.oap.proto.Settings;
import dev.apm4j.it.oap.proto.SettingsRequest;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

/**
 * Where a SkyWalking server gets the settings that it passes on to agents. It asks every
 * second.
 */
public final class DynamicConfiguration implements AutoCloseable {

	private static final String AGENT_SETTINGS = "configuration-discovery.default.agentConfigurations";

	private final Map<String, Map<String, String>> services = new TreeMap<>();

	private final Server server;

	private Settings settings;

	DynamicConfiguration() {
		this.settings = settings(0);
		try {
			this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
				.addService(new Source())
				.build()
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Changes what the agents of a service are told.
	 * @param service name of the service
	 * @param values settings by name, instead of those of before
	 */
	public synchronized void set(String service, Map<String, String> values) {
		this.services.put(service, new TreeMap<>(values));
		this.settings = settings(Integer.parseInt(this.settings.getUuid()) + 1);
	}

	private Settings settings(int version) {
		String agents = this.services.entrySet()
			.stream()
			.map((service) -> "  %s:\n%s".formatted(quote(service.getKey()), lines(service.getValue())))
			.collect(Collectors.joining());
		return Settings.newBuilder()
			.setUuid(Integer.toString(version))
			.addConfigTable(Setting.newBuilder()
				.setName(AGENT_SETTINGS)
				.setValue(agents.isEmpty() ? "" : "configurations:\n" + agents))
			.build();
	}

	private static String lines(Map<String, String> values) {
		return values.entrySet()
			.stream()
			.map((value) -> "    %s: %s\n".formatted(value.getKey(), quote(value.getValue())))
			.collect(Collectors.joining());
	}

	private static String quote(String text) {
		return "'" + text.replace("'", "''") + "'";
	}

	int port() {
		return this.server.getPort();
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

	private final class Source extends ConfigurationServiceGrpc.ConfigurationServiceImplBase {

		@Override
		public void call(SettingsRequest request, StreamObserver<Settings> answer) {
			synchronized (DynamicConfiguration.this) {
				answer.onNext(DynamicConfiguration.this.settings);
			}
			answer.onCompleted();
		}

		@Override
		public void callGroup(SettingsRequest request, StreamObserver<SettingGroups> answer) {
			answer.onNext(SettingGroups.newBuilder().setUuid("0").build());
			answer.onCompleted();
		}

	}

}
