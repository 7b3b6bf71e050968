package dev.apm4j.sample.shop.customer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.sample.shop.customer.CustomerRepository.Customer;
import dev.apm4j.sample.shop.customer.CustomerRepository.Item;
import dev.apm4j.sample.shop.web.NotFoundException;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CustomerController {

	private final CustomerRepository customers;

	CustomerController(CustomerRepository customers) {
		this.customers = customers;
	}

	@GetMapping("/customers/{id}/orders")
	CustomerOrders orders(@PathVariable long id) {
		Customer customer = this.customers.findById(id).orElseThrow(() -> new NotFoundException("customer", id));
		Map<Long, List<Purchase>> purchases = new LinkedHashMap<>();
		for (Item item : this.customers.findItems(id)) {
			String product = this.customers.findProductName(item.productId());
			purchases.computeIfAbsent(item.orderId(), (orderId) -> new ArrayList<>())
				.add(new Purchase(product, item.quantity()));
		}
		List<CustomerOrder> orders = new ArrayList<>();
		purchases.forEach((orderId, bought) -> orders.add(new CustomerOrder(orderId, bought)));
		return new CustomerOrders(customer.name(), orders);
	}

	record CustomerOrders(String customer, List<CustomerOrder> orders) {

	}

	record CustomerOrder(long id, List<Purchase> purchases) {

	}

	record Purchase(String product, int quantity) {

	}

}
