package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.apm4j.metrics.MeterReader;
import dev.apm4j.skywalking.proto.Label;
import dev.apm4j.skywalking.proto.MeterBucketValue;
import dev.apm4j.skywalking.proto.MeterData;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

class MeterReportTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final CollectingTransport transport = new CollectingTransport();

	@Test
	void onlyChosenMetersAreReported() throws Exception {
		this.registry.counter("orders.placed").increment(3);
		this.registry.counter("orders.refused").increment();
		this.registry.counter("old.orders.placed").increment();
		assertThat(report("orders.pl*")).containsExactly(entry("orders_placed{}", 3.0));
		assertThat(report("*")).hasSize(3);
		assertThat(report("orders.*", "old.*")).hasSize(3);
	}

	@Test
	void nothingIsSentIfNothingIsChosen() throws Exception {
		this.registry.counter("orders.placed").increment();
		assertThat(report()).isEmpty();
		assertThat(this.transport.meters).isEmpty();
	}

	@Test
	void patternIsNoRegularExpression() throws Exception {
		this.registry.counter("ordersXplaced").increment();
		assertThat(report("orders.placed", "\\E(", "[")).isEmpty();
	}

	@Test
	void firstMeterTellsWhoseTheyAre() throws Exception {
		this.registry.counter("orders.placed").increment();
		this.registry.counter("orders.refused").increment();
		report("orders.*");
		List<MeterData> sent = this.transport.meters.get(0);
		assertThat(sent).extracting(MeterData::getService, MeterData::getServiceInstance)
			.containsExactly(tuple("shop", "shop-1"), tuple("", ""));
		assertThat(sent.get(0).getTimestamp()).isBetween(System.currentTimeMillis() - 60_000,
				System.currentTimeMillis());
	}

	@Test
	void timerTellsCountSumAndMaximumInMilliseconds() throws Exception {
		Timer timer = this.registry.timer("http.server.requests", "http.method", "GET");
		timer.record(Duration.ofMillis(20));
		timer.record(Duration.ofMillis(40));
		assertThat(report("http.*")).containsOnly(entry("http_server_requests_count{http_method=GET}", 2.0),
				entry("http_server_requests_sum{http_method=GET}", 60.0),
				entry("http_server_requests_max{http_method=GET}", 40.0));
	}

	@Test
	void bucketsCountWhatIsBetweenTheirBounds() throws Exception {
		Timer timer = Timer.builder("query")
			.serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(100))
			.register(this.registry);
		List.of(5, 50, 60, 500).forEach((millis) -> timer.record(Duration.ofMillis(millis)));
		report("query");
		assertThat(this.transport.meters.get(0)).filteredOn(MeterData::hasHistogram)
			.singleElement()
			.satisfies((meter) -> {
				assertThat(meter.getHistogram().getName()).isEqualTo("query_histogram");
				assertThat(meter.getHistogram().getValuesList())
					.extracting(MeterBucketValue::getBucket, MeterBucketValue::getCount)
					.containsExactly(tuple(0.0, 1L), tuple(10.0, 2L), tuple(100.0, 1L));
			});
	}

	@Test
	void summaryHasNoUnit() throws Exception {
		DistributionSummary summary = this.registry.summary("order.lines");
		summary.record(3);
		assertThat(report("order.lines")).contains(entry("order_lines_count{}", 1.0), entry("order_lines_sum{}", 3.0));
	}

	@Test
	void meterThatThrowsCostsNoOther() throws Exception {
		FunctionCounter.builder("orders.broken", this, (test) -> {
			throw new IllegalStateException("not now");
		}).register(this.registry);
		this.registry.counter("orders.placed").increment();
		assertThat(report("orders.*")).containsExactly(entry("orders_placed{}", 1.0));
	}

	@Test
	void numbersThatAreNoneAreLeftOut() throws Exception {
		this.registry.gauge("broken", this, (self) -> Double.NaN);
		this.registry.gauge("endless", this, (self) -> Double.POSITIVE_INFINITY);
		assertThat(report("*")).isEmpty();
	}

	@Test
	void connectionPoolIsReportedAsTheServerKnowsIt() throws Exception {
		this.registry.gauge("hikaricp.connections.active", Tags.of("pool", "main"), 4);
		this.registry.gauge("hikaricp.connections.pending", Tags.of("pool", "main"), 2);
		assertThat(report()).containsOnly(entry("datasource{name=main,status=activeConnections}", 4.0),
				entry("datasource{name=main,status=threadsAwaitingConnection}", 2.0));
	}

	@Test
	void threadPoolIsReportedAsTheServerKnowsIt() throws Exception {
		this.registry.gauge("executor.pool.max", Tags.of("name", "mail"), 8);
		this.registry.gauge("tomcat.threads.busy", Tags.of("name", "http-nio-8080"), 3);
		assertThat(report()).containsOnly(entry("thread_pool{metric_type=max_pool_size,pool_name=mail}", 8.0),
				entry("thread_pool{metric_type=active_size,pool_name=tomcat-http-nio-8080}", 3.0));
	}

	@Test
	void poolsComeFirstWhenThereAreTooMany() throws Exception {
		for (int i = 0; i < 2 * MeterReport.MAX_METERS; i++) {
			this.registry.counter("many", "number", Integer.toString(i)).increment();
		}
		this.registry.gauge("executor.active", Tags.of("name", "mail"), 1);
		assertThat(report("many")).hasSize(MeterReport.MAX_METERS)
			.containsKey("thread_pool{metric_type=active_size,pool_name=mail}");
	}

	private Map<String, Double> report(String... include) throws Exception {
		this.transport.meters.clear();
		new MeterReport(new MeterReader(this.registry), List.of(include), Duration.ofSeconds(20))
			.report(this.transport.backend());
		Map<String, Double> values = new TreeMap<>();
		for (List<MeterData> sent : this.transport.meters) {
			for (MeterData meter : sent) {
				if (meter.hasSingleValue()) {
					String labels = meter.getSingleValue()
						.getLabelsList()
						.stream()
						.map((Label label) -> label.getName() + "=" + label.getValue())
						.reduce((left, right) -> left + "," + right)
						.orElse("");
					values.put(meter.getSingleValue().getName() + "{" + labels + "}",
							meter.getSingleValue().getValue());
				}
			}
		}
		return values;
	}

}
