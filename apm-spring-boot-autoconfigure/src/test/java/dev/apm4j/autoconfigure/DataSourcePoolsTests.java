package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.apm4j.export.whatap.PoolConnections;
import org.apache.commons.dbcp2.BasicDataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class DataSourcePoolsTests {

	private static final String URL = "jdbc:h2:mem:pools";

	private static DataSourcePools pools(ConfigurableApplicationContext context) {
		return new DataSourcePools(context.getBeanFactory());
	}

	private static HikariDataSource hikari() {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(URL);
		dataSource.setMaximumPoolSize(1);
		return dataSource;
	}

	private static org.apache.tomcat.jdbc.pool.DataSource tomcat() {
		org.apache.tomcat.jdbc.pool.DataSource dataSource = new org.apache.tomcat.jdbc.pool.DataSource();
		dataSource.setUrl(URL + "b");
		dataSource.setInitialSize(0);
		return dataSource;
	}

	@Test
	void poolsOfEveryMakeAreRead() {
		new ApplicationContextRunner().withBean("a", HikariDataSource.class, DataSourcePoolsTests::hikari)
			.withBean("b", org.apache.tomcat.jdbc.pool.DataSource.class, DataSourcePoolsTests::tomcat)
			.withBean("c", BasicDataSource.class, () -> {
				BasicDataSource dataSource = new BasicDataSource();
				dataSource.setUrl(URL + "c");
				return dataSource;
			})
			.withBean("d", JdbcDataSource.class, JdbcDataSource::new)
			.run((context) -> {
				try (Connection a = context.getBean(HikariDataSource.class).getConnection();
						Connection b = context.getBean("b", DataSource.class).getConnection();
						Connection c = context.getBean("c", DataSource.class).getConnection()) {
					assertThat(pools(context).pools()).containsExactly(new PoolConnections(URL, 1, 0),
							new PoolConnections(URL + "b", 1, 0), new PoolConnections(URL + "c", 1, 0));
				}
				assertThat(pools(context).pools()).extracting(PoolConnections::active).containsOnly(0);
			});
	}

	@Test
	void poolOfATracedDataSourceIsRead() {
		SqlTracing.runner().withBean("a", HikariDataSource.class, DataSourcePoolsTests::hikari).run((context) -> {
			assertThat(context.getBean("a").getClass()).isNotEqualTo(HikariDataSource.class);
			try (Connection a = context.getBean("a", DataSource.class).getConnection()) {
				assertThat(pools(context).pools()).containsExactly(new PoolConnections(URL, 1, 0));
			}
		});
	}

	@Test
	void poolThatIsNotOpenStaysClosed() {
		new ApplicationContextRunner().withBean("a", HikariDataSource.class, DataSourcePoolsTests::hikari)
			.withBean("b", org.apache.tomcat.jdbc.pool.DataSource.class, DataSourcePoolsTests::tomcat)
			.run((context) -> {
				assertThat(pools(context).pools()).isEmpty();
				assertThat(context.getBean(HikariDataSource.class).getHikariPoolMXBean()).isNull();
				// Only an open pool has a name.
				assertThatNullPointerException()
					.isThrownBy(() -> context.getBean(org.apache.tomcat.jdbc.pool.DataSource.class).getPoolName());
			});
	}

	@Test
	void wrappedAndRoutedPoolsAreReadOnce() {
		HikariDataSource hikari = hikari();
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return "one";
			}

		};
		routing.setTargetDataSources(Map.of("one", hikari, "two", new JdbcDataSource()));
		new ApplicationContextRunner()
			.withBean("lazy", DataSource.class, () -> new LazyConnectionDataSourceProxy(routing))
			.withBean("routing", AbstractRoutingDataSource.class, () -> routing)
			.run((context) -> {
				try (Connection connection = context.getBean("routing", DataSource.class).getConnection()) {
					assertThat(pools(context).pools()).containsExactly(new PoolConnections(URL, 1, 0));
				}
			});
		hikari.close();
	}

}
