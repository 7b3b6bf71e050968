package dev.apm4j.benchmarks;

import java.util.List;
import java.util.Map;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelBaggageManager;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.State;

/**
 * The OpenTelemetry SDK and Micrometer's bridge to it. It samples everything and forgets
 * each span when the next one ends.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class OtelTracing {

	private static final AttributeKey<String> FUNCTION = AttributeKey.stringKey("code.function.name");

	private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("code.namespace");

	private static final AttributeKey<String> THREAD = AttributeKey.stringKey("thread.name");

	private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");

	private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");

	private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");

	private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");

	private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");

	private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");

	static final TextMapGetter<Map<String, String>> GETTER = new MapGetter();

	static final TextMapSetter<Map<String, String>> SETTER = (carrier, key, value) -> {
		if (carrier != null) {
			carrier.put(key, value);
		}
	};

	@Nullable ReadableSpan last;

	final SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(new LastSpan()).build();

	final io.opentelemetry.api.trace.Tracer tracer = this.provider.get("benchmark");

	final TextMapPropagator propagator = W3CTraceContextPropagator.getInstance();

	private final OtelCurrentTraceContext current = new OtelCurrentTraceContext();

	final Tracer bridge = new OtelTracer(this.tracer, this.current, (event) -> {
	}, new OtelBaggageManager(this.current, List.of(), List.of()));

	final Propagator bridgePropagator = new OtelPropagator(ContextPropagators.create(this.propagator), this.tracer);

	final Context parent = Context.root().with(this.tracer.spanBuilder("parent").startSpan());

	final io.micrometer.tracing.Span bridgeParent = this.bridge.nextSpan().start();

	Span span() {
		return this.tracer.spanBuilder("OrderService.find")
			.setAttribute(FUNCTION, "OrderService.find")
			.setAttribute(NAMESPACE, "shop.order")
			.setAttribute(THREAD, "http-nio-8080-exec-1")
			.startSpan();
	}

	void request(Map<String, String> received, Map<String, String> sent) {
		Span entry = this.tracer.spanBuilder("GET /orders/{id}")
			.setParent(this.propagator.extract(Context.root(), received, GETTER))
			.setSpanKind(SpanKind.SERVER)
			.startSpan();
		try (Scope scope = entry.makeCurrent()) {
			entry.setAttribute(METHOD, "GET").setAttribute(PATH, "/orders/17");
			exit(sent);
			exit(sent);
			entry.setAttribute(ROUTE, "/orders/{id}").setAttribute(STATUS, 200);
		}
		entry.end();
	}

	private void exit(Map<String, String> sent) {
		Span exit = this.tracer.spanBuilder("GET").setSpanKind(SpanKind.CLIENT).startSpan();
		this.propagator.inject(Context.current().with(exit), sent, SETTER);
		exit.setAttribute(METHOD, "GET")
			.setAttribute(URL, "http://stock/items/17")
			.setAttribute(SERVER, "stock")
			.setAttribute(STATUS, 200);
		exit.end();
	}

	private final class LastSpan implements SpanProcessor {

		@Override
		public void onStart(Context parentContext, ReadWriteSpan span) {
		}

		@Override
		public boolean isStartRequired() {
			return false;
		}

		@Override
		public void onEnd(ReadableSpan span) {
			OtelTracing.this.last = span;
		}

		@Override
		public boolean isEndRequired() {
			return true;
		}

	}

	private static final class MapGetter implements TextMapGetter<Map<String, String>> {

		@Override
		public Iterable<String> keys(Map<String, String> carrier) {
			return carrier.keySet();
		}

		@Override
		public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
			return (carrier != null) ? carrier.get(key) : null;
		}

	}

}
