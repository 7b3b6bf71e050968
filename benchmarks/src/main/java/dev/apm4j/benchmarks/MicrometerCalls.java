package dev.apm4j.benchmarks;

import java.util.Map;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

/**
 * What instrumentation does through the interfaces of Micrometer Tracing, the same for
 * apm4j and for the two bridges. Each benchmark runs in a JVM of its own, so that every
 * call here has one receiver, as in an application.
 */
final class MicrometerCalls {

	static final Propagator.Getter<Map<String, String>> GETTER = Map::get;

	static final Propagator.Setter<Map<String, String>> SETTER = Map::put;

	private MicrometerCalls() {
	}

	static Span span(Tracer tracer) {
		return tracer.nextSpan()
			.name("OrderService.find")
			.tag("code.function.name", "OrderService.find")
			.tag("code.namespace", "shop.order")
			.tag("thread.name", "http-nio-8080-exec-1")
			.start();
	}

	static void request(Tracer tracer, Propagator propagator, Map<String, String> received, Map<String, String> sent) {
		Span entry = propagator.extract(received, GETTER).kind(Span.Kind.SERVER).name("GET /orders/{id}").start();
		try (Tracer.SpanInScope scope = tracer.withSpan(entry)) {
			entry.tag("http.request.method", "GET").tag("url.path", "/orders/17");
			exit(tracer, propagator, sent);
			exit(tracer, propagator, sent);
			entry.tag("http.route", "/orders/{id}").tag("http.response.status_code", 200);
		}
		entry.end();
	}

	private static void exit(Tracer tracer, Propagator propagator, Map<String, String> sent) {
		Span exit = tracer.spanBuilder().kind(Span.Kind.CLIENT).name("GET").start();
		propagator.inject(exit.context(), sent, SETTER);
		exit.tag("http.request.method", "GET")
			.tag("url.full", "http://stock/items/17")
			.tag("server.address", "stock")
			.tag("http.response.status_code", 200);
		exit.end();
	}

}
