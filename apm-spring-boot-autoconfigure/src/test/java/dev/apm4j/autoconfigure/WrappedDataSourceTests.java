package dev.apm4j.autoconfigure;

import java.sql.Connection;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.apm4j.instrument.jdbc.DataSourceState;
import dev.apm4j.instrument.jdbc.DataSourceTracingPostProcessor;
import dev.apm4j.trace.SpanData;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static dev.apm4j.autoconfigure.SqlTracing.assertNotTraced;
import static dev.apm4j.autoconfigure.SqlTracing.assertTraced;
import static dev.apm4j.autoconfigure.SqlTracing.runner;
import static dev.apm4j.autoconfigure.SqlTracing.select;
import static dev.apm4j.autoconfigure.SqlTracing.spanData;
import static dev.apm4j.autoconfigure.SqlTracing.spans;
import static dev.apm4j.autoconfigure.SqlTracing.url;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Data sources around data sources, and those that come into being in unusual ways: one
 * span for a statement, whatever is around it.
 */
@ExtendWith(OutputCaptureExtension.class)
class WrappedDataSourceTests {

	private static HikariDataSource hikari() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url());
		return pool;
	}

	private static JdbcDataSource h2() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL(url());
		return dataSource;
	}

	private static DataSource dataSource(ApplicationContext context, String name) {
		return context.getBean(name, DataSource.class);
	}

	private static DataSourceState state(ApplicationContext context, String name) {
		return context.getBean(DataSourceTracingPostProcessor.class)
			.states()
			.stream()
			.filter((state) -> state.beanName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void wrappersOfTracedBeansStayAsTheyAreAndMakeNoSecondSpan() {
		runner().withUserConfiguration(Wrappers.class).run((context) -> {
			DataSource pool = dataSource(context, "pool");
			for (String name : new String[] { "lazy", "transactionAware", "both" }) {
				DataSource wrapper = dataSource(context, name);
				assertThat(AopUtils.isAopProxy(wrapper)).as(name).isFalse();
				assertTraced(context, wrapper);
				assertThat(state(context, name).isTraced()).isTrue();
			}
			assertThat(context.getBean(LazyConnectionDataSourceProxy.class).getTargetDataSource()).isSameAs(pool);
		});
	}

	@Test
	void targetThatIsNoBeanIsTracedBehindItsWrapper() {
		runner()
			.withBean("lazy", LazyConnectionDataSourceProxy.class, () -> new LazyConnectionDataSourceProxy(hikari()))
			.withBean("ofFinalClass", DelegatingDataSource.class, () -> new DelegatingDataSource(h2()))
			.withBean("nested", TransactionAwareDataSourceProxy.class,
					() -> new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(hikari())))
			.run((context) -> {
				LazyConnectionDataSourceProxy lazy = context.getBean(LazyConnectionDataSourceProxy.class);
				assertThat(lazy.getTargetDataSource()).isInstanceOf(HikariDataSource.class);
				assertTraced(context, lazy);
				assertTraced(context, dataSource(context, "ofFinalClass"));
				assertTraced(context, dataSource(context, "nested"));
			});
	}

	@Test
	void lazyConnectionThatIsNotUsedIsNotOpened() {
		runner().withUserConfiguration(Wrappers.class).run((context) -> {
			HikariDataSource pool = context.getBean("pool", HikariDataSource.class);
			try (Connection connection = dataSource(context, "lazy").getConnection()) {
				connection.setAutoCommit(false);
				assertThat((pool.getHikariPoolMXBean() != null) ? pool.getHikariPoolMXBean().getActiveConnections() : 0)
					.isZero();
			}
		});
	}

	@Test
	void excludedBeanIsNotTracedBehindItsWrapperEither() {
		runner().withUserConfiguration(Wrappers.class)
			.withPropertyValues("apm.jdbc.exclude-beans=pool")
			.run((context) -> {
				assertNotTraced(context, dataSource(context, "pool"));
				assertNotTraced(context, dataSource(context, "lazy"));
				assertThat(AopUtils.isAopProxy(dataSource(context, "pool"))).isFalse();
				assertThat(state(context, "pool").obstacle()).contains("apm.jdbc.exclude-beans");
				assertThat(state(context, "lazy").obstacle()).contains("apm.jdbc.exclude-beans");
			});
	}

	@Test
	void routesToTracedAndToOtherTargets() {
		runner().withUserConfiguration(Routing.class).run((context) -> {
			Router router = context.getBean(Router.class);
			router.setKey("bean");
			assertTraced(context, router);
			router.setKey("other");
			assertTraced(context, router);
			assertThat(router.getResolvedDataSources()).containsOnlyKeys("bean", "other");
			assertThat(router.isWrapperFor(AbstractRoutingDataSource.class)).isTrue();
		});
	}

	@Test
	void databaseOfEachRouteIsItsOwn() {
		runner().withBean("router", Router.class, () -> {
			Router router = new Router();
			JdbcDataSource first = new JdbcDataSource();
			first.setURL("jdbc:h2:mem:route1;DB_CLOSE_DELAY=-1");
			JdbcDataSource second = new JdbcDataSource();
			second.setURL("jdbc:h2:mem:route2;DB_CLOSE_DELAY=-1");
			router.setTargetDataSources(Map.of("first", first, "second", second));
			return router;
		}).run((context) -> {
			Router router = context.getBean(Router.class);
			for (int round = 0; round < 2; round++) {
				router.setKey("first");
				assertThat(spanData(context, () -> select(router))).extracting((span) -> namespace(span))
					.containsExactly("route1");
				router.setKey("second");
				assertThat(spanData(context, () -> select(router))).extracting((span) -> namespace(span))
					.containsExactly("route2");
			}
		});
	}

	private static Object namespace(SpanData span) {
		return String.valueOf(span.attribute("db.namespace")).toLowerCase(java.util.Locale.ROOT);
	}

	@Test
	void poolOverTracedDataSourceMakesOneSpan() {
		runner().withBean("driver", DataSource.class, WrappedDataSourceTests::h2)
			.withUserConfiguration(PoolOverBean.class)
			.run((context) -> {
				assertTraced(context, context.getBean(HikariDataSource.class));
				assertTraced(context, dataSource(context, "driver"));
			});
	}

	@Test
	void transactionIsTheSameThroughWrapperProxyAndTarget() {
		runner().withUserConfiguration(Wrappers.class).run((context) -> {
			DataSource pool = dataSource(context, "pool");
			DataSource target = (DataSource) AopProxyUtils.getSingletonTarget(pool);
			assertThat(target).isExactlyInstanceOf(HikariDataSource.class);
			TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
			transaction.executeWithoutResult((status) -> {
				Connection bound = DataSourceUtils.getConnection(pool);
				assertThat(DataSourceUtils.isConnectionTransactional(bound, pool)).isTrue();
				assertThat(DataSourceUtils.getConnection(target)).isSameAs(bound);
			});
			assertThat(spans(context, () -> transaction.executeWithoutResult((status) -> {
				try {
					select(DataSourceUtils.getConnection(pool));
				}
				catch (java.sql.SQLException ex) {
					throw new IllegalStateException(ex);
				}
			}))).startsWith("SELECT").anyMatch("COMMIT"::equalsIgnoreCase).hasSize(2);
		});
	}

	@Test
	void scopedDataSourceIsTracedOnce() {
		runner().withInitializer((context) -> {
			context.getBeanFactory()
				.registerScope("refresh", new org.springframework.context.support.SimpleThreadScope());
			RootBeanDefinition definition = new RootBeanDefinition(HikariDataSource.class);
			definition.setScope("refresh");
			definition.getPropertyValues().add("jdbcUrl", url());
			BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context;
			BeanDefinitionHolder holder = ScopedProxyUtils.createScopedProxy(new BeanDefinitionHolder(definition, "db"),
					registry, true);
			registry.registerBeanDefinition(holder.getBeanName(), holder.getBeanDefinition());
		}).run((context) -> {
			HikariDataSource dataSource = context.getBean("db", HikariDataSource.class);
			assertTraced(context, dataSource);
			assertThat(context.getBean(DataSourceTracingPostProcessor.class).states()).singleElement()
				.satisfies((state) -> assertThat(state.isTraced()).isTrue());
		});
	}

	@Test
	void beanThatSomethingNeedsTooEarlyIsReported(CapturedOutput output) {
		runner().withUserConfiguration(TooEarly.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertNotTraced(context, dataSource(context, "db"));
			assertThat(state(context, "db").obstacle()).contains("created before the agent could see it");
		});
		assertThat(output).contains("SQL of data source 'db'").contains("created before the agent could see it");
	}

	@Test
	void beanThatAnotherPostProcessorNeedsIsTraced(CapturedOutput output) {
		runner().withUserConfiguration(Early.class).run((context) -> {
			assertTraced(context, dataSource(context, "db"));
			assertThat(state(context, "db").isTraced()).isTrue();
		});
		assertThat(output).doesNotContainPattern("Bean '[^']*apm[^']*' of type");
	}

	@Test
	void parentAndChildContextTraceEachTheirOwnAndTheParentsOnce() {
		runner().withBean("parents", HikariDataSource.class, WrappedDataSourceTests::hikari).run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.register(JdbcInstrumentationAutoConfiguration.class);
				child.registerBean("childs", HikariDataSource.class, WrappedDataSourceTests::hikari);
				child.registerBean("lazy", LazyConnectionDataSourceProxy.class,
						() -> new LazyConnectionDataSourceProxy(parent.getBean("parents", DataSource.class)));
				child.refresh();
				assertTraced(parent, child.getBean("childs", DataSource.class));
				assertTraced(parent, child.getBean("lazy", DataSource.class));
				assertTraced(parent, child.getBean("parents", DataSource.class));
			}
		});
	}

	@Test
	void twoApplicationsInOneProcessKeepTheirSpansApart() {
		runner().withBean("db", HikariDataSource.class, WrappedDataSourceTests::hikari)
			.run((first) -> runner().withBean("db", HikariDataSource.class, WrappedDataSourceTests::hikari)
				.run((second) -> {
					assertTraced(first, dataSource(first, "db"));
					assertThat(second.getBean(CollectedSegments.class).all()).isEmpty();
					assertTraced(second, dataSource(second, "db"));
					assertThat(first.getBean(CollectedSegments.class).all()).hasSize(1);
				}));
	}

	@Configuration(proxyBeanMethods = false)
	static class Wrappers {

		@Bean
		HikariDataSource pool() {
			return hikari();
		}

		@Bean
		LazyConnectionDataSourceProxy lazy(HikariDataSource pool) {
			return new LazyConnectionDataSourceProxy(pool);
		}

		@Bean
		DataSource transactionAware(HikariDataSource pool) {
			return new TransactionAwareDataSourceProxy(pool);
		}

		@Bean
		DataSource both(LazyConnectionDataSourceProxy lazy) {
			return new TransactionAwareDataSourceProxy(lazy);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Routing {

		@Bean
		HikariDataSource pool() {
			return hikari();
		}

		@Bean
		Router router(HikariDataSource pool) {
			Router router = new Router();
			router.setTargetDataSources(Map.of("bean", pool, "other", h2()));
			return router;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PoolOverBean {

		@Bean
		HikariDataSource pool(DataSource driver) {
			HikariDataSource pool = new HikariDataSource();
			pool.setDataSource(driver);
			return pool;
		}

	}

	static class Router extends AbstractRoutingDataSource {

		private String key = "";

		void setKey(String key) {
			this.key = key;
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return this.key;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TooEarly {

		@Bean
		HikariDataSource db() {
			return hikari();
		}

		@Bean
		static FirstPostProcessor firstPostProcessor(DataSource dataSource) {
			return new FirstPostProcessor();
		}

	}

	static class FirstPostProcessor implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Early {

		@Bean
		HikariDataSource db() {
			return hikari();
		}

		@Bean
		static BeanPostProcessor postProcessor(DataSource dataSource) {
			return new BeanPostProcessor() {
			};
		}

	}

}
