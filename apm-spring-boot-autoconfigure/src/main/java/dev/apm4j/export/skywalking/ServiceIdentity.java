package dev.apm4j.export.skywalking;

import org.jspecify.annotations.Nullable;

/**
 * Who this process is to SkyWalking, in the form in which its protocol and the header
 * {@code sw8} carry it. Immutable.
 *
 * @param service name of the service, with group, namespace and cluster, at most
 * {@value #MAX_SERVICE} characters
 * @param instance name of the instance, at most {@value #MAX_LENGTH} characters
 * @param layer the layer that the instance belongs to, such as {@code GENERAL}
 * @param namespace the namespace, {@code null} for none
 * @param cluster the cluster, {@code null} for none; peers are then written as
 * {@code cluster/peer}
 */
public record ServiceIdentity(String service, String instance, String layer, @Nullable String namespace,
		@Nullable String cluster) {

	/** What SkyWalking's own agents cut names at. */
	public static final int MAX_LENGTH = 50;

	/**
	 * Characters of a service with namespace and cluster, which the agents add to a name
	 * that is cut already: cut at its end, services of two clusters would be one.
	 */
	public static final int MAX_SERVICE = 3 * MAX_LENGTH + 2;

	/** The layer of what is neither a mesh nor a function nor a browser. */
	public static final String GENERAL = "GENERAL";

	public ServiceIdentity {
		// Here, since headers and every kind of report have to agree.
		service = WireText.name(service, MAX_SERVICE);
		instance = WireText.name(instance, MAX_LENGTH);
	}

	/**
	 * An identity in the default layer, without group, namespace and cluster.
	 * @param service plain name of the service
	 * @param instance name of the instance
	 */
	public ServiceIdentity(String service, String instance) {
		this(WireText.line(service, MAX_LENGTH), instance, GENERAL, null, null);
	}

	/**
	 * Builds the name of the service as SkyWalking's Java agent does:
	 * {@code group::name|namespace|cluster}, without what is not there. Group and name
	 * are cut at {@value #MAX_LENGTH} characters.
	 * @param name plain name of the service
	 * @param group name of its group
	 * @param namespace the namespace
	 * @param cluster the cluster
	 * @param instance name of the instance
	 * @param layer the layer
	 * @return the identity
	 */
	public static ServiceIdentity of(String name, @Nullable String group, @Nullable String namespace,
			@Nullable String cluster, String instance, String layer) {
		StringBuilder service = new StringBuilder(
				WireText.line((group != null) ? group + "::" + name : name, MAX_LENGTH));
		if (namespace != null || cluster != null) {
			// One of them keeps its place when the other is missing.
			service.append('|').append((namespace != null) ? namespace : "").append('|');
			service.append((cluster != null) ? cluster : "");
		}
		return new ServiceIdentity(service.toString(), instance, layer, namespace, cluster);
	}

}
