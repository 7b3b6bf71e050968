package dev.apm4j.it.scavenger;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call that came to the collector.
 *
 * @param json it as the collector tells it
 */
public record Publication(JsonNode json) {

	/** Publishes the methods. */
	public static final String CODE_BASE = "SendCodeBasePublication";

	/** Publishes which of them were called. */
	public static final String INVOCATIONS = "SendInvocationDataPublication";

	public String call() {
		return this.json.path("call").textValue();
	}

	public boolean isAccepted() {
		return this.json.path("status").textValue().equals("OK");
	}

	/**
	 * A field beside the entries.
	 * @param field its name in the protocol
	 * @return its value
	 */
	public String common(String field) {
		return this.json.path("common").path(field).asText();
	}

	/**
	 * The signatures that were published.
	 * @param calls all calls
	 * @return signatures by hash
	 */
	public static Map<String, String> codeBase(List<Publication> calls) {
		Map<String, String> signatures = new HashMap<>();
		of(calls, CODE_BASE).forEach((call) -> call.json.path("entries")
			.forEach((entry) -> signatures.put(entry.path("signature_hash").textValue(),
					entry.path("signature").textValue())));
		return signatures;
	}

	/**
	 * The methods that were said to be called.
	 * @param calls all calls
	 * @return signatures; hashes that are not in the code base as they are
	 */
	public static Set<String> invoked(List<Publication> calls) {
		Map<String, String> codeBase = codeBase(calls);
		Set<String> signatures = new TreeSet<>();
		of(calls, INVOCATIONS).forEach((call) -> call.json.path("entries").forEach((entry) -> {
			String hash = entry.path("hash").textValue();
			signatures.add(codeBase.getOrDefault(hash, hash));
		}));
		return signatures;
	}

	/**
	 * The accepted ones of a call.
	 * @param calls all calls
	 * @param call its name
	 * @return the calls in their order
	 */
	public static List<Publication> of(List<Publication> calls, String call) {
		return calls.stream().filter((one) -> one.call().equals(call) && one.isAccepted()).toList();
	}

	/**
	 * The processes that published something.
	 * @param calls all calls
	 * @return their ids
	 */
	public static Set<String> processes(List<Publication> calls) {
		Set<String> ids = new HashSet<>();
		of(calls, CODE_BASE).forEach((call) -> ids.add(call.common("jvm_uuid")));
		return ids;
	}

}
