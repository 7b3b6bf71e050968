package dev.apm4j.autoconfigure;

import java.time.Duration;

/**
 * Checks the ranges of properties.
 */
final class PropertyCheck {

	private PropertyCheck() {
	}

	static double range(String property, double value, double from, double to) {
		if (!(value >= from && value <= to)) {
			throw new ApmConfigurationException(property, value, "a number from " + from + " to " + to);
		}
		return value;
	}

	static int atLeast(String property, int value, int from) {
		if (value < from) {
			throw new ApmConfigurationException(property, value, "a whole number of " + from + " or more");
		}
		return value;
	}

	static int between(String property, int value, int from, int to) {
		if (value < from || value > to) {
			throw new ApmConfigurationException(property, value, "a whole number from " + from + " to " + to);
		}
		return value;
	}

	static Duration notNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw new ApmConfigurationException(property, value, "a duration of 0 or more, such as 500ms or 2s");
		}
		return value;
	}

	static Duration positive(String property, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new ApmConfigurationException(property, value, "a duration of more than 0, such as 500ms or 2s");
		}
		return value;
	}

}
