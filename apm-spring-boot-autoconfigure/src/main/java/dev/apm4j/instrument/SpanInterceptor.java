package dev.apm4j.instrument;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.MethodClassKey;
import org.springframework.util.ClassUtils;

/**
 * Puts a span around the calls of a method. Thread-safe.
 * <ul>
 * <li>A {@link CompletionStage} that is returned ends the span when it completes; of
 * Reactor's types each subscription is a span. Everything else ends at return.</li>
 * <li>If the root of the current segment stands for the same method, because it is a job
 * that was opened by the scheduler or carries a second annotation, that span is enriched
 * instead.</li>
 * <li>The method is called exactly once and its exception is rethrown as it is, whatever
 * happens in here.</li>
 * </ul>
 *
 * @param <T> type of the tracer that is needed
 */
public abstract class SpanInterceptor<T extends Tracer> implements MethodInterceptor {

	private static final Logger LOGGER = LoggerFactory.getLogger(SpanInterceptor.class);

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Flux",
			SpanInterceptor.class.getClassLoader());

	private final Supplier<? extends T> supplier;

	private final Map<MethodClassKey, TracedMethod> methods = new ConcurrentHashMap<>();

	private final AtomicBoolean failureReported = new AtomicBoolean();

	private volatile @Nullable T tracer;

	/**
	 * Creates an interceptor.
	 * @param tracer gives the tracer at the first call, not before: the interceptor
	 * exists before most beans do
	 */
	protected SpanInterceptor(Supplier<? extends T> tracer) {
		this.supplier = tracer;
	}

	/**
	 * Describes a method, once per method and class.
	 * @param method the method as it was called
	 * @param targetClass class of the object it is called on
	 * @return what the span tells of it
	 */
	protected abstract TracedMethod describe(Method method, Class<?> targetClass);

	/**
	 * Opens a span.
	 * @param openingTracer the tracer
	 * @param method the method that is called
	 * @param arguments its arguments
	 * @param current the current span, or {@code null}
	 * @return the started span, or {@code null} if the call isn't traced
	 */
	protected abstract @Nullable Span open(T openingTracer, TracedMethod method, @Nullable Object[] arguments,
			@Nullable Span current);

	/**
	 * Adds to a span that somebody else opened for the same call.
	 * @param span the root of the current segment
	 * @param method the method that is called
	 */
	protected void enrich(ApmSpan span, TracedMethod method) {
	}

	/**
	 * Adds to a span, opened here or enriched, what is known when the call has ended.
	 * @param span the span
	 * @param error what the call ended with, or {@code null}
	 */
	protected void ended(Span span, @Nullable Throwable error) {
	}

	@Override
	public final @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		TracedMethod method = method(invocation);
		if (method == null) {
			return invocation.proceed();
		}
		if (REACTOR && ReactorSpans.isReactive(invocation.getMethod())) {
			return invokeReactive(invocation, method);
		}
		SpanCall call = begin(method, invocation.getArguments(), null);
		if (call == null) {
			return invocation.proceed();
		}
		call.enter();
		Object result;
		try {
			result = invocation.proceed();
		}
		catch (Throwable ex) {
			call.leave();
			call.end(ex);
			throw ex;
		}
		call.leave();
		if (!(result instanceof CompletionStage<?> stage) || !call.endWith(stage)) {
			call.end(null);
		}
		return result;
	}

	/**
	 * A publisher does its work when it is subscribed to, maybe never or often, so the
	 * spans belong to the subscriptions. What is current here is the parent if nothing is
	 * current there.
	 */
	private @Nullable Object invokeReactive(MethodInvocation invocation, TracedMethod method) throws Throwable {
		@Nullable Object[] arguments = invocation.getArguments();
		Span caller = currentSpan();
		if (isSuppressed()) {
			return invocation.proceed();
		}
		Object result;
		try {
			result = invocation.proceed();
		}
		catch (Throwable ex) {
			SpanCall call = begin(method, arguments, caller);
			if (call != null) {
				call.end(ex);
			}
			throw ex;
		}
		return ReactorSpans.trace(result, invocation.getMethod().getReturnType(),
				() -> begin(method, arguments, caller));
	}

	private @Nullable TracedMethod method(MethodInvocation invocation) {
		try {
			Method method = invocation.getMethod();
			Object target = invocation.getThis();
			Class<?> targetClass = (target != null) ? target.getClass() : method.getDeclaringClass();
			MethodClassKey key = new MethodClassKey(method, targetClass);
			TracedMethod known = this.methods.get(key);
			return (known != null) ? known
					: this.methods.computeIfAbsent(key, (missing) -> describe(method, targetClass));
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	private @Nullable SpanCall begin(TracedMethod method, @Nullable Object[] arguments, @Nullable Span caller) {
		try {
			T opening = tracer();
			Span current = opening.currentSpan();
			if (current == null) {
				if (isSuppressed(opening)) {
					return null;
				}
				current = caller;
			}
			if (current instanceof ApmSpan root && standsFor(root, method)) {
				enrich(root, method);
				return new SpanCall(this, opening, root, false);
			}
			Span span = open(opening, method, arguments, current);
			return (span != null) ? new SpanCall(this, opening, span, true) : null;
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	private static boolean standsFor(ApmSpan span, TracedMethod method) {
		return method.function() != null && span.isRoot() && span.isActive()
				&& method.function().equals(span.attribute(TracedMethod.FUNCTION));
	}

	/**
	 * Without a lock: two threads that get the same bean do no harm, a lock around the
	 * bean factory's own could.
	 */
	private T tracer() {
		T resolved = this.tracer;
		if (resolved == null) {
			resolved = this.supplier.get();
			this.tracer = resolved;
		}
		return resolved;
	}

	private @Nullable Span currentSpan() {
		try {
			return tracer().currentSpan();
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	private boolean isSuppressed() {
		T resolved = this.tracer;
		return resolved != null && isSuppressed(resolved);
	}

	private static boolean isSuppressed(Tracer tracer) {
		return tracer instanceof ApmTracer apmTracer && apmTracer.isSuppressed();
	}

	/** A failure of ours: told once, then only to those who look for it. */
	final void failed(Throwable failure) {
		if (this.failureReported.compareAndSet(false, true)) {
			LOGGER.warn("A call could not be traced; further failures are logged at debug level", failure);
		}
		else {
			LOGGER.debug("A call could not be traced", failure);
		}
	}

	/**
	 * An interceptor for the methods that carry an annotation, whose value is the name.
	 *
	 * @param <T> type of the tracer that is needed
	 */
	public abstract static class Annotated<T extends Tracer> extends SpanInterceptor<T> {

		private final AnnotatedMethods annotated;

		/**
		 * Creates an interceptor.
		 * @param annotation the annotation
		 * @param tracer gives the tracer at the first call
		 */
		protected Annotated(Class<? extends Annotation> annotation, Supplier<? extends T> tracer) {
			super(tracer);
			this.annotated = new AnnotatedMethods(annotation);
		}

		AnnotatedMethods annotated() {
			return this.annotated;
		}

		@Override
		protected final TracedMethod describe(Method method, Class<?> targetClass) {
			TracedMethod found = this.annotated.find(method, targetClass);
			return (found != null) ? found : TracedMethod.of(method, targetClass);
		}

	}

}
