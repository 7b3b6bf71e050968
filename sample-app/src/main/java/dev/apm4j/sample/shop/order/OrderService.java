package dev.apm4j.sample.shop.order;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.apm4j.sample.shop.stock.StockRepository;
import dev.apm4j.sample.shop.web.NotFoundException;

import org.springframework.resilience.annotation.ConcurrencyLimit;
import org.springframework.resilience.annotation.ConcurrencyLimit.ThrottlePolicy;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class OrderService {

	private final OrderRepository orders;

	private final StockRepository stock;

	private final CatalogClient catalogClient;

	private final StockClient stockClient;

	private final ShippingClient shippingClient;

	OrderService(OrderRepository orders, StockRepository stock, CatalogClient catalogClient, StockClient stockClient,
			ShippingClient shippingClient) {
		this.orders = orders;
		this.stock = stock;
		this.catalogClient = catalogClient;
		this.stockClient = stockClient;
		this.shippingClient = shippingClient;
	}

	List<Order> findLatest(int limit) {
		return this.orders.findLatest(limit);
	}

	// The services asked here run on the same web server. If all of its threads waited
	// here,
	// none would be left to answer them. Not in a transaction either: a database
	// connection
	// isn't kept while others are waited for.
	@ConcurrencyLimit(limit = 64, policy = ThrottlePolicy.REJECT)
	OrderDetails find(long id) {
		Order order = this.orders.findById(id).orElseThrow(() -> new NotFoundException("order", id));
		List<OrderItem> items = this.orders.findItems(id);
		List<OrderDetails.Line> lines = items.stream().map(this::line).toList();
		BigDecimal total = items.stream().map(OrderItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
		return new OrderDetails(id, order.customer(), order.placedAt(), order.status(), lines, total,
				this.shippingClient.quote(id));
	}

	private OrderDetails.Line line(OrderItem item) {
		return new OrderDetails.Line(item.productId(), this.catalogClient.productName(item.productId()),
				item.quantity(), item.unitPrice(), this.stockClient.quantity(item.productId()));
	}

	@Transactional
	long place(NewOrder order) {
		if (!this.orders.customerExists(order.customerId())) {
			throw OrderRejectedException.unknown("customer", order.customerId());
		}
		long id = this.orders.insert(order.customerId());
		quantities(order).forEach((productId, quantity) -> {
			if (!this.orders.insertItem(id, productId, quantity)) {
				throw OrderRejectedException.unknown("product", productId);
			}
			if (!this.stock.take(productId, quantity)) {
				throw OrderRejectedException.outOfStock(productId);
			}
		});
		return id;
	}

	// Sorted by product, so that two orders never lock the same rows in opposite
	// directions.
	private static Map<Long, Integer> quantities(NewOrder order) {
		Map<Long, Integer> quantities = new TreeMap<>();
		order.items().forEach((item) -> quantities.merge(item.productId(), item.quantity(), Integer::sum));
		return quantities;
	}

}
