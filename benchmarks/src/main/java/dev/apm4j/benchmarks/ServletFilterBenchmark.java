package dev.apm4j.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A request that passes the servlet filter of each tracer, with the attributes that each
 * records by default. The request, its attributes and the chain are in every figure; take
 * {@code none} off.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ServletFilterBenchmark {

	/**
	 * The request and the chain alone.
	 * @param exchange the request
	 * @throws IOException never
	 * @throws ServletException never
	 */
	@Benchmark
	public void none(ServletExchange exchange) throws IOException, ServletException {
		exchange.handle();
	}

	/**
	 * The filter of apm4j.
	 * @param filter the filter
	 * @param exchange the request
	 * @throws IOException never
	 * @throws ServletException never
	 */
	@Benchmark
	public void apm4j(Apm4jFilter filter, ServletExchange exchange) throws IOException, ServletException {
		exchange.handle(filter.filter);
	}

	/**
	 * Brave's own filter.
	 * @param filter the filter
	 * @param exchange the request
	 * @throws IOException never
	 * @throws ServletException never
	 */
	@Benchmark
	public void brave(BraveFilter filter, ServletExchange exchange) throws IOException, ServletException {
		exchange.handle(filter.filter);
	}

	/**
	 * Spring's filter, as Spring Boot sets it up with Brave.
	 * @param filter the filter
	 * @param exchange the request
	 * @throws IOException never
	 * @throws ServletException never
	 */
	@Benchmark
	public void micrometerBrave(ObservationBraveFilter filter, ServletExchange exchange)
			throws IOException, ServletException {
		exchange.handle(filter.filter);
	}

	/**
	 * Spring's filter, as Spring Boot sets it up with OpenTelemetry.
	 * @param filter the filter
	 * @param exchange the request
	 * @throws IOException never
	 * @throws ServletException never
	 */
	@Benchmark
	public void micrometerOtel(ObservationOtelFilter filter, ServletExchange exchange)
			throws IOException, ServletException {
		exchange.handle(filter.filter);
	}

	/** The filter of apm4j. */
	@State(Scope.Thread)
	public static class Apm4jFilter {

		private final Filter filter = ServletFilters.apm4j(new Apm4jTracing());

	}

	/** Brave's own filter. */
	@State(Scope.Thread)
	public static class BraveFilter {

		private final Filter filter = ServletFilters.brave(new BraveTracing());

	}

	/** Spring's filter over Brave. */
	@State(Scope.Thread)
	public static class ObservationBraveFilter {

		private final BraveTracing tracing = new BraveTracing();

		private final Filter filter = ServletFilters.observation(this.tracing.bridge, this.tracing.bridgePropagator);

	}

	/** Spring's filter over OpenTelemetry. */
	@State(Scope.Thread)
	public static class ObservationOtelFilter {

		private final OtelTracing tracing = new OtelTracing();

		private final Filter filter = ServletFilters.observation(this.tracing.bridge, this.tracing.bridgePropagator);

	}

}
