package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import io.micrometer.tracing.Tracer.SpanInScope;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with data sources, and what of their SQL is traced.
 */
final class SqlTracing {

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private SqlTracing() {
	}

	static ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withUserConfiguration(TracerConfiguration.class)
			.withConfiguration(AutoConfigurations.of(JdbcInstrumentationAutoConfiguration.class));
	}

	/** The URL of a database of its own. */
	static String url() {
		return "jdbc:h2:mem:tracing" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1";
	}

	/** Names of the spans under the one in which the work is done, in their order. */
	static List<String> spans(ApplicationContext context, Work work) throws Exception {
		return spanData(context, work).stream().map(SpanData::name).toList();
	}

	static List<SpanData> spanData(ApplicationContext context, Work work) throws Exception {
		ApmTracer tracer = context.getBean(ApmTracer.class);
		ApmSpan span = tracer.nextSpan().name("request").start();
		try (SpanInScope scope = tracer.withSpan(span)) {
			work.run();
		}
		finally {
			span.end();
		}
		List<Segment> all = context.getBean(CollectedSegments.class).all();
		Segment segment = all.get(all.size() - 1);
		assertThat(segment.root()).isSameAs(span);
		return segment.spans().stream().skip(1).filter((data) -> !isWait(data.name())).toList();
	}

	/** Waiting for a connection is a span of its own where it took long. */
	static boolean isWait(String name) {
		return name.startsWith("CONNECT");
	}

	/** Executes the statement that every database of a test understands. */
	static void select(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			select(connection);
		}
	}

	static void select(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT 1")) {
			assertThat(rows.next()).isTrue();
			assertThat(rows.getInt(1)).isOne();
		}
	}

	static void assertTraced(ApplicationContext context, DataSource dataSource) throws Exception {
		assertThat(spans(context, () -> select(dataSource))).containsExactly("SELECT");
	}

	static void assertNotTraced(ApplicationContext context, DataSource dataSource) throws Exception {
		assertThat(spans(context, () -> select(dataSource))).isEmpty();
	}

	/** What is done in a request. */
	@FunctionalInterface
	interface Work {

		void run() throws Exception;

	}

}
