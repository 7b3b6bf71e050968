package dev.apm4j.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;

import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

class WithoutReactorTests {

	@Test
	void methodsAreTracedWhereReactorIsNotOnTheClassPath() throws Exception {
		ClassLoader loader = new WithoutReactor();
		Callable<?> call = (Callable<?>) Class.forName(TracedCall.class.getName(), true, loader)
			.getDeclaredConstructor()
			.newInstance();
		assertThat(call.getClass().getClassLoader()).isSameAs(loader);
		assertThat(call.call()).isEqualTo("42 in span work");
	}

	/** Loaded by the other class loader. */
	public static class TracedCall implements Callable<Object> {

		@Override
		public Object call() throws Exception {
			ApmTracer tracer = ApmTracer.builder().build();
			Callable<Object> target = () -> "42 in span " + tracer.currentSpan().name();
			ProxyFactory factory = new ProxyFactory(target);
			factory.addAdvice(new Interceptor(tracer));
			return ((Callable<?>) factory.getProxy()).call();
		}

	}

	public static class Interceptor extends SpanInterceptor<ApmTracer> {

		Interceptor(ApmTracer tracer) {
			super(() -> tracer);
		}

		@Override
		protected TracedMethod describe(Method method, Class<?> targetClass) {
			return new TracedMethod("work", true, null);
		}

		@Override
		protected Span open(ApmTracer tracer, TracedMethod method, @Nullable Object[] arguments,
				@Nullable Span current) {
			return tracer.nextSpan().name(method.name()).start();
		}

	}

	private static final class WithoutReactor extends ClassLoader {

		WithoutReactor() {
			super(WithoutReactorTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("reactor.") || name.startsWith("org.reactivestreams.")) {
				throw new ClassNotFoundException(name);
			}
			if (!name.startsWith("dev.apm4j.")) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (in == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] bytes = in.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
