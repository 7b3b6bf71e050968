package com.example.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What H2 has in place of stored procedures. It runs inside the database.
 */
public final class StoredFunctions {

	private StoredFunctions() {
	}

	public static int orderQuantity(Connection connection, long orderId) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT SUM(quantity) FROM order_lines WHERE order_id = ?")) {
			statement.setLong(1, orderId);
			ResultSet result = statement.executeQuery();
			result.next();
			return result.getInt(1);
		}
	}

	public static void restock(Connection connection, int atLeast) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("UPDATE products SET stock = ? WHERE stock < ?")) {
			statement.setInt(1, atLeast);
			statement.setInt(2, atLeast);
			statement.executeUpdate();
		}
	}

}
