package dev.apm4j.instrument.batch;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.apm4j.instrument.ProxyObstacles;
import dev.apm4j.trace.ApmTracer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Puts runner beans behind a proxy that makes each run a job. A post-processor, because
 * only it knows the bean's name, and a runner is often a lambda that has no other.
 * <p>
 * A proxy of the class keeps the bean's type, annotations and order. A lambda gets a
 * proxy of its interfaces, and so does an object of a final class whose bean method
 * declares only an interface, as nobody can have asked for its class. Any other final
 * class, and one with final methods, is left alone and told in the log.
 */
public final class RunnerPostProcessor
		implements SmartInstantiationAwareBeanPostProcessor, BeanFactoryAware, Ordered, AopInfrastructureBean {

	private static final Logger LOGGER = LoggerFactory.getLogger(RunnerPostProcessor.class);

	private final List<Class<?>> runnerTypes;

	private final Supplier<ApmTracer> tracer;

	private final RunMethods runMethods;

	private final Set<String> wrappedEarly = ConcurrentHashMap.newKeySet();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates the post-processor.
	 * @param runnerTypes the interfaces, each with one abstract method
	 * @param tracer gives the tracer at the first run
	 */
	public RunnerPostProcessor(List<Class<?>> runnerTypes, Supplier<ApmTracer> tracer) {
		this.runnerTypes = List.copyOf(runnerTypes);
		this.tracer = tracer;
		this.runMethods = new RunMethods(this.runnerTypes);
	}

	/** After the creators of proxies, whose proxies are extended. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

	@Override
	public void setBeanFactory(BeanFactory owner) {
		if (owner instanceof ConfigurableListableBeanFactory configurable) {
			this.beanFactory = configurable;
		}
	}

	@Override
	public Object getEarlyBeanReference(Object bean, String beanName) {
		if (!isRunner(bean)) {
			return bean;
		}
		this.wrappedEarly.add(beanName);
		return wrap(bean, beanName);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!isRunner(bean) || this.wrappedEarly.remove(beanName)) {
			return bean;
		}
		return wrap(bean, beanName);
	}

	private boolean isRunner(Object bean) {
		for (Class<?> type : this.runnerTypes) {
			if (type.isInstance(bean)) {
				return true;
			}
		}
		return false;
	}

	private Object wrap(Object bean, String beanName) {
		Advisor advisor = new DefaultPointcutAdvisor(this.runMethods, new RunnerInterceptor(beanName, this.tracer));
		try {
			if (bean instanceof Advised proxy && !proxy.isFrozen()) {
				proxy.addAdvisor(0, advisor);
				return bean;
			}
			return proxy(bean, beanName, advisor);
		}
		catch (RuntimeException | LinkageError ex) {
			LOGGER.warn("Runner '{}' is not traced: no proxy can be made", beanName, ex);
			return bean;
		}
	}

	private Object proxy(Object bean, String beanName, Advisor advisor) {
		Class<?> type = bean.getClass();
		ProxyFactory factory = new ProxyFactory();
		factory.setTarget(bean);
		if (ProxyObstacles.isProxiedByInterface(type) || isKnownByInterface(beanName)) {
			factory.setInterfaces(ClassUtils.getAllInterfacesForClass(type));
		}
		else {
			String obstacle = ProxyObstacles.find(type);
			if (obstacle != null) {
				LOGGER.warn("Runner '{}' ({}) is not traced: {}", beanName, type.getName(), obstacle);
				return bean;
			}
			factory.setProxyTargetClass(true);
		}
		factory.addAdvisor(advisor);
		return factory.getProxy(type.getClassLoader());
	}

	private boolean isKnownByInterface(String beanName) {
		ConfigurableListableBeanFactory factory = this.beanFactory;
		if (factory == null || !factory.containsBeanDefinition(beanName)) {
			return false;
		}
		if (factory.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition) {
			Method method = definition.getResolvedFactoryMethod();
			return method != null && method.getReturnType().isInterface();
		}
		return false;
	}

	private static final class RunMethods extends StaticMethodMatcherPointcut {

		private final List<Class<?>> types;

		RunMethods(List<Class<?>> types) {
			this.types = types;
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			for (Class<?> type : this.types) {
				for (Method run : type.getMethods()) {
					if (AopUtils.getMostSpecificMethod(run, targetClass)
						.equals(AopUtils.getMostSpecificMethod(method, targetClass))) {
						return true;
					}
				}
			}
			return false;
		}

	}

}
