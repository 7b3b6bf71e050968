package com.example.orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Clients made by hand, as many applications have them: no builder of Spring Boot's is
 * involved.
 */
@Configuration(proxyBeanMethods = false)
class ClientsConfiguration {

	@Bean
	RestTemplate stockTemplate() {
		return new RestTemplate();
	}

	@Bean
	WebClient shippingClient() {
		return WebClient.create();
	}

}
