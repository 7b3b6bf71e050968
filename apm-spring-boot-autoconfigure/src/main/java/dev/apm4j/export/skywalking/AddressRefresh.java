package dev.apm4j.export.skywalking;

import java.time.Duration;

/**
 * Looks from time to time whether the servers have moved to other addresses.
 */
public final class AddressRefresh implements SkyWalkingBackend.Feature {

	private final Duration rate;

	/**
	 * Creates the feature.
	 * @param rate how often, 0 for never
	 */
	public AddressRefresh(Duration rate) {
		this.rate = rate;
	}

	@Override
	public void start(SkyWalkingBackend backend) {
		if (!this.rate.isZero()) {
			backend.schedule().periodic("address refresh", this.rate, backend.transport()::refreshAddresses);
		}
	}

}
