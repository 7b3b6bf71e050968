package com.example.data;

import java.util.ArrayList;
import java.util.List;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Walks along an association, which is a query for each order.
 */
@Service
class OrderSummary {

	private final PurchaseOrderRepository orders;

	OrderSummary(PurchaseOrderRepository orders) {
		this.orders = orders;
	}

	@Transactional(readOnly = true)
	public List<String> quantities() {
		List<String> quantities = new ArrayList<>();
		for (PurchaseOrder order : this.orders.findByStatusOrderById("zzopen")) {
			int quantity = order.getLines().stream().mapToInt(OrderLine::getQuantity).sum();
			quantities.add(Rows.text(order.getId(), quantity));
		}
		return quantities;
	}

}
