package com.example.orders;

import java.util.HashMap;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where the application itself has something to say about its traces.
 */
@RestController
class TraceController {

	private static final Logger logger = LoggerFactory.getLogger(TraceController.class);

	private final Tracer tracer;

	private final ObservationRegistry observations;

	private final PriceCalculator calculator;

	private final PriceImport priceImport;

	private final MessageListener listener;

	TraceController(Tracer tracer, ObservationRegistry observations, PriceCalculator calculator,
			PriceImport priceImport, MessageListener listener) {
		this.tracer = tracer;
		this.observations = observations;
		this.calculator = calculator;
		this.priceImport = priceImport;
		this.listener = listener;
	}

	@GetMapping("/trace-id")
	String traceId() {
		Span span = this.tracer.currentSpan();
		return (span != null) ? span.context().traceId() : "";
	}

	@GetMapping("/headers")
	Map<String, String> headers(@RequestHeader Map<String, String> headers) {
		return new HashMap<>(headers);
	}

	@GetMapping("/log")
	String log() {
		logger.info("A line for the log");
		return "logged";
	}

	@GetMapping("/observed")
	String observed() {
		return Observation.createNotStarted("stock.check", this.observations)
			.contextualName("check stock")
			.lowCardinalityKeyValue("warehouse", "north")
			.observe(() -> "observed");
	}

	@GetMapping("/profiled")
	String profiled() {
		return "costs " + this.calculator.price(2);
	}

	@GetMapping("/entry")
	String entry(@RequestParam(defaultValue = "") String traceparent) {
		Map<String, String> headers = traceparent.isEmpty() ? Map.of() : Map.of("traceparent", traceparent);
		return this.listener.onMessage(headers, "an order");
	}

	@GetMapping("/batch")
	String batch(@RequestParam(defaultValue = "1") int count) {
		try {
			return "imported " + this.priceImport.importPrices(count);
		}
		catch (IllegalArgumentException ex) {
			return "refused";
		}
	}

}
