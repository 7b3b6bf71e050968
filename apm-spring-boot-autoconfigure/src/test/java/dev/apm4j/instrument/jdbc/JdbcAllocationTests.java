package dev.apm4j.instrument.jdbc;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import com.sun.management.ThreadMXBean;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What tracing a statement whose text is known may allocate on a request's thread, with
 * the wrappers of connection, statement and result (352 bytes when this was written).
 */
class JdbcAllocationTests {

	private static final int ROUNDS = 500;

	/** Most that the compiler may need to find out what doesn't leave a method. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final String QUERY = "select name from orders where id = ?";

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/** A field, or the compiler could remove a segment that goes nowhere. */
	@SuppressWarnings("unused")
	private Segment last;

	private final ApmTracer tracer = ApmTracer.builder().sink((segment) -> this.last = segment).build();

	private final PreparedStatement prepared = constant(PreparedStatement.class);

	private final ResultSet rows = constant(ResultSet.class);

	private int row;

	@Test
	void aPreparedQueryFromOpenToCloseAllocatesAtMost384Bytes() {
		Connection plain = new ConstantConnection(constant(Connection.class));
		ConnectionTracing tracing = tracing(0);
		assertThat(bytesPerRound(() -> {
			for (int i = 0; i < ROUNDS; i++) {
				try (Connection connection = tracing.connection(() -> plain);
						PreparedStatement statement = connection.prepareStatement(QUERY);
						ResultSet result = statement.executeQuery()) {
					this.row = 0;
					while (result.next()) {
						this.row++;
					}
				}
			}
		}, 384)).isBetween(1L, 384L);
	}

	@Test
	void aRepeatedStatementAllocatesNothingButItsOneSpan() throws SQLException {
		PreparedStatement statement = tracing(2).connection(() -> new ConstantConnection(constant(Connection.class)))
			.prepareStatement(QUERY);
		assertThat(bytesPerRound(() -> {
			// The span and its callers take some 4 KB, whether it stands for 500 or
			// 50,000.
			for (int i = 0; i < 100 * ROUNDS; i++) {
				statement.executeUpdate();
			}
		}, 12)).isLessThanOrEqualTo(12);
	}

	@Test
	void aRowAllocatesNothing() throws SQLException {
		PreparedStatement statement = tracing(0).connection(() -> new ConstantConnection(constant(Connection.class)))
			.prepareStatement(QUERY);
		assertThat(bytesPerRound(() -> {
			ResultSet result = statement.executeQuery();
			this.row = 1 - 100 * ROUNDS;
			while (result.next()) {
				this.row++;
			}
		}, 1)).isLessThanOrEqualTo(1);
	}

	@Test
	void aTextThatIsKnownIsNotReadAgain() {
		StatementTemplates templates = new StatementTemplates(DatabaseUrl.of("jdbc:h2:mem:shop"), false);
		StatementTemplate first = templates.of(QUERY);
		assertThat(templates.of(new String(QUERY))).isSameAs(first);
		assertThat(templates.of(QUERY.replace("?", "17")).span()).isSameAs(first.span());
	}

	private ConnectionTracing tracing(int threshold) {
		return new JdbcTracing(() -> this.tracer, new JdbcSettings(false, threshold, List.of())).newConnectionTracing();
	}

	private long bytesPerRound(Work rounds, long enough) {
		long least = Long.MAX_VALUE;
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (least > enough && System.nanoTime() < deadline) {
			Span root = this.tracer.nextSpan().start();
			try (Tracer.SpanInScope scope = this.tracer.withSpan(root)) {
				long before = this.threads.getCurrentThreadAllocatedBytes();
				rounds.run();
				least = Math.min(least, (this.threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
			root.end();
		}
		return least;
	}

	/** A driver that allocates nothing for what these tests call. */
	private <T> T constant(Class<T> type) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "executeQuery" -> this.rows;
					case "executeUpdate" -> 1;
					case "next" -> this.row < 1;
					default -> null;
				}));
	}

	private final class ConstantConnection extends DelegatingConnection {

		ConstantConnection(Connection none) {
			super(none);
		}

		@Override
		public PreparedStatement prepareStatement(String sql) {
			return JdbcAllocationTests.this.prepared;
		}

		@Override
		public boolean isWrapperFor(Class<?> type) {
			return false;
		}

		@Override
		public void close() {
		}

	}

	@FunctionalInterface
	private interface Work {

		void run() throws SQLException;

	}

}
