package dev.apm4j.instrument.http;

import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.web.client.RestTemplate;

/**
 * Hooks every {@link RestTemplate} bean, however it was made, unless it is an
 * {@link ObservedClient}. It comes before the post-processors that make proxies.
 */
public final class RestTemplateTracingPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private static final Logger logger = LoggerFactory.getLogger(RestTemplateTracingPostProcessor.class);

	private final Supplier<HttpClientTracing> tracing;

	/**
	 * Creates the post-processor.
	 * @param tracing asked for with each bean of the type
	 */
	public RestTemplateTracingPostProcessor(Supplier<HttpClientTracing> tracing) {
		this.tracing = tracing;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RestTemplate restTemplate) {
			install(restTemplate);
		}
		return bean;
	}

	private void install(RestTemplate restTemplate) {
		if (ObservedClient.isTraced(restTemplate)) {
			return;
		}
		try {
			new TracingClientHttpRequestInterceptor(this.tracing.get(), HttpClientKind.REST_TEMPLATE)
				.addTo(restTemplate.getInterceptors());
		}
		catch (UnsupportedOperationException ex) {
			// A subclass may hand out a list that can't be changed.
			logger.debug("{} is not traced", restTemplate.getClass(), ex);
		}
	}

}
