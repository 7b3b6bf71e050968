package dev.apm4j.instrument.http;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.web.client.RestClient;

/**
 * Hooks every {@link RestClient} bean, which is immutable and therefore replaced by a
 * copy, and every {@link RestClient.Builder} bean, unless they are an
 * {@link ObservedClient}. Only Spring's own implementations are touched: a mock or a
 * proxy is left alone.
 */
public final class RestClientTracingPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final Supplier<HttpClientTracing> tracing;

	/**
	 * Creates the post-processor.
	 * @param tracing asked for with each bean of the type
	 */
	public RestClientTracingPostProcessor(Supplier<HttpClientTracing> tracing) {
		this.tracing = tracing;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RestClient restClient && isSprings(bean)) {
			RestClient.Builder builder = restClient.mutate();
			return install(builder) ? builder.build() : bean;
		}
		if (bean instanceof RestClient.Builder builder && isSprings(bean)) {
			install(builder);
		}
		return bean;
	}

	private boolean install(RestClient.Builder builder) {
		AtomicBoolean observed = new AtomicBoolean();
		builder.requestInitializers((initializers) -> observed.set(ObservedClient.isIn(initializers)));
		if (observed.get()) {
			return false;
		}
		AtomicBoolean added = new AtomicBoolean();
		builder.requestInterceptors((interceptors) -> added
			.set(new TracingClientHttpRequestInterceptor(this.tracing.get(), HttpClientKind.REST_CLIENT)
				.addTo(interceptors)));
		return added.get();
	}

	/** Generated classes may be in Spring's package too, with a dollar in their name. */
	private static boolean isSprings(Object bean) {
		Class<?> type = bean.getClass();
		return type.getPackageName().equals(RestClient.class.getPackageName()) && type.getName().indexOf('$') < 0;
	}

}
