package dev.apm4j.export.skywalking;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What SkyWalking calls a database and the library that talks to it. Ids are those of the
 * server's {@code component-libraries.yml}, names those of the Java agent's plugins.
 *
 * @param type value of {@code db.type} or {@code cache.type}
 * @param component id of the library
 * @param port default port, -1 if it has none
 * @param access how it is reached
 */
record DatabaseProduct(String type, int component, int port, Access access) {

	/** How a database is reached. */
	enum Access {

		JDBC, CACHE, OTHER

	}

	private static final int NO_PORT = -1;

	private static final DatabaseProduct POSTGRESQL = jdbc("PostgreSQL", 37, 5432);

	private static final DatabaseProduct ORACLE = jdbc("Oracle", 34, 1521);

	private static final DatabaseProduct SQL_SERVER = jdbc("Mssql", 104, 1433);

	private static final DatabaseProduct DB2 = jdbc("DB2", 155, 50000);

	private static final DatabaseProduct H2 = jdbc("H2", 32, 8084);

	/** By OpenTelemetry's names, the former ones included. */
	private static final Map<String, DatabaseProduct> PRODUCTS = Map.ofEntries(Map.entry("postgresql", POSTGRESQL),
			Map.entry("cockroachdb", jdbc("PostgreSQL", 37, 26257)), Map.entry("mysql", jdbc("Mysql", 33, 3306)),
			Map.entry("mariadb", jdbc("Mariadb", 87, 3306)), Map.entry("oracle.db", ORACLE),
			Map.entry("oracle", ORACLE), Map.entry("microsoft.sql_server", SQL_SERVER), Map.entry("mssql", SQL_SERVER),
			Map.entry("h2database", H2), Map.entry("h2", H2), Map.entry("ibm.db2", DB2), Map.entry("db2", DB2),
			Map.entry("clickhouse", jdbc("ClickHouse", 119, 8123)), Map.entry("derby", jdbc("Derby", 153, 1527)),
			Map.entry("sqlite", jdbc("Sqlite", 154, NO_PORT)), Map.entry("hsqldb", jdbc("HSQLDB", 0, 9001)),
			Map.entry("sybase", jdbc("Sybase", 156, 5000)), Map.entry("oceanbase", jdbc("OceanBase", 157, 2881)),
			Map.entry("dameng", jdbc("DM", 163, 5236)),
			Map.entry("redis", new DatabaseProduct("Redis", 57, 6379, Access.CACHE)),
			Map.entry("memcached", new DatabaseProduct("Memcached", 36, 11211, Access.CACHE)),
			Map.entry("mongodb", new DatabaseProduct("MongoDB", 42, 27017, Access.OTHER)),
			Map.entry("elasticsearch", new DatabaseProduct("Elasticsearch", 77, 9200, Access.OTHER)),
			Map.entry("cassandra", new DatabaseProduct("Cassandra", 69, 9042, Access.OTHER)),
			Map.entry("neo4j", new DatabaseProduct("Neo4j", 112, 7687, Access.OTHER)));

	private static final Map<String, String> CACHE_OPERATIONS = cacheOperations();

	private static DatabaseProduct jdbc(String type, int component, int port) {
		return new DatabaseProduct(type, component, port, Access.JDBC);
	}

	/**
	 * Finds a product.
	 * @param system value of {@code db.system.name}
	 * @return the product; one without component for what SkyWalking doesn't know
	 */
	static DatabaseProduct of(String system) {
		DatabaseProduct known = PRODUCTS.get(system.toLowerCase(Locale.ROOT));
		return (known != null) ? known : new DatabaseProduct(system, 0, NO_PORT, Access.OTHER);
	}

	/** Whether it can run inside the application, where it has no address. */
	boolean isEmbeddable() {
		return this.access == Access.JDBC && switch (this.type) {
			case "H2", "HSQLDB", "Derby", "Sqlite" -> true;
			default -> false;
		};
	}

	/**
	 * Whether a command reads or writes.
	 * @param command name of a Redis command
	 * @return {@code read}, {@code write}, or {@code null} for what is neither
	 */
	static @Nullable String cacheOperation(String command) {
		return CACHE_OPERATIONS.get(command.toUpperCase(Locale.ROOT));
	}

	private static Map<String, String> cacheOperations() {
		Map<String, String> operations = new HashMap<>();
		for (String read : ("GET GETRANGE GETBIT MGET STRLEN EXISTS TTL PTTL TYPE KEYS SCAN HGET HMGET HGETALL HKEYS "
				+ "HVALS HLEN HEXISTS HSCAN LINDEX LLEN LRANGE SCARD SMEMBERS SISMEMBER SMISMEMBER SRANDMEMBER SDIFF "
				+ "SINTER SUNION SSCAN ZCARD ZCOUNT ZRANGE ZRANGEBYSCORE ZREVRANGE ZREVRANGEBYSCORE ZRANK ZREVRANK "
				+ "ZSCORE ZSCAN XRANGE XREVRANGE XLEN XREAD XREADGROUP PFCOUNT BITCOUNT BITPOS GEOPOS GEODIST "
				+ "GEOSEARCH DUMP")
			.split(" ")) {
			operations.put(read, "read");
		}
		for (String write : ("SET SETEX PSETEX SETNX SETRANGE SETBIT MSET MSETNX APPEND GETSET GETDEL GETEX DEL UNLINK "
				+ "INCR INCRBY INCRBYFLOAT DECR DECRBY EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST RENAME RENAMENX HSET "
				+ "HMSET HSETNX HDEL HINCRBY HINCRBYFLOAT LPUSH RPUSH LPUSHX RPUSHX LPOP RPOP BLPOP BRPOP LREM LSET "
				+ "LTRIM LINSERT RPOPLPUSH SADD SREM SPOP SMOVE ZADD ZREM ZINCRBY ZPOPMIN ZPOPMAX ZREMRANGEBYRANK "
				+ "ZREMRANGEBYSCORE XADD XDEL XACK XTRIM PFADD PFMERGE GEOADD BITOP RESTORE FLUSHDB FLUSHALL")
			.split(" ")) {
			operations.put(write, "write");
		}
		return Map.copyOf(operations);
	}

}
