/**
 * The backend that needs nothing installed: traces in a memory store that is bounded in
 * bytes, and aggregates of every request by endpoint. Segments are turned into compact
 * bytes on the exporter's thread, so that what is kept is what is accounted for and
 * nothing of the application stays reachable.
 */
@NullMarked
package dev.apm4j.export.embedded;

import org.jspecify.annotations.NullMarked;
