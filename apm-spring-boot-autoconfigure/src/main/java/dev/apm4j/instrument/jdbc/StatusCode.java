package dev.apm4j.instrument.jdbc;

import java.sql.SQLException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The code of a database for what went wrong: the most specific one there is, as
 * OpenTelemetry's semantic conventions for SQL want it. That is the vendor's code of the
 * databases that they list, and else SQLSTATE.
 */
final class StatusCode {

	private static final String ORACLE = "oracle.db";

	private static final Set<String> VENDORS = Set.of("ibm.db2", "mariadb", "microsoft.sql_server", "mysql", ORACLE,
			"sqlite");

	/** Errors have causes and successors, perhaps in a circle. */
	private static final int MAX_ERRORS = 8;

	private StatusCode() {
	}

	/**
	 * Finds the code.
	 * @param error what was thrown
	 * @param system {@code db.system.name}
	 * @return the code, or {@code null} if neither the error nor those behind it have one
	 */
	static @Nullable String of(Throwable error, String system) {
		Throwable next = error;
		for (int i = 0; next != null && i < MAX_ERRORS; i++) {
			Throwable current = next;
			next = current.getCause();
			if (current instanceof SQLException failure) {
				String code = of(failure, system);
				if (code != null) {
					return code;
				}
				next = (failure.getNextException() != null) ? failure.getNextException() : next;
			}
		}
		return null;
	}

	private static @Nullable String of(SQLException failure, String system) {
		int number = failure.getErrorCode();
		String state = failure.getSQLState();
		boolean hasState = state != null && !state.isBlank();
		if (number == 0 || (hasState && !VENDORS.contains(system))) {
			return hasState ? state : null;
		}
		return (system.equals(ORACLE) && number > 0) ? oracle(number) : Integer.toString(number);
	}

	/** As in Oracle's documentation, with five digits at least. */
	private static String oracle(int number) {
		String digits = Integer.toString(number);
		return "ORA-" + "0".repeat(Math.max(0, 5 - digits.length())) + digits;
	}

}
