package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;

import dev.apm4j.instrument.observation.Treatment;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.PatternMatchUtils;

/**
 * Which Observations are traced. A technology whose instrumentation is switched off stays
 * untraced although it is observed, and a request that the web rules leave out is left
 * out of WebFlux too, which has no filter of ours.
 */
final class ObservationRules implements Function<Observation.Context, Treatment> {

	private static final String SERVLET_REQUEST = "org.springframework.http.server.observation.ServerRequestObservationContext";

	private static final String REACTIVE_REQUEST = "org.springframework.http.server.reactive.observation.ServerRequestObservationContext";

	private static final String REST_CALL = "org.springframework.http.client.observation.ClientRequestObservationContext";

	private static final String WEB_CLIENT_CALL = "org.springframework.web.reactive.function.client.ClientRequestObservationContext";

	private static final String SCHEDULED_TASK = "org.springframework.scheduling.support.ScheduledTaskObservationContext";

	/**
	 * The usual patterns, "name.*", which need no search for the star at each request.
	 */
	private final String[] ignoredPrefixes;

	private final String[] ignoredPatterns;

	private final Set<String> ignoredTypes;

	private final BiPredicate<String, String> ignoredRequests;

	/**
	 * Reads the rules.
	 * @param ignoredNames patterns of names
	 * @param environment has the switches of the instrumentations
	 * @param ignoredRequests tells by method and path whether a request to WebFlux is
	 * left out
	 */
	ObservationRules(List<String> ignoredNames, Environment environment, BiPredicate<String, String> ignoredRequests) {
		this.ignoredPrefixes = ignoredNames.stream()
			.filter(ObservationRules::isPrefix)
			.map((name) -> name.substring(0, name.length() - 1))
			.toArray(String[]::new);
		this.ignoredPatterns = ignoredNames.stream().filter((name) -> !isPrefix(name)).toArray(String[]::new);
		this.ignoredTypes = Set.copyOf(typesSwitchedOff(new Switches(environment)));
		this.ignoredRequests = ignoredRequests;
	}

	/**
	 * What is left when Observations are switched off: scheduled methods, whose
	 * Observation is the only place where Spring lets them be seen. All other
	 * technologies with a switch of their own have a hook of their own.
	 * @param environment has the switches of the instrumentations
	 * @return the rules
	 */
	static Function<Observation.Context, Treatment> switchedOff(Environment environment) {
		boolean scheduled = !new Switches(environment).off("scheduled");
		return (context) -> (scheduled && SCHEDULED_TASK.equals(context.getClass().getName())) ? Treatment.TRACE
				: Treatment.IGNORE;
	}

	private static boolean isPrefix(String pattern) {
		return pattern.indexOf('*') == pattern.length() - 1;
	}

	private static List<String> typesSwitchedOff(Switches switches) {
		List<String> types = new ArrayList<>();
		if (switches.off("servlet")) {
			types.add(SERVLET_REQUEST);
		}
		// The two share one type of context: it is given up only if both are.
		if (switches.off("rest-template") && switches.off("rest-client")) {
			types.add(REST_CALL);
		}
		if (switches.off("web-client")) {
			types.add(WEB_CLIENT_CALL);
		}
		if (switches.off("scheduled")) {
			types.add(SCHEDULED_TASK);
		}
		return types;
	}

	@Override
	public Treatment apply(Observation.Context context) {
		String type = context.getClass().getName();
		if (this.ignoredTypes.contains(type) || isIgnored(context.getName())) {
			return Treatment.IGNORE;
		}
		if (REACTIVE_REQUEST.equals(type)) {
			KeyValue method = context.getLowCardinalityKeyValue("method");
			KeyValue path = context.getHighCardinalityKeyValue("http.url");
			if (method != null && path != null && this.ignoredRequests.test(method.getValue(), path.getValue())) {
				return Treatment.SUPPRESS;
			}
		}
		return Treatment.TRACE;
	}

	private boolean isIgnored(@Nullable String name) {
		if (name == null) {
			return false;
		}
		for (String prefix : this.ignoredPrefixes) {
			if (name.startsWith(prefix)) {
				return true;
			}
		}
		return this.ignoredPatterns.length > 0 && PatternMatchUtils.simpleMatch(this.ignoredPatterns, name);
	}

	private record Switches(Environment environment) {

		boolean off(String instrumentation) {
			return !OnInstrumentationCondition.isEnabled(this.environment, instrumentation);
		}

	}

}
