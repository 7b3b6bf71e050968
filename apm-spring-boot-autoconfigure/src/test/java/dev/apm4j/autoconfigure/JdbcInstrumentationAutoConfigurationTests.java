package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.apm4j.autoconfigure.ApmEndpoint.Finding;
import dev.apm4j.autoconfigure.ApmEndpoint.InstrumentationDescriptor;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;
import dev.apm4j.trace.SpanData;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.jdbc.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.jdbc.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.liquibase.LiquibaseAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static dev.apm4j.autoconfigure.SqlTracing.assertNotTraced;
import static dev.apm4j.autoconfigure.SqlTracing.assertTraced;
import static dev.apm4j.autoconfigure.SqlTracing.select;
import static dev.apm4j.autoconfigure.SqlTracing.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * An application with Spring Boot's own data source: everything that Boot does with it
 * goes on, and its statements are traced, or the reason is told.
 */
@ExtendWith(OutputCaptureExtension.class)
class JdbcInstrumentationAutoConfigurationTests {

	private final ApplicationContextRunner runner = SqlTracing.runner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=" + SqlTracing.url());

	private static List<Finding> unhooked(ApplicationContext context) {
		return new UnhookedReport(
				((org.springframework.context.ConfigurableApplicationContext) context).getBeanFactory(),
				context.getBeanProvider(DataSourceTracingPostProcessor.class), context.getEnvironment())
			.findings();
	}

	private static InstrumentationDescriptor described(ApplicationContext context) {
		return context.getBean(InstrumentationDetail.class).describe();
	}

	@Test
	void templateIsTracedAndLogIsClean(CapturedOutput output) {
		this.runner.run((context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			assertThat(spans(context, () -> template.queryForObject("SELECT 1", Integer.class)))
				.containsExactly("SELECT");
			assertThat(unhooked(context)).isEmpty();
			assertThat(described(context))
				.isEqualTo(new InstrumentationDescriptor("jdbc", true, "1 data source is traced"));
		});
		assertThat(output).doesNotContain("not eligible for getting processed").doesNotContain("is not traced");
	}

	@Test
	void bothKindsOfPoolMetricsGoOn() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, DataSourcePoolMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			// Boot makes meters of a pool that has been opened by the end of the start.
			.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=7",
					"spring.datasource.hikari.minimum-idle=1", "spring.flyway.locations=classpath:jdbc/flyway")
			.run((context) -> {
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				DataSource dataSource = context.getBean(DataSource.class);
				try (Connection connection = dataSource.getConnection()) {
					assertThat(connection.isValid(1)).isTrue();
					assertThat(meters.get("jdbc.connections.active").gauge().value()).isOne();
					assertThat(meters.get("jdbc.connections.max").gauge().value()).isEqualTo(7);
					assertThat(meters.get("jdbc.connections.min").gauge().value()).isOne();
					assertThat(meters.get("hikaricp.connections.active").gauge().value()).isOne();
					assertThat(meters.get("hikaricp.connections.max").gauge().value()).isEqualTo(7);
				}
				assertThat(meters.get("jdbc.connections.active").gauge().value()).isZero();
				assertThat(meters.get("jdbc.connections.idle").gauge().value()).isPositive();
				assertThat(meters.get("hikaricp.connections.usage").timer().count()).isPositive();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.apache.tomcat.jdbc.pool.DataSource", "org.apache.commons.dbcp2.BasicDataSource" })
	void metricsOfOtherPoolsGoOn(String type) {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, DataSourcePoolMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("spring.datasource.type=" + type)
			.run((context) -> {
				DataSource dataSource = context.getBean(DataSource.class);
				assertThat(dataSource.getClass().getSuperclass().getName()).isEqualTo(type);
				try (Connection connection = dataSource.getConnection()) {
					assertThat(context.getBean(MeterRegistry.class).get("jdbc.connections.active").gauge().value())
						.isOne();
					assertThat(connection.isValid(1)).isTrue();
				}
			});
	}

	@Test
	void healthGoesOn() {
		this.runner.withConfiguration(AutoConfigurations.of(DataSourceHealthContributorAutoConfiguration.class))
			.run((context) -> {
				HealthIndicator indicator = context.getBean("dbHealthContributor", HealthIndicator.class);
				assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
				assertThat(indicator.health().getDetails()).containsEntry("database", "H2");
			});
	}

	@Test
	void bootFindsThePoolBehind() {
		this.runner.run((context) -> {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class)).isNotNull();
			assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isTrue();
			assertTraced(context, dataSource.unwrap(HikariDataSource.class));
		});
	}

	@Test
	void transactionsCommitAndRollBackAsEver() {
		this.runner.run((context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			template.execute("CREATE TABLE t (id INT PRIMARY KEY)");
			transaction.executeWithoutResult((status) -> template.update("INSERT INTO t VALUES (1)"));
			assertThatThrownBy(() -> transaction.executeWithoutResult((status) -> {
				template.update("INSERT INTO t VALUES (2)");
				throw new IllegalStateException("no");
			})).hasMessage("no");
			assertThat(template.queryForList("SELECT id FROM t", Integer.class)).containsExactly(1);
			assertThat(spans(context, () -> transaction.executeWithoutResult((status) -> {
				template.update("INSERT INTO t VALUES (3)");
				status.setRollbackOnly();
			}))).hasSize(2).last().asString().isEqualToIgnoringCase("rollback");
		});
	}

	@Test
	void flywayMigratesAndMakesNoTraces() {
		this.runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.flyway.locations=classpath:jdbc/flyway")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
				assertThat(context.getBean(JdbcTemplate.class)
					.queryForObject("SELECT count(*) FROM orders", Integer.class)).isOne();
				assertThat(context.getBean(CollectedSegments.class).roots()).extracting(SpanData::name)
					.filteredOn((name) -> !SqlTracing.isWait(name))
					.containsExactly("SELECT orders");
			});
	}

	@Test
	void liquibaseMigratesAndMakesNoTraces() {
		this.runner.withConfiguration(AutoConfigurations.of(LiquibaseAutoConfiguration.class))
			.withPropertyValues("spring.liquibase.change-log=classpath:jdbc/changelog.sql")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
				assertThat(context.getBean(JdbcTemplate.class)
					.queryForObject("SELECT count(*) FROM customers", Integer.class)).isOne();
			});
	}

	@Test
	void statementsOfTheStartAreTracesIfWanted() {
		this.runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.flyway.locations=classpath:jdbc/flyway", "apm.jdbc.outside-traces=always")
			.run((context) -> assertThat(context.getBean(CollectedSegments.class).all()).isNotEmpty());
	}

	@Test
	void statementsOutsideAreNeverTracesIfNotWanted() {
		this.runner.withPropertyValues("apm.jdbc.outside-traces=never").run((context) -> {
			select(context.getBean(DataSource.class));
			assertThat(context.getBean(CollectedSegments.class).all()).isEmpty();
			assertTraced(context, context.getBean(DataSource.class));
		});
	}

	@Test
	void tracerThatNeedsTheDatabaseItselfStarts() {
		this.runner.withPropertyValues("apm.jdbc.outside-traces=always")
			.withUserConfiguration(TracerNeedsDatabase.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertTraced(context, context.getBean(DataSource.class));
			});
	}

	@Test
	void poolIsClosedWithItsApplication() {
		AtomicReference<HikariDataSource> kept = new AtomicReference<>();
		this.runner.run((context) -> {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			select(pool);
			kept.set(pool.unwrap(HikariDataSource.class));
			assertThat(kept.get().isRunning()).isTrue();
		});
		assertThat(kept.get().isClosed()).isTrue();
	}

	@Test
	void switchTurnsItOff() {
		this.runner.withPropertyValues("apm.instrumentation.jdbc.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(DataSourceTracingPostProcessor.class);
			assertNotTraced(context, context.getBean(DataSource.class));
			assertThat(context.getBean(DataSource.class)).isExactlyInstanceOf(HikariDataSource.class);
			assertThat(unhooked(context)).singleElement().satisfies((finding) -> {
				assertThat(finding.what()).contains("'dataSource'");
				assertThat(finding.hint()).contains("'jdbc' is off");
			});
		});
	}

	@Test
	void worksWithoutSpringJdbc() {
		SqlTracing.runner()
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc"))
			.withBean("db", HikariDataSource.class, () -> {
				HikariDataSource pool = new HikariDataSource();
				pool.setJdbcUrl(SqlTracing.url());
				return pool;
			})
			.run((context) -> assertTraced(context, context.getBean(DataSource.class)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "-1" })
	void thresholdOutOfRangeEndsTheStart(String threshold) {
		this.runner.withPropertyValues("apm.jdbc.repeated-threshold=" + threshold)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ApmConfigurationException.class)
				.hasMessageContaining("'apm.jdbc.repeated-threshold' is '" + threshold + "'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "net.ttddyy.observation.boot.autoconfigure.DataSourceObservationAutoConfiguration",
			"com.github.gavlyukovskiy.boot.jdbc.decorator.DataSourceDecoratorAutoConfiguration" })
	void leavesTheWorkToAnother(String autoConfiguration, CapturedOutput output) {
		this.runner.withBean(autoConfiguration, Object.class, Object::new).run((context) -> {
			assertThat(context.getBean(DataSource.class)).isExactlyInstanceOf(HikariDataSource.class);
			assertNotTraced(context, context.getBean(DataSource.class));
			assertThat(described(context).enabled()).isFalse();
			assertThat(described(context).reason()).contains("follows all statements").contains("=false");
			assertThat(unhooked(context)).singleElement()
				.satisfies((finding) -> assertThat(finding.hint()).contains("follows all statements"));
		});
		assertThat(output).containsOnlyOnce("SQL of data source 'dataSource' is not traced: ");
	}

	@Test
	void doesTheWorkIfTheOtherIsOff() {
		this.runner
			.withBean("net.ttddyy.observation.boot.autoconfigure.DataSourceObservationAutoConfiguration", Object.class,
					Object::new)
			.withPropertyValues("jdbc.datasource-proxy.enabled=false")
			.run((context) -> assertTraced(context, context.getBean(DataSource.class)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:p6spy:h2:mem:a", "jdbc:otel:h2:mem:a" })
	void leavesDataSourcesOfWrappingDriversAlone(String url, CapturedOutput output) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		this.runner.withBean("wrapped", DataSource.class, () -> pool)
			.withBean("driver", DriverManagerDataSource.class, () -> new DriverManagerDataSource(url))
			.run((context) -> {
				assertThat(context.getBean("wrapped")).isSameAs(pool);
				assertThat(context.getBean("driver")).isExactlyInstanceOf(DriverManagerDataSource.class);
				assertThat(unhooked(context)).hasSize(2)
					.allSatisfy((finding) -> assertThat(finding.hint()).contains("follows its statements"));
			});
		assertThat(output).containsOnlyOnce("follows its statements");
	}

	@Configuration(proxyBeanMethods = false)
	static class TracerNeedsDatabase {

		/** A scope listener is made with the tracer. */
		@Bean
		InitializingBean earlyStatement(ObjectProvider<DataSource> dataSource) {
			return () -> {
				try {
					select(dataSource.getObject());
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			};
		}

		@Bean
		static org.springframework.beans.factory.config.BeanFactoryPostProcessor tracerDependsOnDatabase() {
			return (beanFactory) -> beanFactory.getBeanDefinition("tracer")
				.setDependsOn("dataSource", "earlyStatement");
		}

	}

}
