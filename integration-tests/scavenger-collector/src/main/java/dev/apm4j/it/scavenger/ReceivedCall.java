package dev.apm4j.it.scavenger;

import java.util.List;
import java.util.Map;

/**
 * A call that reached the collector, and what it was answered.
 *
 * @param call {@code InitConfig}, {@code PollConfig}, {@code SendCodeBasePublication} or
 * {@code SendInvocationDataPublication}
 * @param status name of the gRPC status
 * @param common fields of the message beside its entries, by their names in the protocol,
 * {@code api_key} among them
 * @param entries the entries, their fields by their names in the protocol
 */
public record ReceivedCall(String call, String status, Map<String, Object> common, List<Map<String, String>> entries) {

	/**
	 * A text field.
	 * @param field its name in the protocol
	 * @return its value, {@code null} if there is none
	 */
	public String text(String field) {
		return (String) this.common.get(field);
	}

	/**
	 * A number.
	 * @param field its name in the protocol
	 * @return its value
	 */
	public long number(String field) {
		return ((Number) this.common.get(field)).longValue();
	}

	/**
	 * A field of all entries.
	 * @param field its name in the protocol
	 * @return the values in their order
	 */
	public List<String> entries(String field) {
		return this.entries.stream().map((entry) -> entry.get(field)).toList();
	}

}
