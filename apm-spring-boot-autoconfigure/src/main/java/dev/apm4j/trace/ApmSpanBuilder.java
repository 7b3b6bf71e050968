package dev.apm4j.trace;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Builds a span by setting everything on the span itself, which is there from the
 * beginning. A builder that is started again makes another span like the one before. Not
 * thread-safe.
 */
public final class ApmSpanBuilder implements Span.Builder {

	private ApmSpan span;

	ApmSpanBuilder(ApmTracer tracer) {
		this.span = new ApmSpan(tracer, TraceIds.random());
	}

	/**
	 * The span that is to be changed: after a start no longer the one that was started.
	 */
	private ApmSpan next() {
		ApmSpan latest = this.span;
		if (!latest.isNew() && !latest.isSuppressed()) {
			this.span = new ApmSpan(latest.tracer(), TraceIds.random()).like(latest);
		}
		return this.span;
	}

	@Override
	public ApmSpanBuilder setParent(@Nullable TraceContext context) {
		next().attachTo(context);
		return this;
	}

	@Override
	public ApmSpanBuilder setNoParent() {
		next().detach();
		return this;
	}

	@Override
	public ApmSpanBuilder name(@Nullable String name) {
		next().name(name);
		return this;
	}

	@Override
	public ApmSpanBuilder event(@Nullable String value) {
		next().event(value);
		return this;
	}

	@Override
	public ApmSpanBuilder tag(@Nullable String key, @Nullable String value) {
		next().tag(key, value);
		return this;
	}

	@Override
	public ApmSpanBuilder tag(@Nullable String key, long value) {
		next().tag(key, value);
		return this;
	}

	@Override
	public ApmSpanBuilder tag(@Nullable String key, double value) {
		next().tag(key, value);
		return this;
	}

	@Override
	public ApmSpanBuilder tag(@Nullable String key, boolean value) {
		next().tag(key, value);
		return this;
	}

	@Override
	public ApmSpanBuilder tagOfStrings(@Nullable String key, @Nullable List<String> values) {
		next().tagOfStrings(key, values);
		return this;
	}

	@Override
	public ApmSpanBuilder tagOfLongs(@Nullable String key, @Nullable List<Long> values) {
		next().tagOfLongs(key, values);
		return this;
	}

	@Override
	public ApmSpanBuilder tagOfDoubles(@Nullable String key, @Nullable List<Double> values) {
		next().tagOfDoubles(key, values);
		return this;
	}

	@Override
	public ApmSpanBuilder tagOfBooleans(@Nullable String key, @Nullable List<Boolean> values) {
		next().tagOfBooleans(key, values);
		return this;
	}

	@Override
	public ApmSpanBuilder error(@Nullable Throwable throwable) {
		next().error(throwable);
		return this;
	}

	@Override
	public ApmSpanBuilder kind(Span.@Nullable Kind spanKind) {
		next().kind(spanKind);
		return this;
	}

	@Override
	public ApmSpanBuilder remoteServiceName(@Nullable String remoteServiceName) {
		next().remoteServiceName(remoteServiceName);
		return this;
	}

	@Override
	public ApmSpanBuilder remoteIpAndPort(@Nullable String ip, int port) {
		next().remoteIpAndPort(ip, port);
		return this;
	}

	/**
	 * {@inheritDoc} A time of 0 means now.
	 */
	@Override
	public ApmSpanBuilder startTimestamp(long startTimestamp, TimeUnit unit) {
		next().startTimestamp(startTimestamp, unit);
		return this;
	}

	@Override
	public ApmSpanBuilder addLink(@Nullable Link link) {
		next().addLink(link);
		return this;
	}

	@Override
	public ApmSpan start() {
		return next().start();
	}

}
