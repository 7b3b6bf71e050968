package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.apm4j.export.Backend;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.export.embedded.EmbeddedStore;
import dev.apm4j.trace.Segment;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A user's {@code @SpringBootTest}, in which Spring Boot switches tracing off: traces are
 * there to be looked at, but nothing leaves the process.
 */
// Or its threads would be there for other tests that look for threads.
@DirtiesContext
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = "apm.backend=embedded,remote")
class SpringBootTestSupportTests {

	@Autowired
	private Environment environment;

	@Autowired
	private ExportPipeline pipeline;

	@Autowired
	private ObservationRegistry observations;

	@Autowired
	private Tracer tracer;

	@Autowired
	private EmbeddedStore store;

	@Autowired
	private RemoteExporter remote;

	@Test
	void embeddedBackendWorksAndOthersAreLeftAlone() {
		assertThat(this.environment.getProperty("management.tracing.enabled")).isEqualTo("false");
		assertThat(this.pipeline.backends()).extracting(Backend::name).containsExactly("embedded");
		String trace = Observation.createNotStarted("order.place", this.observations)
			.observe(() -> this.tracer.currentTraceContext().context().traceId());
		await().until(() -> this.store.find(trace).isPresent());
		assertThat(this.remote.batches).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		RemoteExporter remoteExporter() {
			return new RemoteExporter();
		}

	}

	static class RemoteExporter implements SegmentExporter {

		private final List<List<Segment>> batches = new CopyOnWriteArrayList<>();

		@Override
		public String name() {
			return "remote";
		}

		@Override
		public void export(List<Segment> batch) {
			this.batches.add(batch);
		}

	}

}
