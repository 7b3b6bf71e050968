package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.KeyStringValuePair;

/**
 * Says who this instance is and that it is alive: both at once, as one without the other
 * makes an instance without a service or a service without a language; then the one by
 * its rhythm and the other every tenth time, and whenever the server may have forgotten
 * it.
 */
public final class Management implements SkyWalkingBackend.Feature {

	static final int PROPERTIES_EVERY = 10;

	private final Duration keepAlive;

	private final Supplier<List<KeyStringValuePair>> properties;

	/** Beats since the properties were sent; enough for them to be due at first. */
	private int beats = PROPERTIES_EVERY;

	private long connections;

	/**
	 * Creates the feature.
	 * @param keepAlive time between two beats, more than 0
	 * @param properties what is known of this instance, asked for each time
	 */
	public Management(Duration keepAlive, Supplier<List<KeyStringValuePair>> properties) {
		this.keepAlive = keepAlive;
		this.properties = properties;
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		backend.schedule().periodic("keep-alive", this.keepAlive, () -> beat(backend));
	}

	/** One beat; only for the schedule's thread. */
	void beat(SkyWalkingBackend backend) throws Exception {
		ServiceIdentity identity = backend.identity();
		SkyWalkingTransport transport = backend.transport();
		boolean done = false;
		try {
			if (this.beats >= PROPERTIES_EVERY) {
				report(identity, transport);
			}
			transport.keepAlive(InstancePingPkg.newBuilder()
				.setService(identity.service())
				.setServiceInstance(identity.instance())
				.setLayer(identity.layer())
				.build());
			if (transport.connections() != this.connections) {
				if (this.beats > 0) {
					report(identity, transport);
				}
				this.connections = transport.connections();
			}
			this.beats++;
			done = true;
		}
		finally {
			if (!done) {
				this.beats = PROPERTIES_EVERY;
			}
		}
	}

	private void report(ServiceIdentity identity, SkyWalkingTransport transport) throws Exception {
		transport.properties(InstanceProperties.newBuilder()
			.setService(identity.service())
			.setServiceInstance(identity.instance())
			.setLayer(identity.layer())
			.addAllProperties(this.properties.get())
			.build());
		this.beats = 0;
	}

}
