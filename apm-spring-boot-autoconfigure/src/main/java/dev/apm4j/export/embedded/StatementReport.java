package dev.apm4j.export.embedded;

import java.util.List;

/**
 * What a {@link StatementQuery} found.
 *
 * @param since since when statements are counted, milliseconds since the epoch
 * @param total what all executions of all statements took together, in microseconds
 * @param known how many statements there are
 * @param statements those that were asked for
 */
public record StatementReport(long since, long total, int known, List<StatementStatistics> statements) {
}
