package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.ShardingKey;

/**
 * A connection builder whose connection is traced.
 */
final class TracedConnectionBuilder implements ConnectionBuilder {

	private final ConnectionBuilder delegate;

	private final ConnectionTracing tracing;

	TracedConnectionBuilder(ConnectionBuilder delegate, ConnectionTracing tracing) {
		this.delegate = delegate;
		this.tracing = tracing;
	}

	@Override
	public ConnectionBuilder user(String username) {
		this.delegate.user(username);
		return this;
	}

	@Override
	public ConnectionBuilder password(String password) {
		this.delegate.password(password);
		return this;
	}

	@Override
	public ConnectionBuilder shardingKey(ShardingKey shardingKey) {
		this.delegate.shardingKey(shardingKey);
		return this;
	}

	@Override
	public ConnectionBuilder superShardingKey(ShardingKey superShardingKey) {
		this.delegate.superShardingKey(superShardingKey);
		return this;
	}

	@Override
	public Connection build() throws SQLException {
		return this.tracing.connection(this.delegate::build);
	}

}
