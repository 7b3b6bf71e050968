package dev.apm4j.instrument.jdbc;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * As what a bean is known to the application: nobody can ask for the class of a bean that
 * is declared with an interface.
 */
final class DeclaredType {

	private DeclaredType() {
	}

	/**
	 * Finds the type with which a bean is declared.
	 * @param beanFactory the bean factory
	 * @param beanName the bean
	 * @return the type, or {@code null} if it can't be told
	 */
	static @Nullable Class<?> find(ConfigurableListableBeanFactory beanFactory, String beanName) {
		if (!beanFactory.containsBeanDefinition(beanName)) {
			return null;
		}
		BeanDefinition definition = beanFactory.getMergedBeanDefinition(beanName);
		Class<?> type = declared(definition);
		if (type != null && !FactoryBean.class.isAssignableFrom(type)) {
			return type;
		}
		return beanFactory.isFactoryBean(beanName) ? beanFactory.getType(beanName, false) : null;
	}

	private static @Nullable Class<?> declared(BeanDefinition definition) {
		if (definition instanceof RootBeanDefinition root) {
			Method method = root.getResolvedFactoryMethod();
			if (method != null) {
				return method.getReturnType();
			}
		}
		return definition.getResolvableType().resolve();
	}

}
