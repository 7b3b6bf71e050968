package dev.apm4j.it.app;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application tells of its dead code.
 */
public final class Usage {

	private static final String API = "/apm/api/usage";

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Caller caller;

	public Usage(Caller caller) {
		this.caller = caller;
	}

	/**
	 * How it goes, without methods.
	 * @return the document
	 */
	public JsonNode state() {
		return this.caller.json(API + "?methods=false");
	}

	/**
	 * Waits until the classes of the application are read.
	 * @return these
	 */
	public Usage awaitScan() {
		Awaitility.await("scan of the code base")
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(100))
			.until(() -> state().path("scan").path("state").textValue().equals("done"));
		return this;
	}

	/**
	 * Waits until exactly this is known of the methods of a package.
	 * @param packageName the package
	 * @param states state by {@code Class.method(parameters)}
	 */
	public void awaitMethods(String packageName, Map<String, String> states) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.untilAsserted(() -> assertThat(methods(packageName)).isEqualTo(states));
	}

	/**
	 * The methods of a package.
	 * @param packageName the package
	 * @return state by {@code Class.method(parameters)}
	 */
	public Map<String, String> methods(String packageName) {
		Map<String, String> states = new TreeMap<>();
		list(packageName).forEach((name, member) -> states.put(name, member.path("state").textValue()));
		return states;
	}

	/**
	 * The methods of a package with all that is told of them.
	 * @param packageName the package
	 * @return documents by {@code Class.method(parameters)}
	 */
	public Map<String, JsonNode> list(String packageName) {
		Map<String, JsonNode> members = new TreeMap<>();
		JsonNode packages = this.caller.json(API + "?package=" + URLEncoder.encode(packageName, StandardCharsets.UTF_8))
			.path("packages");
		for (JsonNode each : packages) {
			for (JsonNode type : each.path("classes")) {
				for (JsonNode member : type.path("members")) {
					members.put("%s.%s(%s)".formatted(type.path("simpleName").textValue(),
							member.path("name").textValue(), member.path("parameters").textValue()), member);
				}
			}
		}
		return members;
	}

	/**
	 * The report for a build.
	 * @return its lines
	 */
	public String report() {
		return this.caller.get(API + "/report").body();
	}

}
