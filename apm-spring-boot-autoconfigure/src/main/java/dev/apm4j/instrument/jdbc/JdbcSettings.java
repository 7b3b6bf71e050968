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
 * @param outsideRequests what becomes of statements outside of requests and jobs
 */
public record JdbcSettings(boolean bindValues, int repeatedThreshold, List<String> applicationPackages,
		OutsideRequests outsideRequests) {

	public JdbcSettings {
		applicationPackages = List.copyOf(applicationPackages);
	}

	/**
	 * Settings that trace statements outside of requests after the start.
	 * @param bindValues whether values of parameters are recorded
	 * @param repeatedThreshold how many executions become one span, 2 or more; 0 for
	 * never
	 * @param applicationPackages packages of the application's own code
	 */
	public JdbcSettings(boolean bindValues, int repeatedThreshold, List<String> applicationPackages) {
		this(bindValues, repeatedThreshold, applicationPackages, OutsideRequests.AFTER_START);
	}

}
