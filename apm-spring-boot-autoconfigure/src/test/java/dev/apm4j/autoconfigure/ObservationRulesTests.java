package dev.apm4j.autoconfigure;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.apm4j.instrument.observation.Treatment;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.reactive.function.client.ClientRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObservationRules}.
 */
class ObservationRulesTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void observationsAreTracedByDefaultAndIgnoredByName() {
		ObservationRules rules = rules("spring.security.*");
		assertThat(rules.apply(named("my.work"))).isEqualTo(Treatment.TRACE);
		assertThat(rules.apply(named("spring.security.filterchains"))).isEqualTo(Treatment.IGNORE);
	}

	@ParameterizedTest
	@CsvSource({ "servlet, SERVLET", "web-client, WEB_CLIENT", "rest-template;rest-client, REST" })
	void technologyThatIsSwitchedOffIsNotTracedThroughItsObservationEither(String switches, Kind kind) {
		assertThat(rules().apply(kind.context())).isEqualTo(Treatment.TRACE);
		for (String name : switches.split(";")) {
			this.environment.setProperty("apm.instrumentation." + name + ".enabled", "false");
		}
		ObservationRules rules = rules();
		assertThat(rules.apply(kind.context())).isEqualTo(Treatment.IGNORE);
		for (Kind other : Kind.values()) {
			if (other != kind) {
				assertThat(rules.apply(other.context())).as("%s", other).isEqualTo(Treatment.TRACE);
			}
		}
	}

	@Test
	void oneOfTwoClientsThatShareAContextDoesNotTakeTheOtherAway() {
		this.environment.setProperty("apm.instrumentation.rest-client.enabled", "false");
		assertThat(rules().apply(Kind.REST.context())).isEqualTo(Treatment.TRACE);
	}

	@Test
	void requestToWebFluxThatIsLeftOutIsSuppressedWithAllItsCalls() {
		ObservationRules rules = new ObservationRules(List.of(), this.environment,
				(method, path) -> method.equals("GET") && path.startsWith("/actuator"));
		assertThat(rules.apply(reactive("GET", "/actuator/health"))).isEqualTo(Treatment.SUPPRESS);
		assertThat(rules.apply(reactive("POST", "/actuator/health"))).isEqualTo(Treatment.TRACE);
		assertThat(rules.apply(reactive("GET", "/orders"))).isEqualTo(Treatment.TRACE);
	}

	private static Observation.Context reactive(String method, String path) {
		Observation.Context context = Kind.REACTIVE.context();
		context.addLowCardinalityKeyValue(KeyValue.of("method", method));
		context.addHighCardinalityKeyValue(KeyValue.of("http.url", path));
		return context;
	}

	private static Observation.Context named(String name) {
		Observation.Context context = new Observation.Context();
		context.setName(name);
		return context;
	}

	private ObservationRules rules(String... ignored) {
		return new ObservationRules(List.of(ignored), this.environment, (method, path) -> false);
	}

	enum Kind {

		SERVLET, REACTIVE, REST, WEB_CLIENT;

		Observation.Context context() {
			return switch (this) {
				case SERVLET -> new org.springframework.http.server.observation.ServerRequestObservationContext(
						new MockHttpServletRequest(), new MockHttpServletResponse());
				case REACTIVE ->
					new org.springframework.http.server.reactive.observation.ServerRequestObservationContext(
							MockServerHttpRequest.get("/").build(), new MockServerHttpResponse(), Map.of());
				case REST -> new ClientRequestObservationContext(new MockClientHttpRequest());
				case WEB_CLIENT -> new org.springframework.web.reactive.function.client.ClientRequestObservationContext(
						ClientRequest.create(HttpMethod.GET, URI.create("http://localhost")));
			};
		}

	}

}
