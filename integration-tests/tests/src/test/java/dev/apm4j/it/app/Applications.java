package dev.apm4j.it.app;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Extension that ends the applications of a test, whatever becomes of it, and adds their
 * logs to a failure.
 */
public final class Applications implements AfterEachCallback, TestExecutionExceptionHandler {

	private final List<Application> started = new ArrayList<>();

	private final List<Application> watched = new ArrayList<>();

	/**
	 * Starts an application for this test alone and waits until it is there.
	 * @param deployment how it is run
	 * @param name what for
	 * @param arguments further arguments
	 * @return the running application
	 */
	public Application start(Deployment deployment, String name, String... arguments) {
		return launch(deployment, name, arguments).awaitStarted();
	}

	/**
	 * Starts an application for this test alone.
	 * @param deployment how it is run
	 * @param name what for
	 * @param arguments further arguments
	 * @return the application, still starting
	 */
	public Application launch(Deployment deployment, String name, String... arguments) {
		return add(deployment.launch(name, arguments));
	}

	/**
	 * Takes responsibility for an application.
	 * @param application the application
	 * @return the same
	 */
	public Application add(Application application) {
		this.started.add(application);
		return application;
	}

	/**
	 * Adds the log of an application to failures, without ending it.
	 * @param application an application that others use too
	 * @return the same
	 */
	public Application watch(Application application) {
		this.watched.add(application);
		return application;
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		for (List<Application> applications : List.of(this.started, this.watched)) {
			for (Application application : applications) {
				failure.addSuppressed(new LogOfApplication(application));
			}
		}
		throw failure;
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.started.forEach(Application::close);
	}

	@SuppressWarnings("serial")
	private static final class LogOfApplication extends Exception {

		LogOfApplication(Application application) {
			super(application.describe(), null, false, false);
		}

	}

}
