package dev.apm4j.it.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * MariaDB as the machine's packages have it.
 */
final class MariaDbServer {

	private MariaDbServer() {
	}

	static DatabaseServer start(List<String> databases) {
		Path server = Programs.find("MariaDB", "mariadbd", "/usr/sbin", "/usr/libexec");
		Path install = Programs.find("MariaDB", "mariadb-install-db", "/usr/bin");
		Programs.find("MariaDB", "my_print_defaults", "/usr/bin");
		return ServerProcess.started("mariadb", "mysql", "jdbc:mariadb", (process) -> {
			Path data = process.folder().resolve("data");
			process.run(install.toString(), "--no-defaults", "--datadir=" + data,
					"--auth-root-authentication-method=normal", "--skip-test-db");
			List<String> first = new ArrayList<>();
			databases.forEach((database) -> first.add("CREATE DATABASE " + database + ";"));
			first.add("CREATE USER '" + DatabaseServer.USER + "'@'127.0.0.1' IDENTIFIED BY '" + DatabaseServer.PASSWORD
					+ "';");
			first.add("GRANT ALL ON *.* TO '" + DatabaseServer.USER + "'@'127.0.0.1';");
			Path init = Files.write(process.folder().resolve("init.sql"), first);
			process.ownedByServer(init);
			process.start(server.toString(), "--no-defaults", "--datadir=" + data, "--port=" + process.port(),
					"--bind-address=127.0.0.1", "--socket=" + process.folder().resolve("socket"),
					"--pid-file=" + process.folder().resolve("pid"), "--init-file=" + init, "--skip-name-resolve",
					"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M");
			process.awaitLog("ready for connections");
		});
	}

}
