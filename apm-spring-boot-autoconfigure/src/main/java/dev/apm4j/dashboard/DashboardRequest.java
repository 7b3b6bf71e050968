package dev.apm4j.dashboard;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A request, as far as it can be trusted: what arrived at the socket, before anything in
 * the application has rewritten it.
 *
 * @param method the method
 * @param base last part of the path that the dashboard is mounted at, such as {@code apm}
 * @param path what follows that, not decoded: empty, or beginning with a slash
 * @param query the query string, not decoded, or {@code null}
 * @param peer address of the socket's other end
 * @param forwarded whether a proxy has been involved, by its headers or because the
 * server says so
 * @param host the {@code Host} header, or {@code null}
 * @param ifNoneMatch values of the {@code If-None-Match} header
 */
record DashboardRequest(String method, String base, String path, @Nullable String query, String peer, boolean forwarded,
		@Nullable String host, List<String> ifNoneMatch) {
}
