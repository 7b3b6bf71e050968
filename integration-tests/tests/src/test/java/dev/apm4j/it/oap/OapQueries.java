package dev.apm4j.it.oap;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Asks a SkyWalking server what it knows, over GraphQL as its page does. Every answer is
 * of the moment: what was sent is found some seconds later.
 */
public final class OapQueries {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HHmm")
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd HHmmss")
		.withZone(ZoneOffset.UTC);

	private static final Map<String, Object> FIRST_PAGE = Map.of("pageNum", 1, "pageSize", 100);

	private final ObjectMapper json = new ObjectMapper();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(TIMEOUT)
		.build();

	private final URI address;

	OapQueries(String address) {
		this.address = URI.create("http://" + address + "/graphql");
	}

	/**
	 * Whether the server is there.
	 * @return {@code true} if it answers
	 */
	boolean answers() {
		try {
			return ask("{version}", Map.of()).hasNonNull("version");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * The id of a service.
	 * @param service its name
	 * @return the id
	 */
	public static String serviceId(String service) {
		return base64(service) + ".1";
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Names of the services.
	 * @param layer their layer, such as {@code GENERAL} or {@code VIRTUAL_DATABASE}
	 * @return the names
	 */
	public List<String> services(String layer) {
		return texts(query("query($l:String){listServices(layer:$l){name}}", "l", layer).path("listServices"), "name");
	}

	/**
	 * The instances of a service.
	 * @param service name of the service
	 * @return instances with {@code name}, {@code language} and {@code attributes}
	 */
	public List<JsonNode> instances(String service) {
		return list(query("""
				query($d:Duration!,$s:ID!){listInstances(duration:$d,serviceId:$s){
				  name language attributes{name value}}}""", "d", minutes(), "s", serviceId(service))
			.path("listInstances"));
	}

	/**
	 * Names of the endpoints of a service.
	 * @param service name of the service
	 * @return the names
	 */
	public List<String> endpoints(String service) {
		return texts(
				query("query($s:ID!){findEndpoint(keyword:\"\",serviceId:$s,limit:100){name}}", "s", serviceId(service))
					.path("findEndpoint"),
				"name");
	}

	/**
	 * The spans of a trace.
	 * @param traceId the trace
	 * @return its spans as far as they have arrived
	 */
	public List<OapSpan> trace(String traceId) {
		return list(query("""
				query($t:ID!){queryTrace(traceId:$t){spans{
				  spanId parentSpanId segmentId serviceCode serviceInstanceName endpointName type peer component layer
				  isError startTime endTime refs{traceId parentSegmentId parentSpanId type} tags{key value}
				  logs{time data{key value}}}}}""", "t", traceId).path("queryTrace").path("spans")).stream()
			.map(OapSpan::new)
			.toList();
	}

	/**
	 * The latest segments of a service.
	 * @param service name of the service
	 * @return segments with {@code segmentId}, {@code endpointNames}, {@code isError} and
	 * {@code traceIds}
	 */
	public List<JsonNode> segments(String service) {
		Map<String, Object> condition = Map.of("serviceId", serviceId(service), "queryDuration", seconds(),
				"traceState", "ALL", "queryOrder", "BY_START_TIME", "paging", FIRST_PAGE);
		return list(query("""
				query($c:TraceQueryCondition){queryBasicTraces(condition:$c){traces{
				  segmentId endpointNames duration start isError traceIds}}}""", "c", condition)
			.path("queryBasicTraces")
			.path("traces"));
	}

	/**
	 * The values of a metric that are known and not 0.
	 * @param expression name of the metric, or an expression over metrics
	 * @param entity what it is of, such as {@code serviceName} and {@code endpointName},
	 * names and values in turn
	 * @return one value a minute
	 */
	public List<Double> metric(String expression, String... entity) {
		Map<String, Object> of = new HashMap<>(Map.of("normal", true));
		for (int i = 0; i < entity.length; i += 2) {
			boolean flag = entity[i].toLowerCase(Locale.ROOT).endsWith("normal");
			of.put(entity[i], flag ? Boolean.valueOf(entity[i + 1]) : entity[i + 1]);
		}
		JsonNode answer = query("""
				query($x:String!,$e:Entity!,$d:Duration!){execExpression(expression:$x,entity:$e,duration:$d){
				  error results{values{value}}}}""", "x", expression, "e", of, "d", minutes()).path("execExpression");
		if (answer.hasNonNull("error")) {
			throw new AssertionError(expression + ": " + answer.path("error").asText());
		}
		return list(answer.path("results")).stream()
			.flatMap((result) -> list(result.path("values")).stream())
			.map((value) -> value.path("value"))
			.filter((value) -> !value.isNull())
			.map(JsonNode::asDouble)
			.filter((value) -> value != 0)
			.toList();
	}

	/**
	 * The log lines of a trace.
	 * @param service name of the service that wrote them
	 * @param traceId the trace
	 * @return lines with {@code content}, {@code endpointName}, {@code traceId} and
	 * {@code tags}
	 */
	public List<JsonNode> logs(String service, String traceId) {
		Map<String, Object> condition = Map.of("serviceId", serviceId(service), "relatedTrace",
				Map.of("traceId", traceId), "queryDuration", seconds(), "paging", FIRST_PAGE);
		return list(query("""
				query($c:LogQueryCondition){queryLogs(condition:$c){logs{
				  content contentType endpointName serviceInstanceName traceId tags{key value}}}}""", "c", condition)
			.path("queryLogs")
			.path("logs"));
	}

	/**
	 * The events of an instance.
	 * @param service name of the service
	 * @param instance name of the instance
	 * @return events with {@code name}, {@code type}, {@code message} and {@code layer}
	 */
	public List<JsonNode> events(String service, String instance) {
		Map<String, Object> condition = Map.of("source", Map.of("service", service, "serviceInstance", instance),
				"time", minutes(), "paging", FIRST_PAGE);
		return list(query("""
				query($c:EventQueryCondition){queryEvents(condition:$c){events{
				  name type message layer startTime endTime parameters{key value}}}}""", "c", condition)
			.path("queryEvents")
			.path("events"));
	}

	/**
	 * Who calls whom, as far as a service is part of it.
	 * @param service name of the service
	 * @return calls as {@code caller -> called}
	 */
	public List<String> calls(String service) {
		JsonNode topology = query("""
				query($d:Duration!,$s:ID!){getServiceTopology(duration:$d,serviceId:$s){
				  nodes{id name type isReal} calls{source target}}}""", "d", minutes(), "s", serviceId(service))
			.path("getServiceTopology");
		Map<String, String> names = new HashMap<>();
		topology.path("nodes").forEach((node) -> names.put(node.path("id").asText(), node.path("name").asText()));
		return list(topology.path("calls")).stream()
			.map((call) -> names.get(call.path("source").asText()) + " -> " + names.get(call.path("target").asText()))
			.toList();
	}

	/**
	 * Has the agents of a service look into an endpoint for a minute.
	 * @param service name of the service
	 * @param endpoint name of the endpoint
	 * @param dumpPeriod milliseconds between two samples
	 * @return id of the task
	 */
	public String profile(String service, String endpoint, int dumpPeriod) {
		JsonNode created = query("""
				mutation($r:ProfileTaskCreationRequest!){createProfileTask(creationRequest:$r){id errorReason}}""", "r",
				Map.of("serviceId", serviceId(service), "endpointName", endpoint, "duration", 5, "minDurationThreshold",
						0, "dumpPeriod", dumpPeriod, "maxSamplingCount", 3))
			.path("createProfileTask");
		if (created.hasNonNull("errorReason")) {
			throw new AssertionError(created.path("errorReason").asText());
		}
		return created.path("id").asText();
	}

	/**
	 * What the agents have done for a task.
	 * @param taskId the task
	 * @return such as {@code NOTIFIED} and {@code EXECUTION_FINISHED}
	 */
	public List<String> profileLog(String taskId) {
		return texts(query("query($t:String){getProfileTaskLogs(taskID:$t){operationType}}", "t", taskId)
			.path("getProfileTaskLogs"), "operationType");
	}

	/**
	 * The stacks that were seen most in the first segment of a task.
	 * @param taskId the task
	 * @return frames as {@code class.method:line}, empty as long as nothing was sampled
	 */
	public List<String> profiledFrames(String taskId) {
		Optional<JsonNode> span = list(query("""
				query($t:ID!){getProfileTaskSegments(taskID:$t){spans{
				  segmentId startTime endTime profiled}}}""", "t", taskId).path("getProfileTaskSegments")).stream()
			.flatMap((segment) -> list(segment.path("spans")).stream())
			.filter((each) -> each.path("profiled").booleanValue())
			.findFirst();
		if (span.isEmpty()) {
			return List.of();
		}
		Map<String, Object> time = Map.of("start", span.get().path("startTime").longValue(), "end",
				span.get().path("endTime").longValue());
		JsonNode analysis = query("""
				query($q:[SegmentProfileAnalyzeQuery!]!){getSegmentsProfileAnalyze(queries:$q){
				  tip trees{elements{codeSignature count}}}}""", "q",
				List.of(Map.of("segmentId", span.get().path("segmentId").asText(), "timeRange", time)))
			.path("getSegmentsProfileAnalyze");
		return list(analysis.path("trees")).stream()
			.flatMap((tree) -> texts(tree.path("elements"), "codeSignature").stream())
			.toList();
	}

	private JsonNode query(String query, Object... variables) {
		Map<String, Object> named = new HashMap<>();
		for (int i = 0; i < variables.length; i += 2) {
			named.put(Objects.toString(variables[i]), variables[i + 1]);
		}
		try {
			return ask(query, named);
		}
		catch (IOException ex) {
			throw new AssertionError(query + ": " + ex, ex);
		}
	}

	private JsonNode ask(String query, Map<String, Object> variables) throws IOException {
		String body = this.json.writeValueAsString(Map.of("query", query, "variables", variables));
		HttpRequest request = HttpRequest.newBuilder(this.address)
			.timeout(TIMEOUT)
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		try {
			JsonNode answer = this.json.readTree(this.http.send(request, HttpResponse.BodyHandlers.ofString()).body());
			if (answer.path("errors").size() > 0) {
				throw new IOException(answer.path("errors").toString());
			}
			return answer.path("data");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, Object> minutes() {
		return duration(MINUTE, "MINUTE");
	}

	private static Map<String, Object> seconds() {
		return duration(SECOND, "SECOND");
	}

	private static Map<String, Object> duration(DateTimeFormatter format, String step) {
		Instant now = Instant.now();
		return Map.of("start", format.format(now.minusSeconds(600)), "end", format.format(now.plusSeconds(60)), "step",
				step);
	}

	private static List<String> texts(JsonNode array, String field) {
		return list(array).stream().map((each) -> each.path(field).asText()).toList();
	}

	private static List<JsonNode> list(JsonNode array) {
		Stream<JsonNode> elements = StreamSupport.stream(array.spliterator(), false);
		return new ArrayList<>(elements.toList());
	}

}
