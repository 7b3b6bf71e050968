package dev.apm4j.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.apm4j.autoconfigure.CollectedSegments.TracerConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static dev.apm4j.autoconfigure.SqlTracing.assertTraced;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The instrumentation in an application whose beans were prepared when it was built.
 */
class JdbcAheadOfTimeTests {

	@Test
	@CompileWithForkedClassLoader
	void preparedApplicationIsTraced() {
		AnnotationConfigApplicationContext prepared = new AnnotationConfigApplicationContext();
		prepared.register(TracerConfiguration.class, JdbcInstrumentationAutoConfiguration.class, Application.class);
		TestGenerationContext generation = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(prepared, generation);
		generation.writeGeneratedContent();
		List<String> classes = new ArrayList<>(generation.getGeneratedFiles().getGeneratedFiles(Kind.CLASS).keySet());
		assertThat(classes).anyMatch((name) -> name.contains("PreparedPool$$SpringCGLIB$$"));
		TestCompiler.forSystem().with(generation).compile((compiled) -> run(compiled));
	}

	@SuppressWarnings("unchecked")
	private static void run(Compiled compiled) {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.setClassLoader(compiled.getClassLoader());
			compiled.getInstance(ApplicationContextInitializer.class).initialize(context);
			context.refresh();
			assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class);
			assertTraced(context, context.getBean(HikariDataSource.class));
			assertTraced(context, context.getBean(LazyConnectionDataSourceProxy.class));
			assertTraced(context, context.getBean("declaredByInterface", DataSource.class));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A class of which no other test makes a proxy. */
	public static class PreparedPool extends HikariDataSource {

		public PreparedPool() {
			setJdbcUrl(SqlTracing.url());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		@org.springframework.context.annotation.Primary
		PreparedPool pool() {
			return new PreparedPool();
		}

		@Bean
		LazyConnectionDataSourceProxy lazy(PreparedPool pool) {
			return new LazyConnectionDataSourceProxy(pool);
		}

		@Bean
		DataSource declaredByInterface() {
			org.h2.jdbcx.JdbcDataSource dataSource = new org.h2.jdbcx.JdbcDataSource();
			dataSource.setURL(SqlTracing.url());
			return dataSource;
		}

	}

}
