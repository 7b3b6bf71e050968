package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.apm4j.export.skywalking.OperationNames;
import dev.apm4j.propagation.BaggageFieldCodec;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.propagation.PropagationFormats;
import dev.apm4j.propagation.Sw8Codec;

/**
 * The trace headers in force.
 *
 * @param consume formats that are read, in order of precedence
 * @param produce formats that are written
 */
record PropagationSettings(List<HeaderCodec> consume, List<HeaderCodec> produce) {

	private static final String BAGGAGE = "baggage";

	static PropagationSettings of(ApmProperties properties, ApmIdentity identity, List<HeaderCodec> more) {
		return of(properties, identity, "", more);
	}

	/**
	 * Finds the settings.
	 * @param properties what is configured
	 * @param identity under which names this process is known to who reads {@code sw8}
	 * @param cluster name of its SkyWalking cluster, empty for none
	 * @param more the application's own formats
	 * @return the settings
	 */
	static PropagationSettings of(ApmProperties properties, ApmIdentity identity, String cluster,
			List<HeaderCodec> more) {
		HeaderCodec sw8 = new Sw8Codec(identity::service, identity::instance, () -> cluster, OperationNames::of);
		PropagationFormats formats = PropagationFormats.standard(identity::service, identity::instance)
			.with(List.of(sw8))
			.with(more);
		ApmProperties.Propagation propagation = properties.propagation();
		List<String> consume = propagation.consume();
		List<String> produce = propagation.produce();
		return new PropagationSettings(
				codecs("apm.propagation.consume", formats, (consume != null) ? consume : defaultConsume(properties),
						properties.baggage()),
				codecs("apm.propagation.produce", formats, (produce != null) ? produce : defaultProduce(properties),
						properties.baggage()));
	}

	/**
	 * A caller with SkyWalking's agent that also sends another tracer's headers has two
	 * traces; the one that SkyWalking knows is to be continued. WhaTap's agents
	 * themselves let {@code traceparent} decide and know no other tracer's headers.
	 */
	private static List<String> defaultConsume(ApmProperties properties) {
		List<String> names = new ArrayList<>(List.of("w3c", "b3"));
		if (BackendChoice.names(properties, BackendChoice.WHATAP)) {
			names.add(1, "whatap");
		}
		names.add(BackendChoice.names(properties, BackendChoice.SKYWALKING) ? 0 : names.size(), "sw8");
		return names;
	}

	/** W3C, and what a backend's own agents need to join the trace. */
	private static List<String> defaultProduce(ApmProperties properties) {
		List<String> names = new ArrayList<>(List.of("w3c"));
		if (BackendChoice.names(properties, BackendChoice.SKYWALKING)) {
			names.add("sw8");
		}
		if (BackendChoice.names(properties, BackendChoice.WHATAP)) {
			names.add("whatap");
		}
		return names;
	}

	private static List<HeaderCodec> codecs(String property, PropagationFormats formats, List<String> names,
			ApmProperties.Baggage baggage) {
		List<HeaderCodec> codecs;
		try {
			codecs = new ArrayList<>(formats.codecs(names));
		}
		catch (IllegalArgumentException ex) {
			throw new ApmConfigurationException(property, String.join(", ", names),
					"any of: " + String.join(", ", formats.names()));
		}
		// Nobody who is not trusted with the trace is trusted with its baggage.
		if (baggage.enabled() && !names.isEmpty()) {
			formats.codecs(List.of(BAGGAGE)).stream().filter((codec) -> !codecs.contains(codec)).forEach(codecs::add);
			if (!baggage.remoteFields().isEmpty()) {
				codecs.add(fields(baggage.remoteFields()));
			}
		}
		return List.copyOf(codecs);
	}

	private static HeaderCodec fields(List<String> names) {
		try {
			return new BaggageFieldCodec(names);
		}
		catch (IllegalArgumentException ex) {
			throw new ApmConfigurationException("apm.baggage.remote-fields", String.join(", ", names),
					"names that can be HTTP headers, such as tenant-id");
		}
	}

	/** The names, as the actuator endpoint shows them. */
	ApmEndpoint.PropagationDescriptor inForce() {
		return new ApmEndpoint.PropagationDescriptor(this.consume.stream().map(HeaderCodec::name).toList(),
				this.produce.stream().map(HeaderCodec::name).toList());
	}

}
