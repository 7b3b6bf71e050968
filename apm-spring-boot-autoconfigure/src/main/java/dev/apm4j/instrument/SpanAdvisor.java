package dev.apm4j.instrument;

import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.core.Ordered;

/**
 * Applies an interceptor to the methods that carry its annotation. Spans are outside of
 * transactions, caches and retries, so that they tell what the caller experiences; where
 * a method has several annotations, the outermost owns the span.
 */
public final class SpanAdvisor extends AbstractPointcutAdvisor {

	/** Order of entries, which may continue a trace and so come first. */
	public static final int ENTRY_ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	/** Order of jobs. */
	public static final int JOB_ORDER = ENTRY_ORDER + 10;

	/** Order of local spans. */
	public static final int LOCAL_ORDER = JOB_ORDER + 10;

	private final SpanInterceptor.Annotated<?> interceptor;

	/**
	 * Creates an advisor.
	 * @param interceptor the interceptor
	 * @param order one of the orders above
	 */
	public SpanAdvisor(SpanInterceptor.Annotated<?> interceptor, int order) {
		this.interceptor = interceptor;
		setOrder(order);
	}

	@Override
	public Pointcut getPointcut() {
		return this.interceptor.annotated();
	}

	@Override
	public Advice getAdvice() {
		return this.interceptor;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
