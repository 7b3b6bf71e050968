package dev.apm4j.it.app;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

/**
 * What the embedded backend of an application knows.
 */
public final class Traces {

	private static final String API = "/apm/api/";

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final Caller caller;

	private final String contextPath;

	public Traces(Caller caller) {
		this(caller, "");
	}

	public Traces(Caller caller, String contextPath) {
		this.caller = caller;
		this.contextPath = contextPath;
	}

	/**
	 * A trace id nobody has used.
	 * @return 32 hexadecimal digits
	 */
	public static String newTraceId() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return "%016x%016x".formatted(random.nextLong() | 1, random.nextLong() | 1);
	}

	/**
	 * The header of a sampled trace.
	 * @param traceId the trace
	 * @return the value of {@code traceparent}
	 */
	public static String traceparent(String traceId) {
		return "00-" + traceId + "-b7ad6b7169203331-01";
	}

	/**
	 * Waits until a trace has a number of spans and everything that the application has
	 * done before is stored too, so that no more will come.
	 * @param traceId the trace
	 * @param spans the number of spans
	 * @return the trace, perhaps with more spans than expected
	 */
	public RecordedTrace complete(String traceId, int spans) {
		await(() -> find(traceId).filter((trace) -> trace.spans().size() >= spans).isPresent(),
				"%d spans of trace %s".formatted(spans, traceId), () -> find(traceId).toString());
		settle();
		return find(traceId).orElseThrow();
	}

	/**
	 * Waits until everything that the application has done before is stored: the way to
	 * the store keeps the order, so a request that is made now arrives last.
	 */
	public void settle() {
		String marker = newTraceId();
		this.caller.get(this.contextPath + "/trace-id", "traceparent", traceparent(marker));
		await(() -> find(marker).isPresent() && isIdle(), "the trace of a marker", () -> "");
	}

	private boolean isIdle() {
		JsonNode pipeline = this.caller.json(this.contextPath + "/actuator/apm").path("pipeline");
		return pipeline.path("incomplete").intValue() == 0;
	}

	/**
	 * Looks for a trace.
	 * @param traceId the trace
	 * @return what is stored of it
	 */
	public Optional<RecordedTrace> find(String traceId) {
		HttpResponse<String> response = this.caller.get(this.contextPath + API + "traces/" + traceId);
		if (response.statusCode() == 404) {
			return Optional.empty();
		}
		if (response.statusCode() != 200) {
			throw new AssertionError("Status " + response.statusCode() + ": " + response.body());
		}
		return Optional.of(RecordedTrace.of(this.caller.read(response.body())));
	}

	/**
	 * A stored trace as it is told.
	 * @param traceId the trace
	 * @return its JSON
	 */
	public String text(String traceId) {
		return this.caller.get(this.contextPath + API + "traces/" + traceId).body();
	}

	/**
	 * Waits until there is a trace with a name.
	 * @param name the name
	 * @return the latest of them
	 */
	public RecordedTrace latest(String name) {
		await(() -> !list("name=" + encode(name)).isEmpty(), "a trace named " + name, () -> "only " + names());
		List<JsonNode> found = list("name=" + encode(name));
		return find(found.get(0).path("traceId").textValue()).orElseThrow();
	}

	/**
	 * The summaries of traces.
	 * @param query the query string
	 * @return the summaries, newest first
	 */
	public List<JsonNode> list(String query) {
		JsonNode traces = this.caller.json(this.contextPath + API + "traces?" + query).path("traces");
		return StreamSupport.stream(traces.spliterator(), false).toList();
	}

	/**
	 * The aggregate of an endpoint.
	 * @param name its name
	 * @param kind its kind
	 * @return the aggregate if there was a request
	 */
	public Optional<JsonNode> endpoint(String name, String kind) {
		JsonNode endpoints = this.caller.json(this.contextPath + API + "endpoints").path("endpoints");
		return StreamSupport.stream(endpoints.spliterator(), false)
			.filter((endpoint) -> endpoint.path("name").textValue().equals(name)
					&& endpoint.path("kind").textValue().equals(kind))
			.findFirst();
	}

	private List<String> names() {
		return list("limit=500").stream().map((trace) -> trace.path("name").textValue()).distinct().toList();
	}

	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	private static void await(Callable<Boolean> condition, String what, Callable<String> state) {
		try {
			Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(15)).until(condition);
		}
		catch (org.awaitility.core.ConditionTimeoutException ex) {
			throw new AssertionError("There is not " + what + ", but " + describe(state), ex);
		}
	}

	private static String describe(Callable<String> state) {
		try {
			return state.call();
		}
		catch (Exception ex) {
			return ex.toString();
		}
	}

}
