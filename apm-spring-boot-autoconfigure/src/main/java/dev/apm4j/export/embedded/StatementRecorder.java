package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import dev.apm4j.trace.CallStatistics;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanTemplate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts the executions of one statement. Lock-free but for the first request of an
 * endpoint.
 */
final class StatementRecorder {

	private static final String BATCH_OF = "BATCH ";

	/** How many endpoints of a statement are told apart. */
	static final int MAX_CALLERS = 20;

	private final StatementStatistics description;

	private final Timings timings = new Timings();

	private final LongAdder rows = new LongAdder();

	private final LongAdder waitNanos = new LongAdder();

	private final LongAdder requests = new LongAdder();

	private final LongAccumulator maxCallsPerRequest = new LongAccumulator(Math::max, 0);

	private final LongAdder repeated = new LongAdder();

	private final BoundedMap<EndpointName, Caller> callers = new BoundedMap<>(MAX_CALLERS,
			new Caller(EndpointName.OTHER));

	private StatementRecorder(String name, @Nullable String text, String system, String namespace, String operation,
			String collection) {
		this.description = new StatementStatistics(name, text, system, namespace, operation, collection, 0, 0, 0, 0, 0,
				0, 0, 0, 0, 0, 0, 0, List.of());
	}

	/** For the statement of a template. */
	static StatementRecorder of(StatementKey key, SpanTemplate template) {
		boolean hasText = template.attribute(DatabaseAttributes.QUERY_TEXT) != null;
		return new StatementRecorder(single(template.name()), hasText ? key.text() : null, key.system(),
				key.namespace(), single(StatementKey.text(template, DatabaseAttributes.OPERATION)),
				StatementKey.text(template, DatabaseAttributes.COLLECTION)
						+ StatementKey.text(template, DatabaseAttributes.PROCEDURE));
	}

	/** One statement is the same in batches and on its own, whatever comes first. */
	private static String single(String name) {
		return name.startsWith(BATCH_OF) ? name.substring(BATCH_OF.length()) : name;
	}

	/** For the statements that are too many. */
	static StatementRecorder other() {
		return new StatementRecorder(EndpointAggregates.OTHER, null, "", "", "", "");
	}

	/** Counts the executions of a segment, or some of them. */
	void count(CallStatistics calls) {
		int succeeded = calls.succeeded();
		if (succeeded > 0) {
			this.timings.count(succeeded, calls.totalNanos(), calls.minNanos(), calls.maxNanos());
		}
		int failed = calls.failed();
		if (failed > 0) {
			this.timings.countFailed(failed, calls.failedNanos());
		}
		this.rows.add(calls.rows() + calls.affectedRows());
		this.waitNanos.add(calls.waitNanos());
	}

	/**
	 * Counts a segment as a whole, once.
	 * @param endpoint its endpoint
	 * @param executions how often it executed the statement
	 * @param suspicious whether that was often
	 */
	void countRequest(EndpointName endpoint, long executions, boolean suspicious) {
		this.requests.increment();
		this.maxCallsPerRequest.accumulate(executions);
		if (suspicious) {
			this.repeated.increment();
		}
		Caller caller = this.callers.get(endpoint, Caller::new);
		caller.count.add(executions);
		caller.requests.increment();
	}

	StatementStatistics read(Histogram scratch) {
		Timings.Reading read = this.timings.read(scratch);
		StatementStatistics is = this.description;
		return new StatementStatistics(is.name(), is.text(), is.system(), is.namespace(), is.operation(),
				is.collection(), read.count(), read.errors(), read.total(), read.p50(), read.p95(), read.p99(),
				read.max(), this.rows.sum(), this.waitNanos.sum() / 1000, this.requests.sum(),
				this.maxCallsPerRequest.get(), this.repeated.sum(), readCallers());
	}

	private List<StatementCaller> readCallers() {
		List<StatementCaller> list = new ArrayList<>();
		this.callers.values().forEach((caller) -> list.add(caller.read()));
		list.sort(Comparator.comparingLong(StatementCaller::count)
			.reversed()
			.thenComparing(StatementCaller::name)
			.thenComparing(StatementCaller::kind));
		StatementCaller rest = this.callers.other().read();
		if (rest.count() > 0) {
			list.add(rest);
		}
		return List.copyOf(list);
	}

	private static final class Caller {

		private final EndpointName name;

		private final LongAdder count = new LongAdder();

		private final LongAdder requests = new LongAdder();

		Caller(EndpointName name) {
			this.name = name;
		}

		StatementCaller read() {
			return new StatementCaller(this.name.name(), this.name.kind(), this.count.sum(), this.requests.sum());
		}

	}

}
