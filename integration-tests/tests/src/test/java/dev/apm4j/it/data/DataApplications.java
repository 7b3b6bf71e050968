package dev.apm4j.it.data;

import java.util.stream.Stream;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.StartedOnce;
import dev.apm4j.it.database.Database;
import dev.apm4j.it.database.DatabaseServer;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Provides every deployment of the application with a database, each with one process
 * that all test classes share.
 */
final class DataApplications implements ArgumentsProvider {

	@Override
	public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
		return DataDeployment.all().map((deployment) -> Arguments.of(new Shared(deployment, context)));
	}

	@SuppressWarnings("unchecked")
	private static <K, V extends AutoCloseable> StartedOnce<K, V> running(ExtensionContext context, Class<V> type) {
		return context
			.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION,
					ExtensionContext.Namespace.create(DataApplications.class))
			.getOrComputeIfAbsent(type, (key) -> new StartedOnce<>(), StartedOnce.class);
	}

	/**
	 * A deployment and its application.
	 */
	static final class Shared {

		private final DataDeployment deployment;

		private final StartedOnce<Database, DatabaseServer> servers;

		private final StartedOnce<DataDeployment, Application> applications;

		private Shared(DataDeployment deployment, ExtensionContext context) {
			this.deployment = deployment;
			// What was put into the store last ends first.
			this.servers = running(context, DatabaseServer.class);
			this.applications = running(context, Application.class);
		}

		DataDeployment deployment() {
			return this.deployment;
		}

		DatabaseServer server() {
			return this.servers.get(this.deployment.database(),
					(database) -> database.start(DataDeployment.databases()));
		}

		Application application() {
			return this.applications.get(this.deployment, (key) -> key.launch(server(), "shared").awaitStarted());
		}

		@Override
		public String toString() {
			return this.deployment.toString();
		}

	}

}
