package dev.apm4j.it.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * MariaDB as the machine's packages have it.
 */
final class MariaDbServer implements DatabaseServer {

	private final ServerProcess process;

	private MariaDbServer(ServerProcess process) {
		this.process = process;
	}

	static MariaDbServer start(List<String> databases) {
		Path server = Programs.find("MariaDB", "mariadbd", "/usr/sbin", "/usr/libexec");
		Path install = Programs.find("MariaDB", "mariadb-install-db", "/usr/bin");
		Programs.find("MariaDB", "my_print_defaults", "/usr/bin");
		ServerProcess process = ServerProcess.prepare("mariadb", "mysql");
		try {
			Path data = process.folder().resolve("data");
			process.run(install.toString(), "--no-defaults", "--datadir=" + data,
					"--auth-root-authentication-method=normal", "--skip-test-db");
			List<String> first = new ArrayList<>();
			databases.forEach((database) -> first.add("CREATE DATABASE " + database + ";"));
			first.add("CREATE USER '" + USER + "'@'127.0.0.1' IDENTIFIED BY '" + PASSWORD + "';");
			first.add("GRANT ALL ON *.* TO '" + USER + "'@'127.0.0.1';");
			Path init = Files.write(process.folder().resolve("init.sql"), first);
			process.ownedByServer(init);
			process.start(server.toString(), "--no-defaults", "--datadir=" + data, "--port=" + process.port(),
					"--bind-address=127.0.0.1", "--socket=" + process.folder().resolve("socket"),
					"--pid-file=" + process.folder().resolve("pid"), "--init-file=" + init, "--skip-name-resolve",
					"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M");
			process.awaitLog("ready for connections");
			return new MariaDbServer(process);
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
		return "jdbc:mariadb://127.0.0.1:" + this.process.port() + "/" + database;
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
