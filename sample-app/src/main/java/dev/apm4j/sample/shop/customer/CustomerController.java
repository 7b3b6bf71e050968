package dev.apm4j.sample.shop.customer;

import java.util.List;

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
		List<CustomerOrder> orders = this.customers.findOrderIds(id).stream().map(this::order).toList();
		return new CustomerOrders(customer.name(), orders);
	}

	private CustomerOrder order(long orderId) {
		List<Purchase> purchases = this.customers.findItems(orderId).stream().map(this::purchase).toList();
		return new CustomerOrder(orderId, purchases);
	}

	private Purchase purchase(Item item) {
		return new Purchase(this.customers.findProductName(item.productId()), item.quantity());
	}

	record CustomerOrders(String customer, List<CustomerOrder> orders) {

	}

	record CustomerOrder(long id, List<Purchase> purchases) {

	}

	record Purchase(String product, int quantity) {

	}

}
