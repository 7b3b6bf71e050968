package dev.apm4j.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.UdpAgent;
import dev.apm4j.propagation.ApmPropagator;
import dev.apm4j.propagation.HeaderCodec;
import dev.apm4j.propagation.WhaTapCodec;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * WhaTap's headers in an application.
 */
class WhaTapConfigurationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ApmTracingAutoConfiguration.class, EmbeddedBackendAutoConfiguration.class,
						SkyWalkingBackendAutoConfiguration.class, SkyWalkingControlAutoConfiguration.class,
						WhaTapBackendAutoConfiguration.class, WhaTapConfigurationAutoConfiguration.class))
		.withPropertyValues("apm.backend=whatap", "apm.baggage.enabled=false",
				"apm.whatap.port=" + UdpAgent.freePort());

	private static Map<String, String> inject(ApmPropagator propagator, ApmTracer tracer) {
		ApmSpan root = tracer.nextSpan().name("GET /shop").kind(Span.Kind.SERVER).start();
		Map<String, String> headers = new HashMap<>();
		propagator.inject(tracer.nextSpan(root).kind(Span.Kind.CLIENT).start(), headers, Map::put);
		return headers;
	}

	@ParameterizedTest
	@CsvSource(value = { "embedded | w3c,b3,sw8 | w3c", "whatap | w3c,whatap,b3,sw8 | w3c,whatap",
			"skywalking | sw8,w3c,b3 | w3c,sw8", "embedded,WhaTap | w3c,whatap,b3,sw8 | w3c,whatap",
			"whatap,skywalking | sw8,w3c,whatap,b3 | w3c,sw8,whatap" }, delimiter = '|')
	void formatsAreThoseOfTheBackends(String backends, String consume, String produce) {
		this.runner.withPropertyValues("apm.backend=" + backends, "apm.export.enabled=false").run((context) -> {
			ApmEndpoint.PropagationDescriptor formats = context.getBean(PropagationSettings.class).inForce();
			assertThat(formats.consume()).containsExactly(consume.split(","));
			assertThat(formats.produce()).containsExactly(produce.split(","));
		});
	}

	@Test
	void aCallNamesThisObject() {
		this.runner
			.withPropertyValues("apm.whatap.project-code=31337", "apm.whatap.oid=-12345",
					"apm.whatap.mtrace.caller-header=x-my-mst")
			.run((context) -> {
				Map<String, String> headers = inject(context.getBean(ApmPropagator.class),
						context.getBean(ApmTracer.class));
				assertThat(headers).containsEntry("x-wtap-po", "xuj9,0,zc1p")
					.containsKeys("traceparent", "x-my-mst", "x-wtap-sp1")
					.doesNotContainKey("x-wtap-mst");
			});
	}

	@Test
	void switchedOffOnlyTheOthersAreWrittenAndRead() {
		this.runner.withPropertyValues("apm.whatap.mtrace.enabled=false").run((context) -> {
			ApmPropagator propagator = context.getBean(ApmPropagator.class);
			assertThat(inject(propagator, context.getBean(ApmTracer.class))).containsOnlyKeys("traceparent");
			assertThat(propagator.extract(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d"), Map::get).start().parentId())
				.isNull();
		});
	}

	@Test
	void aBackendThatIsLeftOutLeavesItsHeadersOut() {
		this.runner.withPropertyValues("apm.backend=whatap,embedded", "apm.whatap.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(WhaTapCodec.class);
			assertThat(context.getBean(PropagationSettings.class).inForce().produce()).containsExactly("w3c");
		});
	}

	@Test
	void withoutTheBackendTheFormatCanBeChosen() {
		this.runner
			.withPropertyValues("apm.backend=embedded", "apm.propagation.consume=whatap",
					"apm.propagation.produce=whatap")
			.run((context) -> {
				ApmPropagator propagator = context.getBean(ApmPropagator.class);
				assertThat(inject(propagator, context.getBean(ApmTracer.class))).containsOnlyKeys("x-wtap-mst");
				assertThat(
						propagator.extract(Map.of("x-wtap-mst", "x4hk5tdv98uf,3,z2d,x7f"), Map::get).start().parentId())
					.isEqualTo("00000000000000ef");
			});
	}

	@Test
	void aFormatOfTheApplicationsOwnWins() {
		WhaTapCodec own = new WhaTapCodec();
		this.runner.withBean("own", WhaTapCodec.class, () -> own)
			.run((context) -> assertThat(context.getBean(PropagationSettings.class).produce())
				.filteredOn((codec) -> codec.name().equals("whatap"))
				.isEqualTo(List.<HeaderCodec>of(own)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "caller", "poid", "spec1", "spec", "info" })
	void whatCantBeAHeaderFailsTheStart(String header) {
		this.runner.withPropertyValues("apm.whatap.mtrace." + header + "-header=not a header")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'apm.whatap.mtrace." + header + "-header' is 'not a header'"));
	}

}
