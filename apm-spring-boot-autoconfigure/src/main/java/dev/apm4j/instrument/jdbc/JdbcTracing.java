package dev.apm4j.instrument.jdbc;

import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.ExitCalls;
import org.jspecify.annotations.Nullable;

/**
 * Traces the SQL of one application. Thread-safe.
 */
public final class JdbcTracing {

	private final Supplier<@Nullable ApmTracer> tracer;

	private final JdbcSettings settings;

	private final Callers callers;

	private volatile boolean bindValues;

	private volatile boolean started;

	private volatile @Nullable ExitCalls calls;

	/**
	 * Creates the tracing.
	 * @param tracer the tracer, asked for when the first statement is executed;
	 * {@code null} as long as there is none
	 * @param settings what is traced
	 */
	public JdbcTracing(Supplier<@Nullable ApmTracer> tracer, JdbcSettings settings) {
		this.tracer = tracer;
		this.settings = settings;
		this.bindValues = settings.bindValues();
		this.callers = new Callers(settings.applicationPackages());
	}

	/**
	 * Whether a statement outside of any request or job becomes a trace of its own, if
	 * the settings leave it to this. Off at first, so that migrations and schema checks
	 * at the start don't fill the list of traces.
	 * @param alone whether to trace it
	 */
	public void setTracingAlone(boolean alone) {
		this.started = alone;
	}

	/**
	 * Whether values of parameters are recorded, for statements that are prepared from
	 * now on.
	 * @param recorded whether to record them; {@code null} for what the settings say
	 */
	public void setBindValues(@Nullable Boolean recorded) {
		this.bindValues = (recorded != null) ? recorded : this.settings.bindValues();
	}

	boolean recordsBindValues() {
		return this.bindValues;
	}

	/**
	 * The tracing of one data source.
	 * @return what wraps its connections
	 */
	public ConnectionTracing newConnectionTracing() {
		return new ConnectionTracing(this, false);
	}

	/**
	 * The tracing of a data source that hands out connections to different databases.
	 * @return what wraps its connections
	 */
	public ConnectionTracing newRoutingTracing() {
		return new ConnectionTracing(this, true);
	}

	/**
	 * The calls of this application, if a call on this thread is to be traced now.
	 * @return the calls, or {@code null} if nothing is to be traced
	 */
	@Nullable ExitCalls calls() {
		ExitCalls mine = this.calls;
		if (mine == null) {
			mine = create();
		}
		return (mine != null && isTraced(mine.tracer())) ? mine : null;
	}

	private boolean isTraced(ApmTracer current) {
		return current.currentSpan() != null || (tracesAlone() && !current.isSuppressed() && !current.isPaused());
	}

	private boolean tracesAlone() {
		return switch (this.settings.outsideRequests()) {
			case ALWAYS -> true;
			case AFTER_START -> this.started;
			case NEVER -> false;
		};
	}

	private @Nullable ExitCalls create() {
		ApmTracer available = this.tracer.get();
		if (available == null) {
			return null;
		}
		ExitCalls created = new ExitCalls(available, this.settings.repeatedThreshold(), this.callers::attributes);
		this.calls = created;
		return created;
	}

}
