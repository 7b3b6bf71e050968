package dev.apm4j.instrument.jdbc;

import java.util.List;

/**
 * What of SQL is traced.
 *
 * @param bindValues whether values of parameters are recorded
 * @param repeatedThreshold how many executions of a statement in one segment become one
 * span, 2 or more; 0 for never
 * @param applicationPackages packages of the application's own code, where repeated
 * statements are looked for on the stack
 */
public record JdbcSettings(boolean bindValues, int repeatedThreshold, List<String> applicationPackages) {

	public JdbcSettings {
		applicationPackages = List.copyOf(applicationPackages);
	}

}
