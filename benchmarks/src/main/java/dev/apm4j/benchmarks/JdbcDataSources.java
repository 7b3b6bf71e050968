package dev.apm4j.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.p6spy.engine.common.ConnectionInformation;
import com.p6spy.engine.common.StatementInformation;
import com.p6spy.engine.event.SimpleJdbcEventListener;
import com.p6spy.engine.wrapper.ConnectionWrapper;
import dev.apm4j.instrument.jdbc.ConnectionTracing;
import dev.apm4j.instrument.jdbc.JdbcSettings;
import dev.apm4j.instrument.jdbc.JdbcTracing;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanLimits;
import dev.apm4j.trace.SpanTemplate;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import net.ttddyy.observation.tracing.ConnectionTracingObservationHandler;
import net.ttddyy.observation.tracing.DataSourceObservationListener;
import net.ttddyy.observation.tracing.QueryTracingObservationHandler;
import net.ttddyy.observation.tracing.ResultSetTracingObservationHandler;

/** The same pool, traced in several ways. */
final class JdbcDataSources {

	private JdbcDataSources() {
	}

	/** Our wrappers, with everything that they record. */
	static DataSource apm4j(DataSource pool, ApmTracer tracer, int repeatedThreshold) {
		ConnectionTracing tracing = new JdbcTracing(() -> tracer,
				new JdbcSettings(false, repeatedThreshold, List.of("dev.apm4j.benchmarks")))
			.newConnectionTracing();
		return new ConnectionSource(() -> tracing.connection(pool::getConnection));
	}

	/** Reflective proxies, with a listener that only makes a span of ours. */
	static DataSource datasourceProxy(DataSource pool, ApmTracer tracer) {
		SpanTemplate template = template();
		return ProxyDataSourceBuilder.create(pool).listener(new QueryExecutionListener() {

			@Override
			public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
				execution.addCustomValue("span", tracer.nextSpan(template).start());
			}

			@Override
			public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
				execution.getCustomValue("span", ApmSpan.class).end();
			}

		}).build();
	}

	/** The wrapper classes of p6spy, with a listener that only makes a span of ours. */
	static DataSource p6spy(DataSource pool, ApmTracer tracer) {
		SpanTemplate template = template();
		SimpleJdbcEventListener listener = new SimpleJdbcEventListener() {

			@Override
			public void onAfterAnyExecute(StatementInformation statement, long nanos, SQLException error) {
				tracer.nextSpan(template).start().end();
			}

		};
		return new ConnectionSource(() -> {
			Connection connection = pool.getConnection();
			return ConnectionWrapper.wrap(connection, listener,
					ConnectionInformation.fromDataSource(pool, connection, 0));
		});
	}

	private static SpanTemplate template() {
		return SpanTemplate.of("SELECT orders", Span.Kind.CLIENT,
				Map.of(DatabaseAttributes.QUERY_TEXT, "select id, name from orders where id = ?"), SpanLimits.DEFAULT);
	}

	/**
	 * Observations over reflective proxies as Spring Boot users have them. Spans only;
	 * the handler for meters, which costs more, is left out.
	 */
	static DataSource datasourceMicrometer(DataSource pool, Tracer tracer) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig()
			.observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
					new ConnectionTracingObservationHandler(tracer), new QueryTracingObservationHandler(tracer),
					new ResultSetTracingObservationHandler(tracer), new DefaultTracingObservationHandler(tracer)));
		DataSourceObservationListener listener = new DataSourceObservationListener(registry);
		return ProxyDataSourceBuilder.create(pool)
			.name("orders")
			.listener(listener)
			.methodListener(listener)
			.proxyResultSet()
			.build();
	}

	/** OpenTelemetry's library, as its documentation sets it up. */
	static DataSource otel(DataSource pool, SdkTracerProvider tracers) {
		return JdbcTelemetry.create(OpenTelemetrySdk.builder().setTracerProvider(tracers).build()).wrap(pool);
	}

}
