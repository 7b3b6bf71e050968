package dev.apm4j.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A small database in memory behind a pool of one connection.
 */
@State(Scope.Thread)
public class OrdersDatabase {

	private static final int ROWS = 1000;

	final HikariDataSource pool = new HikariDataSource(config());

	private int id;

	private HikariConfig config() {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:h2:mem:orders" + System.identityHashCode(this));
		config.setMaximumPoolSize(1);
		return config;
	}

	/**
	 * Creates the tables.
	 * @throws SQLException never
	 */
	@Setup
	public void create() throws SQLException {
		try (Connection connection = this.pool.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("create table orders (id int primary key, customer int, name varchar(50))");
			statement.execute("create index by_customer on orders (customer)");
			statement.execute("insert into orders select x, x / 10, 'order ' || x from system_range(0, 999)");
		}
	}

	/**
	 * Runs one prepared query as an application without a framework does: a connection
	 * from the pool, a statement, all rows, and everything is closed.
	 * @param source the traced or plain source of the connection
	 * @param rows how many rows to read, 1 or 10
	 * @return something of each row
	 * @throws SQLException never
	 */
	int query(DataSource source, int rows) throws SQLException {
		this.id = (this.id + 7) % ROWS;
		int sum = 0;
		try (Connection connection = source.getConnection();
				PreparedStatement statement = connection
					.prepareStatement((rows == 1) ? "select id, name from orders where id = ?"
							: "select id, name from orders where customer = ?")) {
			statement.setInt(1, (rows == 1) ? this.id : this.id / 10);
			try (ResultSet result = statement.executeQuery()) {
				while (result.next()) {
					sum += result.getInt(1) + result.getString(2).length();
				}
			}
		}
		return sum;
	}

	/**
	 * Closes the pool, and the database with it.
	 */
	@TearDown
	public void close() {
		this.pool.close();
	}

}
