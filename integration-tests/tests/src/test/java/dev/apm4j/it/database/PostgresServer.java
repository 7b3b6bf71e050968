package dev.apm4j.it.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL as the machine's packages have it.
 */
final class PostgresServer implements DatabaseServer {

	private final ServerProcess process;

	private PostgresServer(ServerProcess process) {
		this.process = process;
	}

	static PostgresServer start(List<String> databases) {
		Path initdb = Programs.find("PostgreSQL", "initdb", "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin");
		Path programs = initdb.getParent();
		ServerProcess process = ServerProcess.prepare("postgresql", "postgres");
		try {
			Path password = Files.writeString(process.folder().resolve("password"), PASSWORD);
			process.ownedByServer(password);
			Path data = process.folder().resolve("data");
			process.run(initdb.toString(), "--pgdata=" + data, "--username=" + USER, "--pwfile=" + password,
					"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync");
			process.start(programs.resolve("postgres").toString(), "-D", data.toString(), "-p",
					Integer.toString(process.port()), "-c", "listen_addresses=127.0.0.1", "-c",
					"unix_socket_directories=" + process.folder(), "-c", "fsync=off", "-c", "max_connections=60");
			process.awaitLog("database system is ready to accept connections");
			for (String database : databases) {
				process.run(Map.of("PGPASSWORD", PASSWORD), programs.resolve("createdb").toString(), "--host=127.0.0.1",
						"--port=" + process.port(), "--username=" + USER, "--maintenance-db=postgres", database);
			}
			return new PostgresServer(process);
		}
		catch (IOException ex) {
			process.close();
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException ex) {
			process.close();
			throw ex;
		}
	}

	@Override
	public String url(String database) {
		return "jdbc:postgresql://127.0.0.1:" + this.process.port() + "/" + database;
	}

	@Override
	public int port() {
		return this.process.port();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
