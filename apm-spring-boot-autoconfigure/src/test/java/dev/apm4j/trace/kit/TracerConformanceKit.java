package dev.apm4j.trace.kit;

import org.junit.jupiter.api.Nested;

/**
 * The whole kit: a subclass gives a factory and has everything tested.
 * <p>
 * Only what the Brave and the OpenTelemetry bridge agree on is asserted. Each part lists
 * in its Javadoc what they differ in, Brave first; there a tracer is free, and its own
 * tests should say what it chose.
 * <p>
 * A tracer may bound what it keeps, as long as it takes 80 tags a span, 81 spans and 51
 * levels a trace, and 1,000 spans within a few milliseconds; longer text may be cut, but
 * must not fail. No test opens an entry inside an entry or an exit inside an exit, so a
 * tracer may make one span of them.
 */
public abstract class TracerConformanceKit {

	/**
	 * Returns the factory of the tracer to examine.
	 * @return the factory
	 */
	protected abstract TracerFactory factory();

	@Nested
	class Spans extends SpanConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class SpanContents extends SpanContentConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class Sampling extends SamplingConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class Scopes extends ScopeConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class CurrentTraceContexts extends CurrentTraceContextConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class Builders extends BuilderConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class ScopedSpans extends ScopedSpanConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class SpanCustomizers extends SpanCustomizerConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class BaggageEntries extends BaggageConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class RemoteBaggage extends RemoteBaggageConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class Propagation extends PropagationConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class Threads extends ThreadConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class Observations extends ObservationConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

	@Nested
	class ContextPropagation extends ContextPropagationConformance {

		@Override
		protected TracerFactory factory() {
			return TracerConformanceKit.this.factory();
		}

	}

}
