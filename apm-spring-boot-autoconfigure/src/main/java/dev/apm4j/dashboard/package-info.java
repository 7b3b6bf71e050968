/**
 * The web page and its JSON over the embedded store. Everything but
 * {@link dev.apm4j.dashboard.DashboardServlet} is independent of the server: a
 * {@link dev.apm4j.dashboard.Dashboard} turns a request into a response.
 */
@NullMarked
package dev.apm4j.dashboard;

import org.jspecify.annotations.NullMarked;
