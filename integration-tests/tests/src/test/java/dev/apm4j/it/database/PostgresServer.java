package dev.apm4j.it.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL as the machine's packages have it.
 */
final class PostgresServer {

	private PostgresServer() {
	}

	static DatabaseServer start(List<String> databases) {
		Path initdb = Programs.find("PostgreSQL", "initdb", "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin");
		Path programs = initdb.getParent();
		return ServerProcess.started("postgresql", "postgres", "jdbc:postgresql", (process) -> {
			Path password = Files.writeString(process.folder().resolve("password"), DatabaseServer.PASSWORD);
			process.ownedByServer(password);
			Path data = process.folder().resolve("data");
			process.run(initdb.toString(), "--pgdata=" + data, "--username=" + DatabaseServer.USER,
					"--pwfile=" + password, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync");
			process.start(programs.resolve("postgres").toString(), "-D", data.toString(), "-p",
					Integer.toString(process.port()), "-c", "listen_addresses=127.0.0.1", "-c",
					"unix_socket_directories=" + process.folder(), "-c", "fsync=off", "-c", "max_connections=60");
			process.awaitLog("database system is ready to accept connections");
			for (String database : databases) {
				process.run(Map.of("PGPASSWORD", DatabaseServer.PASSWORD), programs.resolve("createdb").toString(),
						"--host=127.0.0.1", "--port=" + process.port(), "--username=" + DatabaseServer.USER,
						"--maintenance-db=postgres", database);
			}
		});
	}

}
