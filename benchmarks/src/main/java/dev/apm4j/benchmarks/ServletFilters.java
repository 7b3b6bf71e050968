package dev.apm4j.benchmarks;

import java.util.Collections;
import java.util.List;

import dev.apm4j.instrument.servlet.RecordedDetails;
import dev.apm4j.instrument.servlet.TracingFilter;
import dev.apm4j.propagation.MultiValueGetter;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.filter.ServerHttpObservationFilter;

/** The filters as the starters of each tracer set them up. */
final class ServletFilters {

	private ServletFilters() {
	}

	static Filter apm4j(Apm4jTracing tracing) {
		return new TracingFilter(tracing.tracer, tracing.propagator, new HeaderGetter(), (request) -> false,
				RecordedDetails.DEFAULT);
	}

	static Filter brave(BraveTracing tracing) {
		return brave.jakarta.servlet.TracingFilter.create(tracing.tracing);
	}

	/**
	 * Spring Boot's tracing; its handler for meters, which costs more, is left out.
	 */
	static Filter observation(Tracer tracer, Propagator propagator) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig()
			.observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
					new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
					new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
					new DefaultTracingObservationHandler(tracer)));
		return new ServerHttpObservationFilter(registry);
	}

	private static final class HeaderGetter implements MultiValueGetter<HttpServletRequest> {

		@Override
		public @Nullable String get(HttpServletRequest request, String key) {
			return request.getHeader(key);
		}

		@Override
		public Iterable<String> getAll(HttpServletRequest request, String key) {
			return (request.getHeader(key) != null) ? Collections.list(request.getHeaders(key)) : List.of();
		}

	}

}
