package dev.apm4j.export.whatap;

/**
 * The entries of a map, for instance the tags or the fields of a counter.
 */
interface MapContent {

	/** No entries. */
	MapContent EMPTY = (map) -> {
	};

	/**
	 * Writes the entries, in this order.
	 * @param map what takes them; not to be kept
	 */
	void writeTo(MapWriter map);

}
