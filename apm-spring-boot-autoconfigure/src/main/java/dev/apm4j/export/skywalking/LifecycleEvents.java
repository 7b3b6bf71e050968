package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.EventType;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.Source;

/**
 * The events {@code Start} and {@code Shutdown} of this instance.
 */
public final class LifecycleEvents implements SkyWalkingBackend.Feature {

	private final long jvmStart;

	private final Supplier<String> options;

	/**
	 * Creates the feature.
	 * @param jvmStart when the JVM was started, in milliseconds since the epoch
	 * @param options its arguments without secrets
	 */
	public LifecycleEvents(long jvmStart, Supplier<String> options) {
		this.jvmStart = jvmStart;
		this.options = options;
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		long ready = System.currentTimeMillis();
		Duration any = Duration.ofDays(1);
		String uuid = UUID.randomUUID().toString();
		backend.schedule()
			.once("start event",
					() -> backend.transport()
						.event(event(backend.identity(), "Start", "Start Java Application").setUuid(uuid)
							.setStartTime(this.jvmStart)
							.setEndTime(ready)
							.addParameters(KeyStringValuePair.newBuilder().setKey("OPTS").setValue(this.options.get()))
							.build(), any));
	}

	@Override
	public void end(SkyWalkingBackend backend, Duration timeout) throws Exception {
		if (backend.notices().isFailing()) {
			// A server that does not answer must not make the shutdown longer.
			return;
		}
		long now = System.currentTimeMillis();
		backend.transport()
			.event(event(backend.identity(), "Shutdown", "Shutting down Java Application")
				.setUuid(UUID.randomUUID().toString())
				.setStartTime(now)
				.setEndTime(now)
				.build(), timeout);
	}

	private static Event.Builder event(ServiceIdentity identity, String name, String message) {
		return Event.newBuilder()
			.setSource(Source.newBuilder().setService(identity.service()).setServiceInstance(identity.instance()))
			.setName(name)
			.setType(EventType.Normal)
			.setMessage(message)
			.setLayer(identity.layer());
	}

}
