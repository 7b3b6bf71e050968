package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;
import org.apache.commons.dbcp2.BasicDataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static dev.apm4j.autoconfigure.SqlTracing.assertNotTraced;
import static dev.apm4j.autoconfigure.SqlTracing.assertTraced;
import static dev.apm4j.autoconfigure.SqlTracing.runner;
import static dev.apm4j.autoconfigure.SqlTracing.spans;
import static dev.apm4j.autoconfigure.SqlTracing.url;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Data sources of every make: what is traced, and that the bean is of the type that the
 * application declared.
 */
@ExtendWith(OutputCaptureExtension.class)
class DataSourceKindTests {

	static Stream<Arguments> kinds() {
		return Stream.of(Arguments.of(HikariDataSource.class, Hikari.class),
				Arguments.of(org.apache.tomcat.jdbc.pool.DataSource.class, Tomcat.class),
				Arguments.of(BasicDataSource.class, Dbcp.class), Arguments.of(DataSource.class, Driver.class),
				Arguments.of(SimpleDriverDataSource.class, SimpleDriver.class),
				Arguments.of(EmbeddedDatabase.class, Embedded.class), Arguments.of(DataSource.class, FinalPool.class),
				Arguments.of(DataSource.class, FinalDriver.class), Arguments.of(DataSource.class, C3p0.class),
				Arguments.of(DataSource.class, Jndi.class), Arguments.of(BasicDataSource.class, UntypedFactory.class),
				Arguments.of(DataSource.class, Anonymous.class));
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void isTracedAndOfItsType(Class<? extends DataSource> type, Class<?> configuration, CapturedOutput output) {
		runner().withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			DataSource dataSource = context.getBean("db", type);
			assertTraced(context, dataSource);
			assertThat(dataSource).isEqualTo(dataSource).hasSameHashCodeAs(dataSource);
			assertThat(context.getBean(DataSourceTracingPostProcessor.class).states()).singleElement()
				.satisfies((state) -> assertThat(state.isTraced()).isTrue());
		});
		assertThat(output).doesNotContain("is not traced").doesNotContain("not eligible for getting processed");
	}

	@ParameterizedTest
	@MethodSource("finalKinds")
	void finalClassThatMayBeAskedForIsLeftAloneAndTold(Class<? extends DataSource> type, Class<?> configuration,
			CapturedOutput output) {
		runner().withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(NeedsType.class).dataSource()).isExactlyInstanceOf(type);
			assertNotTraced(context, context.getBean(type));
			assertThat(context.getBean(DataSourceTracingPostProcessor.class).states()).singleElement()
				.satisfies((state) -> assertThat(state.obstacle()).contains("can't be extended")
					.contains("declare the bean with an interface"));
		});
		assertThat(output).contains("SQL of data source 'db' (" + type.getName() + ") is not traced");
	}

	static Stream<Arguments> finalKinds() {
		return Stream.of(Arguments.of(JdbcDataSource.class, DeclaredFinalDriver.class),
				Arguments.of(ComboPooledDataSource.class, DeclaredC3p0.class));
	}

	@Test
	void isClosedOnceAtShutdownAndConfiguredAtRunTime() {
		CountingPool.closed.set(0);
		runner().withBean("db", CountingPool.class, CountingPool::new).run((context) -> {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertTraced(context, pool);
			pool.getHikariConfigMXBean().setMaximumPoolSize(3);
			assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
			assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isPositive();
			pool.setMaximumPoolSize(4);
			assertThat(pool.unwrap(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(4);
			assertThat(pool.isRunning()).isTrue();
			assertThat(pool).hasToString("HikariDataSource (" + pool.getPoolName() + ")");
			context.close();
			assertThat(pool.isClosed()).isTrue();
		});
		assertThat(CountingPool.closed).hasValue(1);
	}

	@Test
	void embeddedDatabaseCanBeShutDown() {
		runner().withUserConfiguration(Embedded.class).run((context) -> {
			EmbeddedDatabase database = context.getBean(EmbeddedDatabase.class);
			assertTraced(context, database);
			database.shutdown();
			assertThat(database).isNotNull();
		});
	}

	@Test
	void finalClassIsFoundBehindItsProxy() {
		runner().withUserConfiguration(FinalDriver.class).run((context) -> {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(dataSource.isWrapperFor(JdbcDataSource.class)).isTrue();
			assertThat(dataSource.unwrap(JdbcDataSource.class).getURL()).startsWith("jdbc:h2:");
			assertThat(dataSource).isInstanceOf(XADataSource.class);
		});
	}

	@Test
	void connectionsOfBuilderAreTraced() {
		runner().withBean("db", WithBuilder.class, WithBuilder::new).run((context) -> {
			WithBuilder dataSource = context.getBean(WithBuilder.class);
			assertThat(spans(context, () -> {
				try (Connection connection = dataSource.createConnectionBuilder().user("sa").password("").build()) {
					SqlTracing.select(connection);
				}
			})).containsExactly("SELECT");
		});
	}

	@Test
	void ownTypeOfConnectionIsNotTakenAway() {
		runner().withBean("db", OwnConnections.class, OwnConnections::new).run((context) -> {
			assertThat(context.getBean(OwnConnections.class).getConnection()).isNull();
			assertThat(context.getBean(DataSourceTracingPostProcessor.class).states()).singleElement()
				.satisfies((state) -> assertThat(state.obstacle()).contains("getConnection() returns")
					.contains("OwnConnection"));
		});
	}

	@Test
	void finalMethodIsNotCalledOnAnEmptyProxy() {
		runner().withBean("db", WithFinalMethod.class, WithFinalMethod::new)
			.run((context) -> assertThat(context.getBean(WithFinalMethod.class).name()).isEqualTo("tenant"));
	}

	@Test
	void xaDataSourceIsNotTouched() {
		runner().withBean("xa", XADataSource.class, () -> org.mockito.Mockito.mock(XADataSource.class))
			.run((context) -> {
				assertThat(org.mockito.Mockito.mockingDetails(context.getBean(XADataSource.class)).isMock()).isTrue();
				assertThat(context.getBean(DataSourceTracingPostProcessor.class).states()).isEmpty();
			});
	}

	@Test
	void severalDataSourcesAreTracedEachAndPrimaryStaysPrimary() {
		runner().withBean("first", HikariDataSource.class, DataSourceKindTests::hikari)
			.withBean("second", HikariDataSource.class, DataSourceKindTests::hikari,
					(definition) -> definition.setPrimary(true))
			.run((context) -> {
				assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("second"));
				assertTraced(context, context.getBean("first", DataSource.class));
				assertTraced(context, context.getBean("second", DataSource.class));
			});
	}

	private static HikariDataSource hikari() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url());
		return pool;
	}

	record NeedsType(DataSource dataSource) {
	}

	static class CountingPool extends HikariDataSource {

		private static final AtomicInteger closed = new AtomicInteger();

		CountingPool() {
			setJdbcUrl(url());
		}

		@Override
		public void close() {
			closed.incrementAndGet();
			super.close();
		}

	}

	static class WithBuilder extends DriverManagerDataSource {

		WithBuilder() {
			super(url());
		}

		@Override
		public ConnectionBuilder createConnectionBuilder() {
			ConnectionBuilder builder = org.mockito.Mockito.mock(ConnectionBuilder.class);
			try {
				org.mockito.Mockito.when(builder.build()).thenAnswer((call) -> getConnection());
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			return builder;
		}

	}

	interface OwnConnection extends Connection {

	}

	static class OwnConnections extends AbstractDataSource {

		@Override
		public OwnConnection getConnection() {
			return null;
		}

		@Override
		public OwnConnection getConnection(String username, String password) {
			return null;
		}

	}

	static class WithFinalMethod extends DriverManagerDataSource {

		private final String name = "tenant";

		public final String name() {
			return this.name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hikari {

		@Bean
		HikariDataSource db() {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(url());
			return new HikariDataSource(config);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Tomcat {

		@Bean
		org.apache.tomcat.jdbc.pool.DataSource db() {
			org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
			pool.setUrl(url());
			pool.setDriverClassName("org.h2.Driver");
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Dbcp {

		@Bean
		BasicDataSource db() {
			BasicDataSource pool = new BasicDataSource();
			pool.setUrl(url());
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Driver {

		@Bean
		DataSource db() {
			return new DriverManagerDataSource(url());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SimpleDriver {

		@Bean
		SimpleDriverDataSource db() {
			return new SimpleDriverDataSource(new org.h2.Driver(), url());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Embedded {

		@Bean
		EmbeddedDatabase db() {
			return new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FinalPool {

		@Bean
		DataSource db() {
			return JdbcConnectionPool.create(url(), "sa", "");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FinalDriver {

		@Bean
		DataSource db() {
			return h2();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DeclaredFinalDriver {

		@Bean
		JdbcDataSource db() {
			return h2();
		}

		@Bean
		NeedsType needsType(JdbcDataSource dataSource) {
			return new NeedsType(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class C3p0 {

		@Bean(destroyMethod = "close")
		DataSource db() {
			return c3p0();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DeclaredC3p0 {

		@Bean
		ComboPooledDataSource db() {
			return c3p0();
		}

		@Bean
		NeedsType needsType(ComboPooledDataSource dataSource) {
			return new NeedsType(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Jndi {

		@Bean
		JndiLike db() {
			return new JndiLike();
		}

	}

	static class JndiLike implements FactoryBean<DataSource> {

		@Override
		public DataSource getObject() {
			return h2();
		}

		@Override
		public Class<?> getObjectType() {
			return DataSource.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UntypedFactory {

		@Bean
		FactoryBean<Object> db() {
			return new FactoryBean<>() {

				@Override
				public Object getObject() {
					return new Dbcp().db();
				}

				@Override
				public Class<?> getObjectType() {
					return BasicDataSource.class;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Anonymous {

		@Bean
		DataSource db() {
			List<String> urls = List.of(url());
			return new AbstractDataSource() {

				@Override
				public Connection getConnection() throws java.sql.SQLException {
					return java.sql.DriverManager.getConnection(urls.get(0));
				}

				@Override
				public Connection getConnection(String username, String password) throws java.sql.SQLException {
					return java.sql.DriverManager.getConnection(urls.get(0), username, password);
				}

			};
		}

	}

	private static JdbcDataSource h2() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL(url());
		return dataSource;
	}

	private static ComboPooledDataSource c3p0() {
		ComboPooledDataSource pool = new ComboPooledDataSource();
		pool.setJdbcUrl(url());
		pool.setMinPoolSize(1);
		pool.setInitialPoolSize(1);
		return pool;
	}

}
