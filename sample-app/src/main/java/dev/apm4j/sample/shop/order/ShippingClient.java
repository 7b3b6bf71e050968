package dev.apm4j.sample.shop.order;

import java.util.Objects;

import dev.apm4j.sample.shop.web.ServiceAddress;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

@Component
class ShippingClient {

	private final WebClient client;

	private final ServiceAddress address;

	ShippingClient(WebClient.Builder builder, ServiceAddress address) {
		this.client = builder.build();
		this.address = address;
	}

	OrderDetails.Shipping quote(long orderId) {
		OrderDetails.Shipping shipping = this.client.get()
			.uri(this.address.url("/shipping/quotes/{orderId}"), orderId)
			.retrieve()
			.bodyToMono(OrderDetails.Shipping.class)
			.block();
		return Objects.requireNonNull(shipping);
	}

}
