package dev.apm4j.sample.shop.order;

import java.util.Objects;

import dev.apm4j.sample.shop.web.ServiceAddress;

import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestTemplate;

@Component
class StockClient {

	private final RestTemplate template;

	private final ServiceAddress address;

	StockClient(RestTemplateBuilder builder, ServiceAddress address) {
		this.template = builder.build();
		this.address = address;
	}

	int quantity(long productId) {
		StockLevel level = this.template.getForObject(this.address.url("/stock/{productId}"), StockLevel.class,
				productId);
		return Objects.requireNonNull(level).quantity();
	}

	private record StockLevel(int quantity) {

	}

}
