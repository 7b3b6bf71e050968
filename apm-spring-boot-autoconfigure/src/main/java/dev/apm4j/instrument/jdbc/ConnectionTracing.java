package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import dev.apm4j.trace.ExitCall;
import dev.apm4j.trace.ExitCalls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces what the connections of one data source do. Thread-safe.
 */
public final class ConnectionTracing {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionTracing.class);

	/** A wait that is as long has a span of its own. */
	private static final long SLOW_NANOS = 1_000_000;

	/** How many connections are asked for the URL, if they fail to tell. */
	private static final int MAX_ATTEMPTS = 3;

	/** How many databases of a routing data source are remembered. */
	private static final int MAX_ROUTES = 64;

	private static final int MAX_STATEMENTS_OF_ROUTE = 1000;

	/** A tenth of what a single database gets, as there may be {@value #MAX_ROUTES}. */
	private static final long MAX_CHARACTERS_OF_ROUTE = 100_000;

	private final JdbcTracing tracing;

	private final LazyProxies lazyProxies = new LazyProxies();

	/** Of the database, once a connection told which it is. */
	private volatile @Nullable StatementTemplates templates;

	private volatile int attempts;

	/** By URL, of a data source whose connections are to several databases. */
	private final @Nullable BoundedCache<StatementTemplates> routes;

	ConnectionTracing(JdbcTracing tracing, boolean routing) {
		this.tracing = tracing;
		this.routes = routing ? new BoundedCache<>(MAX_ROUTES, MAX_ROUTES * 256L) : null;
	}

	/**
	 * Gets a connection, measures how long that takes and makes it a traced one, unless
	 * it is traced already. Spring's proxies that fetch a connection when it is first
	 * needed stay as they are.
	 * @param source where the connection comes from
	 * @return the traced connection
	 * @throws SQLException what the source throws
	 */
	public Connection connection(Source source) throws SQLException {
		if (calls() == null) {
			return traced(source.get(), 0, 0);
		}
		long begin = System.nanoTime();
		Connection connection;
		try {
			connection = source.get();
		}
		catch (Throwable ex) {
			failed(begin, ex);
			throw ex;
		}
		return traced(connection, begin, System.nanoTime() - begin);
	}

	@SuppressWarnings({ "NullAway", "resource" })
	private Connection traced(@Nullable Connection connection, long begin, long waitNanos) {
		if (connection == null || this.lazyProxies.contain(connection)) {
			return connection;
		}
		TracedConnection known = TracedConnection.of(connection);
		TracedConnection traced = (known != null) ? known : new TracedConnection(connection, this);
		traced.waited(waitNanos);
		if (waitNanos >= SLOW_NANOS) {
			slow(traced, begin);
		}
		return (known != null) ? connection : traced;
	}

	private void slow(TracedConnection connection, long begin) {
		try {
			ExitCalls calls = this.tracing.calls();
			if (calls != null) {
				ExitCall call = calls.newCall();
				call.beginEarlier(templates(connection.delegate()).connect(), 0, begin);
				call.succeeded();
			}
		}
		catch (RuntimeException | LinkageError ex) {
			ignore(ex);
		}
	}

	private void failed(long begin, Throwable error) {
		try {
			ExitCalls calls = this.tracing.calls();
			if (calls != null) {
				StatementTemplates templates = this.templates;
				StatementTemplates known = (templates != null) ? templates : newTemplates(null);
				ExitCall call = calls.newCall();
				call.beginEarlier(known.connect(), 0, begin);
				call.failed(error, known.statusCode(error));
			}
		}
		catch (RuntimeException | LinkageError ex) {
			ignore(ex);
		}
	}

	/**
	 * The calls, if one on this thread is to be traced now. Never throws.
	 */
	@Nullable ExitCalls calls() {
		try {
			return this.tracing.calls();
		}
		catch (RuntimeException | LinkageError ex) {
			ignore(ex);
			return null;
		}
	}

	boolean recordsBindValues() {
		return this.tracing.recordsBindValues();
	}

	/**
	 * What is known of the statements of this data source's database.
	 * @param connection a connection to it
	 */
	StatementTemplates templates(Connection connection) {
		if (this.routes != null) {
			return route(connection, this.routes);
		}
		StatementTemplates known = this.templates;
		return (known != null) ? known : findOut(connection);
	}

	private StatementTemplates route(Connection connection, BoundedCache<StatementTemplates> known) {
		try {
			String url = connection.getMetaData().getURL();
			return (url != null) ? known.get(url, this::newTemplatesOfRoute) : newTemplates(null);
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			ignore(ex);
			return newTemplates(null);
		}
	}

	private StatementTemplates findOut(Connection connection) {
		String url = null;
		try {
			url = connection.getMetaData().getURL();
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			ignore(ex);
			int attempt = this.attempts + 1;
			this.attempts = attempt;
			if (attempt < MAX_ATTEMPTS) {
				return newTemplates(null);
			}
		}
		StatementTemplates found = newTemplates(url);
		this.templates = found;
		return found;
	}

	private StatementTemplates newTemplatesOfRoute(String url) {
		return new StatementTemplates(DatabaseUrl.of(url), MAX_STATEMENTS_OF_ROUTE, MAX_CHARACTERS_OF_ROUTE);
	}

	private StatementTemplates newTemplates(@Nullable String url) {
		return new StatementTemplates(DatabaseUrl.of(url));
	}

	/**
	 * Takes note of what went wrong with tracing: the application must not notice.
	 */
	void ignore(Throwable error) {
		logger.debug("A database call is not traced", error);
	}

	/**
	 * Opens a connection or takes it from a pool.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Gets a connection.
		 * @return the connection
		 * @throws SQLException if there is none
		 */
		Connection get() throws SQLException;

	}

}
