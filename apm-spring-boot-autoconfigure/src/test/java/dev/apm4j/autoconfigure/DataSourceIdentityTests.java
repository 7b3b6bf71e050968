package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.Scope;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.actuate.autoconfigure.jdbc.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.jdbc.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static dev.apm4j.autoconfigure.SqlTracing.assertTraced;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications do with a data source besides taking connections from it goes on.
 */
class DataSourceIdentityTests {

	@Test
	void sourceOfOneConnectionKnowsItAndKeepsItOpen() {
		SqlTracing.runner()
			.withBean("one", SingleConnectionDataSource.class,
					() -> new SingleConnectionDataSource(SqlTracing.url(), false))
			.run((context) -> {
				JdbcTemplate template = new JdbcTemplate(context.getBean(DataSource.class));
				for (int i = 0; i < 3; i++) {
					assertThat(template.queryForObject("SELECT 1", Integer.class)).isOne();
				}
			});
	}

	/** As Spring Cloud's refresh scope does it. */
	@Test
	void poolOfAScopeIsClosedWithIt() {
		Map<String, Object> beans = new LinkedHashMap<>();
		Map<String, Runnable> destructions = new LinkedHashMap<>();
		List<HikariDataSource> pools = new ArrayList<>();
		SqlTracing.runner().withInitializer((context) -> {
			context.getBeanFactory().registerScope("refresh", new RefreshingScope(beans, destructions));
			RootBeanDefinition definition = new RootBeanDefinition(HikariDataSource.class, () -> {
				HikariDataSource pool = new HikariDataSource();
				pool.setJdbcUrl(SqlTracing.url());
				pools.add(pool);
				return pool;
			});
			definition.setScope("refresh");
			BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context;
			BeanDefinitionHolder holder = ScopedProxyUtils.createScopedProxy(new BeanDefinitionHolder(definition, "db"),
					registry, true);
			registry.registerBeanDefinition(holder.getBeanName(), holder.getBeanDefinition());
		}).run((context) -> {
			HikariDataSource dataSource = context.getBean("db", HikariDataSource.class);
			assertTraced(context, dataSource);
			beans.clear();
			destructions.values().forEach(Runnable::run);
			assertThat(pools).singleElement().satisfies((pool) -> assertThat(pool.isClosed()).isTrue());
			assertTraced(context, dataSource);
			assertThat(pools).extracting(HikariDataSource::isClosed).containsExactly(true, false);
			pools.get(1).close();
		});
	}

	@Test
	void poolEvictsAConnectionThatItHandedOut() {
		SqlTracing.runner().withUserConfiguration(Derived.class).run((context) -> {
			HikariDataSource pool = (HikariDataSource) context.getBean("main");
			Connection connection = pool.getConnection();
			JdbcConnection evicted = connection.unwrap(JdbcConnection.class);
			pool.evictConnection(connection);
			connection.close();
			try (Connection other = pool.getConnection()) {
				assertThat(other.unwrap(JdbcConnection.class)).isNotSameAs(evicted);
			}
		});
	}

	@Test
	void dataSourceThatIsDerivedFromAnotherIsOneOfItsOwn() {
		SqlTracing.runner()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					DataSourcePoolMetricsAutoConfiguration.class, DataSourceHealthContributorAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withUserConfiguration(Derived.class)
			.run((context) -> {
				HikariDataSource main = (HikariDataSource) context.getBean("main");
				HikariDataSource derived = (HikariDataSource) context.getBean("derived");
				assertTraced(context, derived);
				assertTraced(context, main);
				assertThat(derived.getMaximumPoolSize()).isEqualTo(3);
				assertThat(main.getMaximumPoolSize()).isNotEqualTo(3);
				derived.close();
				assertTraced(context, main);
			});
	}

	@Test
	void derivedDataSourceThatIsNoBeanWorks() {
		SqlTracing.runner().withUserConfiguration(Derived.class).run((context) -> {
			DataSource main = context.getBean("main", DataSource.class);
			try (HikariDataSource derived = (HikariDataSource) DataSourceBuilder.derivedFrom(main).build()) {
				JdbcTemplate template = new JdbcTemplate(derived);
				assertThat(template.queryForObject("SELECT 1", Integer.class)).isOne();
				assertThat(derived).isEqualTo(derived).isNotEqualTo(main).hasSameHashCodeAs(derived);
				assertThat(derived.toString()).contains("Hikari");
			}
		});
	}

	@Test
	void proxyWhoseBeanPropertiesAreReadStaysAProxy() {
		SqlTracing.runner().withUserConfiguration(Derived.class).run((context) -> {
			for (String name : new String[] { "main", "derived" }) {
				DataSource dataSource = context.getBean(name, DataSource.class);
				assertThat(new BeanWrapperImpl(dataSource).getPropertyValue("callbacks")).isNotNull();
				assertTraced(context, dataSource);
			}
		});
	}

	@Test
	void dataSourceInACircleIsTraced() {
		SqlTracing.runner().withAllowCircularReferences(true).withUserConfiguration(Circle.class).run((context) -> {
			assertTraced(context, context.getBean(DataSource.class));
			assertThat(context.getBean(NeedsSource.class).source).isSameAs(context.getBean(DataSource.class));
		});
	}

	@Test
	void oddDataSourcesAreTracedAndNoneIsNone() {
		SqlTracing.runner().withUserConfiguration(Odd.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertTraced(context, context.getBean("anonymous", DataSource.class));
			assertThat(context.getBean("nothing").toString()).isEqualTo("null");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Derived {

		@Bean
		DataSource main() {
			return DataSourceBuilder.create().url(SqlTracing.url()).username("sa").build();
		}

		@Bean
		DataSource derived(@Qualifier("main") DataSource main) {
			HikariDataSource derived = (HikariDataSource) DataSourceBuilder.derivedFrom(main).build();
			derived.setMaximumPoolSize(3);
			return derived;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Circle {

		@Bean
		Source source() {
			return new Source();
		}

		@Bean
		NeedsSource needsSource() {
			return new NeedsSource();
		}

	}

	static class Source extends DriverManagerDataSource {

		@Autowired
		NeedsSource needs;

		Source() {
			super(SqlTracing.url());
		}

	}

	private record RefreshingScope(Map<String, Object> beans, Map<String, Runnable> destructions) implements Scope {

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			Object known = this.beans.get(name);
			if (known == null) {
				known = objectFactory.getObject();
				this.beans.put(name, known);
			}
			return known;
		}

		@Override
		public Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			this.destructions.put(name, callback);
		}

		@Override
		public Object resolveContextualObject(String key) {
			return null;
		}

		@Override
		public String getConversationId() {
			return null;
		}

	}

	static class NeedsSource {

		@Autowired
		Source source;

	}

	@Configuration(proxyBeanMethods = false)
	static class Odd {

		@Bean
		DataSource nothing() {
			return null;
		}

		@Bean
		DataSource anonymous() {
			String url = SqlTracing.url();
			return new AbstractDataSource() {

				@Override
				public Connection getConnection() throws SQLException {
					return DriverManager.getConnection(url);
				}

				@Override
				public Connection getConnection(String user, String password) throws SQLException {
					return DriverManager.getConnection(url, user, password);
				}

			};
		}

	}

}
