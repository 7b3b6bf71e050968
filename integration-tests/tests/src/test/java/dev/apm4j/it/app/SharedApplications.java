package dev.apm4j.it.app;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Provides every deployment with one application that all test classes share. An
 * application starts when it is first asked for, and ends with the last test.
 */
public final class SharedApplications implements ArgumentsProvider {

	/** Spans are stored within milliseconds, since every test waits for some. */
	private static final String[] QUICK = { "--apm.export.poll-interval=5ms", "--apm.export.linger=5ms" };

	@Override
	public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
		Running running = context.getRoot()
			.getStore(ExtensionContext.Namespace.create(SharedApplications.class))
			.getOrComputeIfAbsent(Running.class, (key) -> new Running(), Running.class);
		return Deployment.all().map((deployment) -> Arguments.of(new Shared(deployment, running)));
	}

	/**
	 * A deployment and its application.
	 */
	public static final class Shared {

		private final Deployment deployment;

		private final Running running;

		private Shared(Deployment deployment, Running running) {
			this.deployment = deployment;
			this.running = running;
		}

		public Deployment deployment() {
			return this.deployment;
		}

		/**
		 * The application.
		 * @return the running application
		 */
		public Application application() {
			return this.running.get(this.deployment);
		}

		@Override
		public String toString() {
			return this.deployment.toString();
		}

	}

	private static final class Running implements AutoCloseable {

		private final Map<Deployment, Application> applications = new HashMap<>();

		private final Map<Deployment, RuntimeException> failures = new HashMap<>();

		Application get(Deployment deployment) {
			RuntimeException failure = this.failures.get(deployment);
			if (failure != null) {
				throw failure;
			}
			return this.applications.computeIfAbsent(deployment, this::start);
		}

		private Application start(Deployment deployment) {
			try {
				return deployment.launch("shared", QUICK).awaitStarted();
			}
			catch (RuntimeException ex) {
				// One attempt: the others would fail in the same way.
				this.failures.put(deployment, ex);
				throw ex;
			}
		}

		@Override
		public void close() {
			this.applications.values().forEach(Application::close);
		}

	}

}
