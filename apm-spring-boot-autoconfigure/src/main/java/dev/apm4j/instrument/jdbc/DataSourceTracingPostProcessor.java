package dev.apm4j.instrument.jdbc;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.apm4j.instrument.ProxyObstacles;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopConfigException;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Makes every data source bean hand out traced connections, in such a way that it stays
 * what it was for everybody who gets it: a proxy of its class if that can be extended,
 * else one of its interfaces if the bean is declared with an interface, else nothing.
 * Spring's wrappers stay as they are and get a traced target. What came of each bean can
 * be asked for. Thread-safe.
 * <p>
 * It comes first of all post-processors, so that what others put around a data source is
 * around the proxy, and so that data sources that other post-processors need are traced.
 */
public final class DataSourceTracingPostProcessor
		implements SmartInstantiationAwareBeanPostProcessor, BeanFactoryAware, PriorityOrdered, AopInfrastructureBean {

	private static final Logger LOGGER = LoggerFactory.getLogger(DataSourceTracingPostProcessor.class);

	private static final String DECLARE = "; declare the bean with an interface, such as DataSource, to have it traced";

	private final DataSourceProxies proxies;

	private final Function<String, @Nullable String> veto;

	private final Map<String, DataSourceState> states = new ConcurrentHashMap<>();

	private final Map<String, WeakReference<DataSource>> leftAlone = new ConcurrentHashMap<>();

	/** What was wrapped while it was being made, which may fail and be tried again. */
	private final Map<String, DataSource> wrappedEarly = new ConcurrentHashMap<>();

	private final Set<String> told = ConcurrentHashMap.newKeySet();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates the post-processor.
	 * @param tracing asked for with each data source
	 * @param veto tells for a bean's name why it is not to be traced, as half a sentence,
	 * or {@code null}
	 */
	public DataSourceTracingPostProcessor(Supplier<JdbcTracing> tracing, Function<String, @Nullable String> veto) {
		this.proxies = new DataSourceProxies(tracing);
		this.veto = veto;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void setBeanFactory(BeanFactory owner) {
		if (owner instanceof ConfigurableListableBeanFactory configurable) {
			this.beanFactory = configurable;
		}
	}

	/**
	 * What came of the data source beans that were created so far.
	 * @return a state for each, in the order of their names
	 */
	public List<DataSourceState> states() {
		return this.states.values()
			.stream()
			.sorted((one, other) -> one.beanName().compareTo(other.beanName()))
			.toList();
	}

	/**
	 * Looks for data source beans that were created before this post-processor could see
	 * them. To be called when all beans are there.
	 */
	public void findMissed() {
		ConfigurableListableBeanFactory factory = this.beanFactory;
		if (factory == null) {
			return;
		}
		for (String name : factory.getBeanNamesForType(DataSource.class, false, false)) {
			if (!this.states.containsKey(name) && factory.getSingleton(name) instanceof DataSource dataSource
					&& !DataSourceProxies.isTraced(dataSource)) {
				leaveAlone(dataSource, name,
						"it was created before the agent could see it: something needs it very early, such as a"
								+ " post-processor of beans that is not a static bean method",
						true);
			}
		}
	}

	/** For native images, where the class of the proxy has to be known when building. */
	@Override
	public Class<?> determineBeanType(Class<?> beanClass, String beanName) {
		if (!DataSource.class.isAssignableFrom(beanClass) || beanClass.isInterface()
				|| SpringDataSources.isDelegating(beanClass) || SubclassObstacle.find(beanClass) != null) {
			return beanClass;
		}
		return DataSourceProxies.classExtending(beanClass);
	}

	@Override
	public Object getEarlyBeanReference(Object bean, String beanName) {
		if (!(bean instanceof DataSource dataSource) || SpringDataSources.isDelegating(bean.getClass())) {
			return bean;
		}
		this.wrappedEarly.put(beanName, dataSource);
		return trace(dataSource, beanName);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof DataSource dataSource) || this.wrappedEarly.remove(beanName) == bean) {
			return bean;
		}
		return trace(dataSource, beanName);
	}

	private DataSource trace(DataSource dataSource, String beanName) {
		String reason = this.veto.apply(beanName);
		if (reason != null) {
			return leaveAlone(dataSource, beanName, reason, false);
		}
		if (SpringDataSources.isDelegating(dataSource.getClass())) {
			SpringDataSources.replaceTarget(dataSource,
					(target) -> handsOutTraced(target) ? target : traceOne(target, beanName, true));
			String obstacle = obstacleOf(SpringDataSources.target(dataSource));
			this.states.putIfAbsent(beanName, new DataSourceState(beanName, obstacle));
			return dataSource;
		}
		if (dataSource instanceof ScopedObject) {
			// Its target is a bean of its own.
			return dataSource;
		}
		return traceOne(dataSource, beanName, false);
	}

	private boolean handsOutTraced(DataSource target) {
		return DataSourceProxies.isTraced(target) || obstacleOf(target) != null;
	}

	private DataSource traceOne(DataSource dataSource, String beanName, boolean interfacesSuffice) {
		String other = OtherTracing.find(dataSource);
		if (other != null) {
			return leaveAlone(dataSource, beanName, other, false);
		}
		DataSource traced = dataSource;
		if (!DataSourceProxies.isTraced(dataSource)) {
			try {
				String obstacle = null;
				if (dataSource instanceof Advised proxy && !proxy.isFrozen()) {
					this.proxies.extendProxy(proxy, dataSource);
				}
				else {
					obstacle = SubclassObstacle.find(dataSource.getClass());
					traced = (obstacle != null) ? implementing(dataSource, beanName, interfacesSuffice)
							: this.proxies.extending(dataSource);
				}
				if (obstacle != null && traced == dataSource) {
					return leaveAlone(dataSource, beanName, obstacle + DECLARE, true);
				}
			}
			catch (AopConfigException | LinkageError ex) {
				LOGGER.debug("No proxy for data source '{}'", beanName, ex);
				return leaveAlone(dataSource, beanName, "no proxy can be made: " + ex.getMessage(), true);
			}
		}
		this.states.putIfAbsent(beanName, new DataSourceState(beanName, null));
		return traced;
	}

	private DataSource implementing(DataSource dataSource, String beanName, boolean interfacesSuffice) {
		ConfigurableListableBeanFactory factory = this.beanFactory;
		ClassLoader classLoader = (factory != null) ? factory.getBeanClassLoader()
				: dataSource.getClass().getClassLoader();
		Class<?>[] interfaces = DataSourceProxies.interfaces(dataSource, classLoader);
		boolean suffice = interfacesSuffice || ProxyObstacles.isProxiedByInterface(dataSource.getClass())
				|| (factory != null && isOneOf(DeclaredType.find(factory, beanName), interfaces));
		return (suffice && SubclassObstacle.find(interfaces) == null)
				? this.proxies.implementing(dataSource, interfaces, classLoader) : dataSource;
	}

	private static boolean isOneOf(@Nullable Class<?> declared, Class<?>[] interfaces) {
		if (declared == null) {
			return false;
		}
		for (Class<?> type : interfaces) {
			if (declared.isAssignableFrom(type)) {
				return declared.isInterface();
			}
		}
		return false;
	}

	private @Nullable String obstacleOf(@Nullable DataSource dataSource) {
		if (dataSource == null) {
			return "it has no target";
		}
		for (Map.Entry<String, WeakReference<DataSource>> entry : this.leftAlone.entrySet()) {
			if (entry.getValue().refersTo(dataSource)) {
				DataSourceState state = this.states.get(entry.getKey());
				return (state != null) ? state.obstacle() : null;
			}
		}
		return null;
	}

	private DataSource leaveAlone(DataSource dataSource, String beanName, String reason, boolean unexpected) {
		this.states.put(beanName, new DataSourceState(beanName, reason));
		this.leftAlone.put(beanName, new WeakReference<>(dataSource));
		if (unexpected) {
			LOGGER.warn("SQL of data source '{}' ({}) is not traced: {}", beanName, dataSource.getClass().getName(),
					reason);
		}
		else if (this.told.add(reason)) {
			LOGGER.info("SQL of data source '{}' is not traced: {}", beanName, reason);
		}
		return dataSource;
	}

}
