package dev.apm4j.autoconfigure;

import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;
import dev.apm4j.instrument.jdbc.JdbcTracing;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * The end of the start, after migrations and schema checks: from now on statements
 * outside of requests and jobs may be traces of their own.
 */
final class JdbcStart implements ApplicationListener<ContextRefreshedEvent> {

	private final ObjectProvider<JdbcTracing> tracing;

	private final DataSourceTracingPostProcessor postProcessor;

	private final ApplicationContext context;

	JdbcStart(ObjectProvider<JdbcTracing> tracing, DataSourceTracingPostProcessor postProcessor,
			ApplicationContext context) {
		this.context = context;
		this.tracing = tracing;
		this.postProcessor = postProcessor;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		// Events of child contexts come by as well.
		if (event.getApplicationContext() != this.context) {
			return;
		}
		this.postProcessor.findMissed();
		this.tracing.getObject().setTracingAlone(true);
	}

}
