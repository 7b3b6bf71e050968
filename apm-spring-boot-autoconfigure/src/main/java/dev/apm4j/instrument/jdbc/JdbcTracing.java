package dev.apm4j.instrument.jdbc;

import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import org.jspecify.annotations.Nullable;

/**
 * Traces the SQL of one application. Thread-safe.
 */
public final class JdbcTracing {

	private final Supplier<@Nullable ApmTracer> tracer;

	private final JdbcSettings settings;

	private volatile boolean tracingAlone;

	/**
	 * Creates the tracing.
	 * @param tracer the tracer, asked for when the first statement is executed;
	 * {@code null} as long as there is none
	 * @param settings what is traced
	 */
	public JdbcTracing(Supplier<@Nullable ApmTracer> tracer, JdbcSettings settings) {
		this.tracer = tracer;
		this.settings = settings;
	}

	/**
	 * Whether a statement outside of any request or job becomes a trace of its own. Off
	 * at first, so that migrations and schema checks at the start don't fill the list of
	 * traces.
	 * @param alone whether to trace it
	 */
	public void setTracingAlone(boolean alone) {
		this.tracingAlone = alone;
	}

	/**
	 * The tracing of one data source.
	 * @return what wraps its connections
	 */
	public ConnectionTracing newConnectionTracing() {
		return new ConnectionTracing();
	}

}
