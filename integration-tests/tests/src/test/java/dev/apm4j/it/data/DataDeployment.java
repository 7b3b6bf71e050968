package dev.apm4j.it.data;

import java.util.List;
import java.util.stream.Stream;

import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.database.Database;
import dev.apm4j.it.database.DatabaseServer;

/**
 * One of the ways in which the application with a database is run.
 *
 * @param deployment the line of Spring Boot and the JDK
 * @param database the database
 */
record DataDeployment(Deployment deployment, Database database) {

	/** Spans are stored within milliseconds, since every test waits for some. */
	private static final List<String> QUICK = List.of("--apm.export.poll-interval=5ms", "--apm.export.linger=5ms");

	static Stream<DataDeployment> all() {
		return Stream.of(with(BootLine.BOOT_3_5, Database.H2), with(BootLine.BOOT_4_0, Database.H2),
				with(BootLine.BOOT_4_1, Database.H2), with(BootLine.BOOT_3_5, Database.POSTGRESQL),
				with(BootLine.BOOT_4_1, Database.POSTGRESQL), with(BootLine.BOOT_3_5, Database.MARIADB),
				with(BootLine.BOOT_4_1, Database.MARIADB),
				new DataDeployment(new Deployment(BootLine.BOOT_4_1, 25, true), Database.H2));
	}

	static DataDeployment with(BootLine line, Database database) {
		return new DataDeployment(Deployment.of(line), database);
	}

	/** Each application on a server has a database of its own. */
	static List<String> databases() {
		return all().map(DataDeployment::databaseName).distinct().toList();
	}

	String databaseName() {
		return "shop_" + this.deployment.line().number().replace('.', '_');
	}

	Application launch(DatabaseServer server, String name, String... arguments) {
		Stream<String> database = Stream.of("--spring.datasource.url=" + server.url(databaseName()),
				"--spring.datasource.username=" + DatabaseServer.USER,
				"--spring.datasource.password=" + DatabaseServer.PASSWORD);
		String[] all = Stream.of(QUICK.stream(), database, Stream.of(arguments))
			.flatMap((some) -> some)
			.toArray(String[]::new);
		return this.deployment.launch(this.deployment.line().dataJar(), this.database + " " + name, all);
	}

	@Override
	public String toString() {
		return this.database + ", " + this.deployment;
	}

}
