package dev.apm4j.autoconfigure;

import java.util.function.Supplier;

import dev.apm4j.trace.ApmTracer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The tracer, as soon as it has been made. A statement must never be what makes it:
 * statements are executed in the midst of the start, by beans that the tracer may need,
 * and on other threads while the one that starts the application waits for them.
 */
final class ExistingTracer implements Supplier<@Nullable ApmTracer> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final String[] names;

	private volatile @Nullable ApmTracer tracer;

	ExistingTracer(ConfigurableListableBeanFactory beanFactory) {
		ConfigurableListableBeanFactory owner = owner(beanFactory);
		this.beanFactory = owner;
		this.names = owner.getBeanNamesForType(ApmTracer.class, true, false);
	}

	private static ConfigurableListableBeanFactory owner(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(ApmTracer.class, true, false).length > 0) {
			return beanFactory;
		}
		BeanFactory parent = beanFactory.getParentBeanFactory();
		return (parent instanceof ConfigurableListableBeanFactory configurable) ? owner(configurable) : beanFactory;
	}

	@Override
	public @Nullable ApmTracer get() {
		ApmTracer existing = this.tracer;
		if (existing == null) {
			existing = find();
			this.tracer = existing;
		}
		return existing;
	}

	private @Nullable ApmTracer find() {
		for (String name : this.names) {
			if (this.beanFactory.containsSingleton(name)
					&& this.beanFactory.getSingleton(name) instanceof ApmTracer existing) {
				return existing;
			}
		}
		return null;
	}

}
