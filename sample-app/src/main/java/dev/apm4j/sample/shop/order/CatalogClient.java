package dev.apm4j.sample.shop.order;

import java.util.Objects;

import dev.apm4j.sample.shop.web.ServiceAddress;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

@Component
class CatalogClient {

	private final RestClient client;

	private final ServiceAddress address;

	CatalogClient(RestClient.Builder builder, ServiceAddress address) {
		this.client = builder.build();
		this.address = address;
	}

	String productName(long productId) {
		Product product = this.client.get()
			.uri(this.address.url("/catalog/products/{id}"), productId)
			.retrieve()
			.body(Product.class);
		return Objects.requireNonNull(product).name();
	}

	private record Product(String name) {

	}

}
