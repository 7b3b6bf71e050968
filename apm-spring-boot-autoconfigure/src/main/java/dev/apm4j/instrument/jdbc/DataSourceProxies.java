package dev.apm4j.instrument.jdbc;

import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.target.AbstractBeanFactoryBasedTargetSource;
import org.springframework.aop.target.EmptyTargetSource;
import org.springframework.util.ClassUtils;

/**
 * Makes proxies of data sources that differ from them in the connections only. They are
 * Spring's proxies, through which Spring Boot finds the pool behind, and transparent to
 * transactions: one that was begun with the data source is found with its proxy, and the
 * other way round.
 */
final class DataSourceProxies {

	private final Supplier<JdbcTracing> tracing;

	DataSourceProxies(Supplier<JdbcTracing> tracing) {
		this.tracing = tracing;
	}

	/**
	 * Makes a proxy that is also of the data source's class.
	 */
	DataSource extending(DataSource target) {
		PoolField poolField = PoolField.find(target);
		ProxyFactory factory = new ProxyFactory();
		factory.setTarget(target);
		extend(factory, advisor(target, poolField));
		Object proxy = factory.getProxy(target.getClass().getClassLoader());
		ConstructedProxies.keepCallbacks(proxy);
		ConstructedProxies.support(proxy.getClass());
		if (poolField != null) {
			poolField.show(target, proxy);
		}
		return (DataSource) proxy;
	}

	/**
	 * The class of the proxies that {@link #extending} makes.
	 */
	static Class<?> classExtending(Class<?> type) {
		ProxyFactory factory = new ProxyFactory();
		factory.setTargetSource(EmptyTargetSource.forClass(type));
		extend(factory,
				new DefaultPointcutAdvisor(new ConnectionMethods(), new ConnectionInterceptor(
						new JdbcTracing(() -> null, new JdbcSettings(false, 0, List.of())).newConnectionTracing(),
						null)));
		return factory.getProxyClass(type.getClassLoader());
	}

	private static void extend(ProxyFactory factory, Advisor advisor) {
		factory.setProxyTargetClass(true);
		factory.addInterface(TracedDataSource.class);
		factory.addAdvisor(advisor);
	}

	/**
	 * Makes a proxy that has the data source's interfaces.
	 */
	DataSource implementing(DataSource target, Class<?>[] interfaces, @Nullable ClassLoader classLoader) {
		ProxyFactory factory = new ProxyFactory();
		factory.setTarget(target);
		factory.setInterfaces(interfaces);
		factory.addInterface(TracedDataSource.class);
		factory.addAdvisor(advisor(target, null));
		return (DataSource) factory.getProxy(classLoader);
	}

	/**
	 * Makes a proxy of somebody else hand out traced connections.
	 */
	void extendProxy(Advised proxy, DataSource sameProxy) {
		proxy.addAdvisor(0, advisor(sameProxy, null));
	}

	private Advisor advisor(DataSource target, @Nullable PoolField poolField) {
		JdbcTracing jdbcTracing = this.tracing.get();
		return new DefaultPointcutAdvisor(new ConnectionMethods(),
				new ConnectionInterceptor(SpringDataSources.isRouting(target) ? jdbcTracing.newRoutingTracing()
						: jdbcTracing.newConnectionTracing(), poolField));
	}

	/**
	 * Whether a data source hands out traced connections, itself or through a bean behind
	 * it that has come by before or will.
	 */
	static boolean isTraced(DataSource dataSource) {
		if (dataSource instanceof ScopedObject) {
			return true;
		}
		if (!(dataSource instanceof Advised proxy)) {
			return false;
		}
		for (Advisor advisor : proxy.getAdvisors()) {
			if (advisor.getAdvice() instanceof ConnectionInterceptor) {
				return true;
			}
		}
		return proxy.getTargetSource() instanceof AbstractBeanFactoryBasedTargetSource
				|| (AopProxyUtils.getSingletonTarget(proxy) instanceof DataSource target && isTraced(target));
	}

	/**
	 * The interfaces of a data source that can be seen from a class loader.
	 */
	static Class<?>[] interfaces(DataSource dataSource, @Nullable ClassLoader classLoader) {
		return ClassUtils.getAllInterfacesForClass(dataSource.getClass(), classLoader);
	}

}
