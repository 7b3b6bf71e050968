package dev.apm4j.benchmarks;

import java.util.Map;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Brave and Micrometer's bridge to it, with Micrometer's {@code traceparent} for both. It
 * samples everything and forgets each span when the next one ends.
 */
@State(Scope.Thread)
public class BraveTracing {

	@Nullable MutableSpan last;

	final Tracing tracing = Tracing.newBuilder()
		.traceId128Bit(true)
		.supportsJoin(false)
		.propagationFactory(new W3CPropagation())
		.addSpanHandler(new LastSpan())
		.build();

	final brave.Tracer tracer = this.tracing.tracer();

	final TraceContext.Extractor<Map<String, String>> extractor = this.tracing.propagation().extractor(Map::get);

	final TraceContext.Injector<Map<String, String>> injector = this.tracing.propagation().injector(Map::put);

	final Tracer bridge = new BraveTracer(this.tracer, new BraveCurrentTraceContext(this.tracing.currentTraceContext()),
			new BraveBaggageManager());

	final Propagator bridgePropagator = new BravePropagator(this.tracing);

	final brave.Span parent = this.tracer.nextSpan().start();

	final Span bridgeParent = this.bridge.nextSpan().start();

	brave.Span span() {
		return this.tracer.nextSpan()
			.name("OrderService.find")
			.tag("code.function.name", "OrderService.find")
			.tag("code.namespace", "shop.order")
			.tag("thread.name", "http-nio-8080-exec-1")
			.start();
	}

	void request(Map<String, String> received, Map<String, String> sent) {
		brave.Span entry = this.tracer.nextSpan(this.extractor.extract(received))
			.kind(brave.Span.Kind.SERVER)
			.name("GET /orders/{id}")
			.start();
		try (brave.Tracer.SpanInScope scope = this.tracer.withSpanInScope(entry)) {
			entry.tag("http.request.method", "GET").tag("url.path", "/orders/17");
			exit(sent);
			exit(sent);
			entry.tag("http.route", "/orders/{id}").tag("http.response.status_code", "200");
		}
		entry.finish();
	}

	private void exit(Map<String, String> sent) {
		brave.Span exit = this.tracer.nextSpan().kind(brave.Span.Kind.CLIENT).name("GET").start();
		this.injector.inject(exit.context(), sent);
		exit.tag("http.request.method", "GET")
			.tag("url.full", "http://stock/items/17")
			.tag("server.address", "stock")
			.tag("http.response.status_code", "200");
		exit.finish();
	}

	/**
	 * Lets the next state of this JVM have Brave's static "current" tracing.
	 */
	@TearDown
	public void close() {
		this.tracing.close();
	}

	private final class LastSpan extends SpanHandler {

		@Override
		public boolean end(TraceContext context, MutableSpan span, Cause cause) {
			BraveTracing.this.last = span;
			return true;
		}

	}

}
