package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * Takes the entries of a map and counts them.
 */
final class MapWriter {

	private final ValueWriter values;

	private int count;

	MapWriter(ValueWriter values) {
		this.values = values;
	}

	void begin() {
		this.count = 0;
	}

	int count() {
		return this.count;
	}

	MapWriter put(String key, @Nullable String text) {
		key(key);
		this.values.writeText(text);
		return this;
	}

	MapWriter put(String key, long number) {
		key(key);
		this.values.writeDecimal(number);
		return this;
	}

	MapWriter put(String key, double number) {
		key(key);
		this.values.writeDouble(number);
		return this;
	}

	MapWriter put(String key, boolean flag) {
		key(key);
		this.values.writeBool(flag);
		return this;
	}

	private void key(String key) {
		this.count++;
		this.values.writeKey(key);
	}

}
