package dev.apm4j.trace.kit;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs each test on a thread of its own, so that a span left behind by a tracer fails the
 * test that left it, and no other.
 */
final class OwnThread implements InvocationInterceptor {

	@Override
	public void interceptTestMethod(Invocation<@Nullable Void> invocation,
			ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) {
		run(invocation, context);
	}

	@Override
	public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
			ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) {
		run(invocation, context);
	}

	private void run(Invocation<@Nullable Void> invocation, ExtensionContext context) {
		TracerConformance test = (TracerConformance) context.getRequiredTestInstance();
		Callable<Boolean> task = () -> {
			try {
				invocation.proceed();
			}
			catch (Exception | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
			test.assertNothingIsLeft();
			return true;
		};
		TracerConformance.onNewThread(task);
	}

}
