package dev.apm4j.export.skywalking;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import io.micrometer.tracing.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What each kind of span becomes: type, layer, component, name, peer and tags, as
 * SkyWalking's Java agent has them.
 */
class SpanConventionTests {

	private static final Span.Kind EXIT = Span.Kind.CLIENT;

	private final RecordedSegments recorded = new RecordedSegments();

	static Stream<Arguments> children() {
		return Stream.of(
				arguments("RestTemplate with a template", EXIT, "GET /items/{id}",
						tags("http.request.method", "GET", "url.template", "/items/{id}", "server.address", "stock",
								"server.port", 8080L, "url.full", "http://stock:8080/items/7",
								"http.response.status_code", 200L),
						"Exit Http 13 /items/{id} @stock:8080 {url=http://stock:8080/items/7; http.method=GET; "
								+ "http.status_code=200}"),
				arguments("HTTP call without a template", EXIT, "POST",
						tags("http.request.method", "POST", "server.address", "stock", "server.port", 443L, "url.full",
								"https://stock/items/7?page=2", "http.response.status_code", 503L, "error.type", "503"),
						"Exit Http 13 /items/7 @stock:443 {url=https://stock/items/7?page=2; http.method=POST; "
								+ "http.status_code=503; error.type=503} error"),
				arguments("HTTP call to the root", EXIT, "GET",
						tags("http.request.method", "GET", "server.address", "stock", "server.port", 80L, "url.full",
								"http://stock?a=/b"),
						"Exit Http 13 / @stock:80 {url=http://stock?a=/b; http.method=GET}"),
				arguments("WebClient", EXIT, "GET",
						tags("apm.http.client", "web-client", "http.request.method", "GET", "server.address", "stock",
								"server.port", 80L, "url.full", "http://stock/items"),
						"Exit Http 99 /items @stock:80 {url=http://stock/items; http.method=GET}"),
				arguments("RestClient", EXIT, "GET",
						tags("apm.http.client", "rest-client", "http.request.method", "GET", "server.address", "stock",
								"server.port", 80L, "url.full", "http://stock/items"),
						"Exit Http 66 /items @stock:80 {url=http://stock/items; http.method=GET}"),
				arguments("status 404 without another sign of failure", EXIT, "GET",
						tags("http.request.method", "GET", "http.response.status_code", 404L, "server.address",
								"stock"),
						"Exit Http 13 GET @stock {http.method=GET; http.status_code=404} error"),
				database("postgresql", "db", 5433L,
						"Exit Database 37 PostgreSQL/JDBC/SELECT orders @db:5433"
								+ " {db.type=PostgreSQL; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("mysql", "db", null,
						"Exit Database 33 Mysql/JDBC/SELECT orders @db:3306 "
								+ "{db.type=Mysql; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("mariadb", "db", null,
						"Exit Database 87 Mariadb/JDBC/SELECT orders @db:3306 "
								+ "{db.type=Mariadb; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("oracle.db", "a,b:1522", null,
						"Exit Database 34 Oracle/JDBC/SELECT orders @a:1521,b:1522 "
								+ "{db.type=Oracle; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("microsoft.sql_server", "::1", null,
						"Exit Database 104 Mssql/JDBC/SELECT orders @[::1]:1433 "
								+ "{db.type=Mssql; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("h2database", null, null,
						"Exit Database 32 H2/JDBC/SELECT orders @localhost:-1 "
								+ "{db.type=H2; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("h2database", "db", null,
						"Exit Database 32 H2/JDBC/SELECT orders @db:8084 "
								+ "{db.type=H2; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("ibm.db2", "db", null,
						"Exit Database 155 DB2/JDBC/SELECT orders @db:50000 "
								+ "{db.type=DB2; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("clickhouse", "db", null,
						"Exit Database 119 ClickHouse/JDBC/SELECT orders @db:8123 "
								+ "{db.type=ClickHouse; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("derby", null, null,
						"Exit Database 153 Derby/JDBC/SELECT orders @localhost:-1 "
								+ "{db.type=Derby; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("sqlite", null, null,
						"Exit Database 154 Sqlite/JDBC/SELECT orders @localhost:-1 "
								+ "{db.type=Sqlite; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("hsqldb", null, null,
						"Exit Database 0 HSQLDB/JDBC/SELECT orders @localhost:-1 "
								+ "{db.type=HSQLDB; db.instance=shop; db.statement=SELECT * FROM orders}"),
				database("postgresql", null, null,
						"Exit Database 37 PostgreSQL/JDBC/SELECT orders @PostgreSQL "
								+ "{db.type=PostgreSQL; db.instance=shop; db.statement=SELECT * FROM orders}"),
				arguments("commit", EXIT, "COMMIT",
						tags("db.system.name", "h2database", "db.namespace", "shop", "db.operation.name", "COMMIT"),
						"Exit Database 32 H2/JDBC/Connection/commit @localhost:-1 {db.type=H2; db.instance=shop; "
								+ "db.operation.name=COMMIT}"),
				arguments("bind values, rows, repetition", EXIT, "SELECT items",
						tags("db.system.name", "mysql", "server.address", "db", "server.port", 3306L, "db.query.text",
								"SELECT ?", "db.query.parameter.0", "7", "db.query.parameter.1", "abc",
								"db.response.returned_rows", 2L, "apm.db.repeated", 25L, "apm.db.callers",
								List.of("shop.A.b(A.java:1)", "shop.C.d(C.java:2)")),
						"Exit Database 33 Mysql/JDBC/SELECT items @db:3306 {db.type=Mysql; db.statement=SELECT ?; "
								+ "db.sql.parameters=[7,abc]; db.response.returned_rows=2; apm.db.repeated=25; "
								+ "apm.db.callers=shop.A.b(A.java:1),shop.C.d(C.java:2)}"),
				arguments("Lettuce", EXIT, "get",
						tags("db.system", "redis", "db.operation", "get", "server.address", "cache", "server.port",
								6379L),
						"Exit Cache 57 Lettuce/GET @cache:6379 {cache.type=Redis; cache.cmd=GET; cache.op=read; "
								+ "db.operation=get}"),
				arguments("Lettuce, as older versions name it", EXIT, "SET",
						tags("db.system", "redis", "db.operation", "SET", "net.peer.name", "cache", "net.peer.port",
								"6380"),
						"Exit Cache 57 Lettuce/SET @cache:6380 {cache.type=Redis; cache.cmd=SET; cache.op=write; "
								+ "db.operation=SET}"),
				arguments("MongoDB", EXIT, "orders.find",
						tags("db.system", "mongodb", "db.name", "shop", "db.operation", "find", "network.peer.address",
								"10.0.0.7", "network.peer.port", 27017L),
						"Exit Database 42 MongoDB/find @10.0.0.7:27017 {db.type=MongoDB; db.instance=shop; "
								+ "db.operation=find}"),
				arguments("Elasticsearch", EXIT, "search",
						tags("db.system.name", "elasticsearch", "db.operation.name", "search", "server.address", "es"),
						"Exit Database 77 Elasticsearch/search @es:9200 {db.type=Elasticsearch; "
								+ "db.operation.name=search}"),
				arguments("Kafka producer", Span.Kind.PRODUCER, "orders send",
						tags("messaging.system", "kafka", "messaging.destination.name", "orders", "server.address",
								"k1:9092,k2:9092"),
						"Exit MQ 40 Kafka/orders/Producer @k1:9092,k2:9092 {mq.broker=k1:9092,k2:9092; mq.topic=orders}"),
				arguments("RabbitMQ producer", Span.Kind.PRODUCER, "orders/new send",
						tags("peer.service", "RabbitMQ", "messaging.destination.name", "orders",
								"messaging.rabbitmq.destination.routing_key", "new"),
						"Exit MQ 52 RabbitMQ/Topic/ordersQueue/new/Producer @RabbitMQ {mq.broker=RabbitMQ; "
								+ "mq.topic=orders; mq.queue=new; peer.service=RabbitMQ}"),
				arguments("gRPC client", EXIT, "shop.Stock/find",
						tags("rpc.system", "grpc", "rpc.service", "shop.Stock", "rpc.method", "find",
								"grpc.status_code", "OK", "server.address", "stock", "server.port", 9090L),
						"Exit RPCFramework 23 shop.Stock.find @stock:9090 {rpc.status_code=OK}"),
				arguments("profiled method", null, "OrderService.price",
						tags("code.function.name", "shop.OrderService.price"),
						"Local Unknown 93 OrderService.price {code.function.name=shop.OrderService.price}"),
				arguments("waiting for a connection", null, "CONNECT shop",
						tags("db.system.name", "h2database", "db.namespace", "shop"),
						"Local Unknown 32 CONNECT shop {db.system.name=h2database; db.namespace=shop}"),
				arguments("Observation", null, "bake cake", tags("sort", "apple", "server.address", "oven"),
						"Local Unknown 141 bake cake {sort=apple; server.address=oven}"),
				arguments("an exit of which nothing is known", EXIT, "call", tags(), "Exit Unknown 141 call {}"),
				arguments("an exit to a named service", EXIT, "call", tags("peer.service", "legacy"),
						"Exit Unknown 141 call @legacy {peer.service=legacy}"),
				arguments("the server's own key with anything in it", null, "work", tags("x-le", "no json", "x", "y"),
						"Local Unknown 141 work {x=y}"),
				arguments("a server span inside of a request", Span.Kind.SERVER, "inner", tags(),
						"Local Unknown 141 inner {}"));
	}

	private static Arguments database(String system, String host, Long port, String expected) {
		return arguments(system + " at " + host, EXIT, "SELECT orders", (UnaryOperator<ApmSpan>) (span) -> {
			span.tag("db.system.name", system)
				.tag("db.namespace", "shop")
				.tag("db.query.text", "SELECT * FROM orders")
				.tag("server.address", host);
			return (port != null) ? span.tag("server.port", port) : span;
		}, expected);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void children(String what, Span.Kind kind, String name, UnaryOperator<ApmSpan> tags, String expected) {
		ApmSpan request = this.recorded.request();
		tags.apply(this.recorded.child(request, name, kind)).end();
		request.end();
		assertThat(RecordedSegments.text(this.recorded.translated().getSpans(1))).isEqualTo(expected);
	}

	static Stream<Arguments> roots() {
		return Stream.of(arguments("Spring MVC", Span.Kind.SERVER, "GET /orders/{id}",
				tags("http.request.method", "GET", "url.scheme", "http", "url.path", "/orders/7", "user_agent.original",
						"curl", "http.route", "/orders/{id}", "http.response.status_code", 200L),
				"Entry Http 14 GET:/orders/{id} {url=/orders/7; http.method=GET; http.status_code=200; "
						+ "user_agent.original=curl}"),
				arguments("with address and query", Span.Kind.SERVER, "GET /orders",
						tags("http.request.method", "GET", "url.scheme", "https", "url.path", "/orders", "http.route",
								"/orders", "server.address", "shop.example", "server.port", 8443L, "url.query",
								"page=2"),
						"Entry Http 14 GET:/orders {url=https://shop.example:8443/orders; http.method=GET; "
								+ "http.params=page=2}"),
				arguments("a client's mistake, before any route was found", Span.Kind.SERVER, "GET",
						tags("http.request.method", "GET", "url.scheme", "http", "url.path", "/wp-login.php",
								"http.response.status_code", 401L),
						"Entry Http 1 GET {url=/wp-login.php; http.method=GET; http.status_code=401} error"),
				arguments("an unknown method", Span.Kind.SERVER, "HTTP /orders",
						tags("http.request.method", "_OTHER", "http.request.method_original", "PROPFIND", "url.scheme",
								"http", "url.path", "/orders", "http.route", "/orders"),
						"Entry Http 14 HTTP:/orders {url=/orders; http.method=PROPFIND}"),
				arguments("a route that is known while the name is not changed yet", Span.Kind.SERVER, "GET",
						tags("http.request.method", "GET", "url.scheme", "http", "http.route", "/orders"),
						"Entry Http 14 GET:/orders {http.method=GET}"),
				arguments("a name that the user has given", Span.Kind.SERVER, "checkout",
						tags("http.request.method", "GET", "url.scheme", "http", "http.route", "/orders"),
						"Entry Http 14 checkout {http.method=GET}"),
				arguments("WebFlux", Span.Kind.SERVER, "GET /orders/{id}",
						tags("url.path", "/orders/7", "http.route", "/orders/{id}", "http.request.method", "GET",
								"http.response.status_code", 500L, "error.type", "500"),
						"Entry Http 67 GET:/orders/{id} {url=/orders/7; http.method=GET; http.status_code=500; "
								+ "error.type=500} error"),
				arguments("Kafka consumer", Span.Kind.CONSUMER, "orders receive",
						tags("messaging.system", "kafka", "messaging.destination.name", "orders",
								"messaging.kafka.consumer.group", "billing", "server.address", "k1:9092"),
						"Entry MQ 41 Kafka/orders/Consumer/billing @k1:9092 {mq.broker=k1:9092; mq.topic=orders; "
								+ "messaging.kafka.consumer.group=billing}"),
				arguments("Kafka consumer as Spring Kafka describes it", Span.Kind.CONSUMER, "spring.kafka.listener",
						tags("messaging.system", "kafka", "messaging.source.name", "orders", "messaging.source.kind",
								"topic", "messaging.kafka.consumer.group", "billing", "peer.service", "Apache Kafka"),
						"Entry MQ 41 Kafka/orders/Consumer/billing @Apache Kafka {mq.broker=Apache Kafka; "
								+ "mq.topic=orders; messaging.source.kind=topic; "
								+ "messaging.kafka.consumer.group=billing; peer.service=Apache Kafka}"),
				arguments("RabbitMQ consumer", Span.Kind.CONSUMER, "billing receive",
						tags("messaging.system", "rabbitmq", "messaging.destination.name", "billing", "server.address",
								"rabbit", "server.port", 5672L),
						"Entry MQ 53 RabbitMQ/Topic/Queue/billing/Consumer @rabbit:5672 {mq.broker=rabbit:5672; "
								+ "mq.queue=billing}"),
				arguments("gRPC server", Span.Kind.SERVER, "shop.Stock/find", tags("grpc.status_code", "NOT_FOUND"),
						"Entry RPCFramework 23 shop.Stock.find {rpc.status_code=NOT_FOUND}"),
				arguments("@EntryPoint", Span.Kind.CONSUMER, "OrderListener.on",
						tags("code.function.name", "shop.OrderListener.on"),
						"Entry Unknown 93 OrderListener.on {code.function.name=shop.OrderListener.on}"),
				arguments("@Scheduled", null, "Report.daily",
						tags("apm.job.type", "scheduled", "code.function.name", "shop.Report.daily", "apm.job.outcome",
								"success"),
						"Local Unknown 96 SpringScheduled/shop.Report.daily {x-le={\"logic-span\":true}; "
								+ "apm.job.type=scheduled; code.function.name=shop.Report.daily; "
								+ "apm.job.outcome=success}"),
				arguments("@Scheduled with a name of its own", null, "nightly report",
						tags("apm.job.type", "scheduled", "code.function.name", "shop.Report.daily"),
						"Local Unknown 96 nightly report {x-le={\"logic-span\":true}; apm.job.type=scheduled; "
								+ "code.function.name=shop.Report.daily}"),
				arguments("CommandLineRunner, a component", null, "productImport",
						tags("apm.job.type", "runner", "code.function.name", "shop.ProductImport.run"),
						"Local Unknown 93 SpringRunner/shop.ProductImport.run {x-le={\"logic-span\":true}; "
								+ "apm.job.type=runner; code.function.name=shop.ProductImport.run}"),
				arguments("CommandLineRunner, a component inside of a class", null, "shop.ProductImport",
						tags("apm.job.type", "runner", "code.function.name", "demo.Shop.ProductImport.run"),
						"Local Unknown 93 SpringRunner/demo.Shop.ProductImport.run {x-le={\"logic-span\":true}; "
								+ "apm.job.type=runner; code.function.name=demo.Shop.ProductImport.run}"),
				arguments("CommandLineRunner, a bean with a name of its own", null, "nightlyImport",
						tags("apm.job.type", "runner", "code.function.name", "shop.ProductImport.run"),
						"Local Unknown 93 SpringRunner/nightlyImport {x-le={\"logic-span\":true}; "
								+ "apm.job.type=runner; code.function.name=shop.ProductImport.run}"),
				arguments("CommandLineRunner, a lambda", null, "importProducts", tags("apm.job.type", "runner"),
						"Local Unknown 93 SpringRunner/importProducts {x-le={\"logic-span\":true}; "
								+ "apm.job.type=runner}"),
				arguments("@BatchProfiling", null, "Import.prices",
						tags("apm.job.type", "batch", "code.function.name", "shop.Import.prices"),
						"Local Unknown 93 Import.prices {x-le={\"logic-span\":true}; apm.job.type=batch; "
								+ "code.function.name=shop.Import.prices}"),
				arguments("an Observation that begins a trace", null, "poll", tags(),
						"Local Unknown 141 poll {x-le={\"logic-span\":true}}"),
				arguments("a call outside of any request", EXIT, "GET",
						tags("http.request.method", "GET", "url.full", "http://stock/items", "server.address", "stock",
								"server.port", 80L),
						"Exit Http 13 /items @stock:80 {url=http://stock/items; http.method=GET}"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void roots(String what, Span.Kind kind, String name, UnaryOperator<ApmSpan> tags, String expected) {
		ApmTracer tracer = this.recorded.tracer();
		ApmSpan root = tracer.nextSegment(null).name(name).kind(kind).start();
		tags.apply(root).end();
		assertThat(RecordedSegments.text(this.recorded.translated().getSpans(0))).isEqualTo(expected);
	}

	private static UnaryOperator<ApmSpan> tags(Object... keysAndValues) {
		return (span) -> {
			for (int i = 0; i < keysAndValues.length; i += 2) {
				String key = (String) keysAndValues[i];
				Object value = keysAndValues[i + 1];
				if (value instanceof Long number) {
					span.tag(key, number.longValue());
				}
				else if (value instanceof List<?> list) {
					span.tagOfStrings(key, list.stream().map(Object::toString).toList());
				}
				else {
					span.tag(key, (String) value);
				}
			}
			return span;
		};
	}

}
