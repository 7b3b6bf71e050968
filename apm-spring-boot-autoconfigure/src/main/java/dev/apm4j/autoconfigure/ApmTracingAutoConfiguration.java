package dev.apm4j.autoconfigure;

import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.Tracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The tracer of the application.
 */
@AutoConfiguration
public final class ApmTracingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Tracer.class)
	ApmTracer apmTracer(ObjectProvider<SegmentSink> sink) {
		return ApmTracer.builder().sink(sink.getObject()).build();
	}

}
