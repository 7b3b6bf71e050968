package dev.apm4j.it.app;

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
		return Deployment.all().map((deployment) -> Arguments.of(new Shared(deployment, running(context))));
	}

	@SuppressWarnings("unchecked")
	private static StartedOnce<Deployment, Application> running(ExtensionContext context) {
		return context
			.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION,
					ExtensionContext.Namespace.create(SharedApplications.class))
			.getOrComputeIfAbsent(StartedOnce.class, (key) -> new StartedOnce<>(), StartedOnce.class);
	}

	/**
	 * A deployment and its application.
	 */
	public static final class Shared {

		private final Deployment deployment;

		private final StartedOnce<Deployment, Application> running;

		private Shared(Deployment deployment, StartedOnce<Deployment, Application> running) {
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
			return this.running.get(this.deployment, (key) -> key.launch("shared", QUICK).awaitStarted());
		}

		@Override
		public String toString() {
			return this.deployment.toString();
		}

	}

}
