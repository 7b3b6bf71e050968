package dev.apm4j.instrument;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

import org.springframework.core.KotlinDetector;

/**
 * Makes each subscription to a {@link Mono} or {@link Flux} a span. Loaded only where
 * Reactor is present.
 */
final class ReactorSpans {

	/** What the keys of this library's own thread-local accessors begin with. */
	private static final String OWN_KEYS = "dev.apm4j.";

	private ReactorSpans() {
	}

	static boolean isReactive(Method method) {
		return Publisher.class.isAssignableFrom(method.getReturnType()) || KotlinDetector.isSuspendingFunction(method);
	}

	/**
	 * Wraps a result, if the method may return the wrapper.
	 * @param result what the method returned
	 * @param returnType what it is declared to return
	 * @param begin opens the span of a subscription, {@code null} if there is none
	 * @return the result or its wrapper
	 */
	static @Nullable Object trace(@Nullable Object result, Class<?> returnType, Supplier<@Nullable SpanCall> begin) {
		if (result instanceof Mono<?> mono && returnType.isAssignableFrom(Mono.class)) {
			return new TracedMono<>(mono, begin);
		}
		if (result instanceof Flux<?> flux && returnType.isAssignableFrom(Flux.class)) {
			return new TracedFlux<>(flux, begin);
		}
		return result;
	}

	private static @Nullable SpanCall begin(Supplier<@Nullable SpanCall> begin, Context context) {
		ContextSnapshot.Scope scope = restore(context);
		try {
			return begin.get();
		}
		finally {
			if (scope != null) {
				scope.close();
			}
		}
	}

	/** The Reactor context knows the current span also where the thread doesn't. */
	private static ContextSnapshot.@Nullable Scope restore(Context context) {
		try {
			return context.isEmpty() ? null : ContextSnapshotFactory.builder().build().setThreadLocalsFrom(context);
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/** Adds the span, which is current now, to the context of everything upstream. */
	private static Context withCurrentSpan(Context context) {
		Context extended = context;
		for (ThreadLocalAccessor<?> accessor : ContextRegistry.getInstance().getThreadLocalAccessors()) {
			if (accessor.key() instanceof String key && key.startsWith(OWN_KEYS)) {
				Object value = accessor.getValue();
				if (value != null) {
					extended = extended.put(key, value);
				}
			}
		}
		return extended;
	}

	private static <T> CoreSubscriber<? super T> enter(@Nullable SpanCall call, CoreSubscriber<? super T> actual,
			boolean single) {
		if (call == null) {
			return actual;
		}
		call.enter();
		return new TracedSubscriber<>(actual, withCurrentSpan(actual.currentContext()), call, single);
	}

	private static final class TracedMono<T> extends MonoOperator<T, T> {

		private final Supplier<@Nullable SpanCall> begin;

		TracedMono(Mono<? extends T> source, Supplier<@Nullable SpanCall> begin) {
			super(source);
			this.begin = begin;
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			SpanCall call = begin(this.begin, actual.currentContext());
			CoreSubscriber<? super T> subscriber = enter(call, actual, true);
			try {
				this.source.subscribe(subscriber);
			}
			finally {
				if (call != null) {
					call.leave();
				}
			}
		}

	}

	private static final class TracedFlux<T> extends FluxOperator<T, T> {

		private final Supplier<@Nullable SpanCall> begin;

		TracedFlux(Flux<? extends T> source, Supplier<@Nullable SpanCall> begin) {
			super(source);
			this.begin = begin;
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			SpanCall call = begin(this.begin, actual.currentContext());
			CoreSubscriber<? super T> subscriber = enter(call, actual, false);
			try {
				this.source.subscribe(subscriber);
			}
			finally {
				if (call != null) {
					call.leave();
				}
			}
		}

	}

	/** Ends the span before the subscriber hears of the end. */
	private static final class TracedSubscriber<T> implements CoreSubscriber<T>, Subscription {

		private final CoreSubscriber<? super T> actual;

		private final Context context;

		private final SpanCall call;

		private final boolean single;

		private final AtomicBoolean ended = new AtomicBoolean();

		private @Nullable Subscription subscription;

		TracedSubscriber(CoreSubscriber<? super T> actual, Context context, SpanCall call, boolean single) {
			this.actual = actual;
			this.context = context;
			this.call = call;
			this.single = single;
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription upstream) {
			this.subscription = upstream;
			this.actual.onSubscribe(this);
		}

		@Override
		public void onNext(T value) {
			if (this.single) {
				end(null);
			}
			this.actual.onNext(value);
		}

		@Override
		public void onError(Throwable error) {
			end(error);
			this.actual.onError(error);
		}

		@Override
		public void onComplete() {
			end(null);
			this.actual.onComplete();
		}

		private void end(@Nullable Throwable error) {
			if (this.ended.compareAndSet(false, true)) {
				this.call.end(error);
			}
		}

		@Override
		public void request(long n) {
			if (this.subscription != null) {
				this.subscription.request(n);
			}
		}

		@Override
		public void cancel() {
			if (this.ended.compareAndSet(false, true)) {
				this.call.cancelled();
			}
			if (this.subscription != null) {
				this.subscription.cancel();
			}
		}

	}

}
