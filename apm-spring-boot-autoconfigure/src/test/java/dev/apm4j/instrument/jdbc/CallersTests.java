package dev.apm4j.instrument.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.apm4j.trace.DatabaseAttributes;
import dev.apm4j.trace.SpanData;
import org.junit.jupiter.api.Test;
import shop.InventoryService;
import shop.OrderService;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where repeated statements come from.
 */
class CallersTests {

	@Test
	@SuppressWarnings("unchecked")
	void aRepeatedStatementTellsTheLineOfTheLoop() throws Exception {
		try (TracedH2 database = new TracedH2()) {
			SpanData span = database.on((connection) -> repeat(connection, new OrderService())).get(0);
			assertThat(span.attribute(DatabaseAttributes.REPEATED)).isEqualTo(10L);
			assertThat(span.attribute("code.function.name")).isEqualTo("shop.OrderService.load");
			assertThat(span.attribute("code.line.number")).isEqualTo((long) OrderService.LINE);
			assertThat(span.attribute("code.file.path")).isEqualTo("OrderService.java");
			assertThat((List<String>) span.attribute(DatabaseAttributes.CALLERS)).hasSize(3)
				.startsWith("shop.OrderService.load(OrderService.java:" + OrderService.LINE + ")")
				.allMatch((frame) -> frame.matches("shop\\.OrderService\\.load(All)?\\(OrderService\\.java:\\d+\\)"));
		}
	}

	@Test
	@SuppressWarnings("unchecked")
	void proxiesAreNoCallers() throws Exception {
		ProxyFactory factory = new ProxyFactory(new OrderService());
		factory.setProxyTargetClass(true);
		OrderService proxied = (OrderService) factory.getProxy();
		assertThat(proxied.getClass().getName()).startsWith("shop.").contains("$$");
		try (TracedH2 database = new TracedH2()) {
			SpanData span = database.on((connection) -> repeat(connection, proxied)).get(0);
			assertThat((List<String>) span.attribute(DatabaseAttributes.CALLERS)).hasSize(3)
				.noneMatch((frame) -> frame.contains("$"));
		}
	}

	@Test
	void withoutTheApplicationsPackagesItIsTheFirstFrameOfNoLibrary() {
		AtomicReference<Map<String, Object>> found = new AtomicReference<>();
		new OrderService().load(1, () -> set(found, new Callers(List.of()).attributes()));
		assertThat(found.get().get("code.function.name")).isEqualTo("shop.OrderService.load");
		assertThat((List<?>) found.get().get(DatabaseAttributes.CALLERS)).hasSize(1);
		new OrderService().load(1, () -> set(found, new Callers(List.of("com.example", " ")).attributes()));
		assertThat(found.get().get("code.function.name")).isEqualTo("shop.OrderService.load");
	}

	@Test
	@SuppressWarnings("unchecked")
	void codeThatKotlinInlinedIsOfTheApplication() {
		AtomicReference<Map<String, Object>> found = new AtomicReference<>();
		new InventoryService().load(() -> set(found, new Callers(List.of("shop")).attributes()));
		assertThat((List<String>) found.get().get(DatabaseAttributes.CALLERS)).hasSize(3)
			.satisfiesExactly((frame) -> assertThat(frame).startsWith("shop.InventoryService$$inlined$map$1.invoke("),
					(frame) -> assertThat(frame).startsWith("shop.InventoryService.load("),
					(frame) -> assertThat(frame).startsWith("shop.InventoryService.load("));
	}

	@Test
	void aPackageIsNotThePrefixOfAnother() {
		AtomicReference<Map<String, Object>> found = new AtomicReference<>();
		new OrderService().load(1, () -> set(found, new Callers(List.of("sho", "shop.Order")).attributes()));
		assertThat((List<?>) found.get().get(DatabaseAttributes.CALLERS)).hasSize(1);
	}

	@Test
	void atMostFiveFramesAreKept() {
		AtomicReference<Map<String, Object>> found = new AtomicReference<>();
		new OrderService().load(1, () -> set(found, new Callers(List.of("shop", "org.junit")).attributes()));
		assertThat((List<?>) found.get().get(DatabaseAttributes.CALLERS)).hasSize(5);
	}

	private static Void set(AtomicReference<Map<String, Object>> target, Map<String, Object> value) {
		target.set(value);
		return null;
	}

	private static void repeat(Connection connection, OrderService service) throws Exception {
		try (PreparedStatement statement = connection.prepareStatement("select * from orders where id = ?")) {
			service.loadAll(10, () -> {
				statement.setInt(1, 1);
				return statement.executeQuery();
			});
		}
	}

}
