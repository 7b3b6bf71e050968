package dev.apm4j.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes sure that somebody applies advisors. Spring Boot registers the creator of proxies
 * in most applications, but neither with {@code spring.aop.auto=false} nor, without
 * AspectJ, with {@code spring.aop.proxy-target-class=false}; the annotations would then
 * be without effect. One that is there already stays as it is.
 */
class ProxyCreatorRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware {

	private @Nullable Environment environment;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		BeanDefinition creator = AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
		if (creator != null) {
			boolean byClass = this.environment == null
					|| this.environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true);
			creator.getPropertyValues().add("proxyTargetClass", byClass);
		}
	}

}
