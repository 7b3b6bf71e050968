package dev.apm4j.autoconfigure.boot4;

import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Adds the customizer to a {@link RestTemplateBuilder} bean that the application made
 * itself. A builder is immutable and therefore replaced by a copy; a subclass would get
 * lost in that and is left alone.
 */
final class RestTemplateBuilderTracingPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final Supplier<RestTemplateCustomizer> customizer;

	RestTemplateBuilderTracingPostProcessor(Supplier<RestTemplateCustomizer> customizer) {
		this.customizer = customizer;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean.getClass() == RestTemplateBuilder.class) {
			return ((RestTemplateBuilder) bean).additionalCustomizers(this.customizer.get());
		}
		return bean;
	}

}
