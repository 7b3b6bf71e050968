package dev.apm4j.export.whatap;

/**
 * The layouts of packets that are written. The number tells the local agent which fields
 * follow: there is no Java family, so these are the Python agent's. Source: the version
 * tests in golib's {@code lang/pack/udp}.
 */
enum WireVersion {

	/** HTTP method and status. */
	V20104(20104),

	/** Also the driver of an HTTP call and the step of the caller. */
	V20106(20106);

	private final int number;

	WireVersion(int number) {
		this.number = number;
	}

	/**
	 * The version with a number.
	 * @param number the number, as in a configuration
	 * @return the version
	 * @throws IllegalArgumentException if it isn't one of these
	 */
	static WireVersion of(int number) {
		for (WireVersion version : values()) {
			if (version.number == number) {
				return version;
			}
		}
		throw new IllegalArgumentException("Not a version of WhaTap's packets: " + number + " (20104 or 20106)");
	}

	int number() {
		return this.number;
	}

}
