package dev.apm4j.export.skywalking;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.apm4j.skywalking.proto.Command;
import dev.apm4j.skywalking.proto.KeyStringValuePair;

/**
 * The arguments of a command that a server has sent. Nothing is taken for granted: who
 * answers may be anyone.
 */
final class CommandArguments {

	private static final int MAX_ARGUMENTS = 100;

	private static final int MAX_LENGTH = 4096;

	private static final int MAX_SHOWN = 100;

	private final Map<String, String> values = new LinkedHashMap<>();

	CommandArguments(Command command) {
		for (KeyStringValuePair pair : command.getArgsList()) {
			if (this.values.size() == MAX_ARGUMENTS) {
				return;
			}
			this.values.put(pair.getKey(), pair.getValue());
		}
	}

	/** All of them, in their order. */
	Map<String, String> values() {
		return this.values;
	}

	/**
	 * A text.
	 * @throws IllegalArgumentException if there is none, or it is blank or too long
	 */
	String text(String key) {
		String value = this.values.getOrDefault(key, "");
		if (value.isBlank() || value.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("a command without a usable " + key);
		}
		return value;
	}

	/**
	 * A whole number.
	 * @throws IllegalArgumentException if there is none or it is not in the range
	 */
	long number(String key, long from, long to) {
		String value = this.values.getOrDefault(key, "");
		try {
			long number = Long.parseLong(value);
			if (number >= from && number <= to) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw new IllegalArgumentException(key + " is '" + shown(value) + "' but has to be from " + from + " to " + to);
	}

	/** A text in one line of bounded length, for logs and the status. */
	static String shown(String text) {
		String cut = (text.length() > MAX_SHOWN) ? text.substring(0, MAX_SHOWN) + "..." : text;
		return cut.replaceAll("[\\p{Cntrl}\\p{Cf}]", " ");
	}

}
