package dev.apm4j.autoconfigure;

import java.util.List;

import dev.apm4j.instrument.jdbc.OutsideRequests;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * What of SQL is traced.
 *
 * @param bindValues whether the values of parameters are recorded, those of
 * secret-looking columns masked
 * @param repeatedThreshold how many executions of one statement in one segment become one
 * span, 2 or more; 0 for never
 * @param excludeBeans names of data source beans that are not traced
 * @param outsideTraces whether a statement outside of any request or job becomes a trace
 * of its own: always, once the application has started, or never
 */
@ConfigurationProperties("apm.jdbc")
public record ApmJdbcProperties(@DefaultValue("false") boolean bindValues, @DefaultValue("5") int repeatedThreshold,
		@DefaultValue List<String> excludeBeans, @DefaultValue("after-start") OutsideRequests outsideTraces) {

	/**
	 * Reads the properties without their bean: a data source may be made so early that
	 * the bean could not be processed as it should.
	 */
	static ApmJdbcProperties of(Environment environment) {
		return Binder.get(environment).bindOrCreate("apm.jdbc", ApmJdbcProperties.class);
	}

}
