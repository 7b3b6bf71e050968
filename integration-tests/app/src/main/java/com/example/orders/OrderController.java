package com.example.orders;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

@RestController
class OrderController {

	private static final String PRODUCT = "/products/{id}";

	private final OwnAddress address;

	private final RestClient restClient;

	private final RestTemplate restTemplate;

	private final WebClient builtWebClient;

	private final WebClient plainWebClient;

	OrderController(OwnAddress address, RestClient.Builder restClient, RestTemplate restTemplate,
			WebClient.Builder builtWebClient, WebClient plainWebClient) {
		this.address = address;
		this.restClient = restClient.build();
		this.restTemplate = restTemplate;
		this.builtWebClient = builtWebClient.build();
		this.plainWebClient = plainWebClient;
	}

	@GetMapping("/orders/{id}")
	String order(@PathVariable int id) {
		String url = this.address.url(PRODUCT);
		String first = this.restClient.get().uri(url, 11).retrieve().body(String.class);
		String second = this.restTemplate.getForObject(url, String.class, 12);
		String third = this.builtWebClient.get().uri(url, 13).retrieve().bodyToMono(String.class).block();
		String fourth = this.plainWebClient.get().uri(url, 14).retrieve().bodyToMono(String.class).block();
		return "order %d: %s, %s, %s, %s".formatted(id, first, second, third, fourth);
	}

	@GetMapping(PRODUCT)
	String product(@PathVariable int id) {
		return "product " + id;
	}

	@GetMapping("/relay")
	String relay() {
		return this.restClient.get().uri(this.address.url("/headers")).retrieve().body(String.class);
	}

}
