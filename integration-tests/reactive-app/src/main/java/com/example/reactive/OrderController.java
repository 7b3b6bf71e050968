package com.example.reactive;

import java.time.Duration;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

@RestController
class OrderController {

	private static final Logger logger = LoggerFactory.getLogger(OrderController.class);

	private static final Duration WHILE = Duration.ofMillis(5);

	private final Environment environment;

	private final WebClient client;

	private final Tracer tracer;

	OrderController(Environment environment, WebClient.Builder client, Tracer tracer) {
		this.environment = environment;
		this.client = client.build();
		this.tracer = tracer;
	}

	@GetMapping("/orders/{id}")
	Mono<String> order(@PathVariable int id) {
		String address = "http://127.0.0.1:" + this.environment.getRequiredProperty("local.server.port")
				+ this.environment.getProperty("spring.webflux.base-path", "");
		return this.client.get()
			.uri(address + "/stock/{id}", id)
			.retrieve()
			.bodyToMono(String.class)
			.doOnNext((stock) -> logger.info("Order {} has {}", id, stock))
			.map((stock) -> "order " + id + ": " + stock);
	}

	@GetMapping(path = "/changes", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> changes() {
		return Flux.range(0, 3).delayElements(WHILE).map((number) -> "change " + number);
	}

	/** Fails on another thread, when the handler has returned long ago. */
	@GetMapping("/failures/{id}")
	Mono<String> failure(@PathVariable int id) {
		return Mono.delay(WHILE).map((tick) -> {
			throw new IllegalStateException("Nothing left of " + id);
		});
	}

	@GetMapping("/trace-id")
	Mono<String> traceId() {
		return Mono.delay(WHILE).map((tick) -> {
			Span span = this.tracer.currentSpan();
			return (span != null) ? span.context().traceId() : "";
		});
	}

}
