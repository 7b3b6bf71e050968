package dev.apm4j.it.oap;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Extension that gives tests the one server of the JVM, which starts when it is first
 * asked for. The end of its log is added to a failure.
 */
public final class SharedOapServer implements ParameterResolver, TestExecutionExceptionHandler {

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == OapServer.class;
	}

	@Override
	public OapServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return server(context);
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		failure.addSuppressed(new IllegalStateException(server(context).describe()));
		throw failure;
	}

	private static OapServer server(ExtensionContext context) {
		return context
			.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION,
					ExtensionContext.Namespace.create(SharedOapServer.class))
			.getOrComputeIfAbsent(OapServer.class, (key) -> start(), OapServer.class);
	}

	private static OapServer start() {
		OapServer server = new OapServer("shared");
		try {
			return server.start();
		}
		catch (RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

}
