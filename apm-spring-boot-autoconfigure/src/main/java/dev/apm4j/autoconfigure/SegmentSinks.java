package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.export.ExportPipeline;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The pipeline, and whoever else wants to be told of segments. They are looked up when
 * all singletons are there: a backend may need a client, which is observed, which needs
 * the tracer. What ends before is kept for them.
 */
final class SegmentSinks implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(SegmentSinks.class);

	/** Segments of the start itself: migrations, calls of clients, warmed up caches. */
	private static final int EARLY = 1024;

	private final ObjectProvider<SegmentSink> provider;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Queue<Segment> early = new ArrayBlockingQueue<>(EARLY);

	private final AtomicInteger lost = new AtomicInteger();

	private volatile @Nullable SegmentSink found;

	SegmentSinks(ObjectProvider<SegmentSink> provider, ConfigurableListableBeanFactory beanFactory) {
		this.provider = provider;
		this.beanFactory = beanFactory;
	}

	/** The sink for the tracer. */
	SegmentSink sink() {
		return new Delivery();
	}

	@Override
	public void afterSingletonsInstantiated() {
		SegmentSink sink = of(this.provider.orderedStream().toList());
		for (String name : this.beanFactory.getBeanNamesForType(SegmentSink.class, true, false)) {
			// Whatever traces while it is destroyed is destroyed before its sink.
			this.beanFactory.registerDependentBean(name, "apmTracer");
		}
		this.found = sink;
		deliverEarly(sink);
		if (this.lost.get() > 0) {
			logger.warn("apm4j dropped " + this.lost.get() + " traces of the start, which ended before there was a "
					+ "backend to take them");
		}
	}

	private static SegmentSink of(List<SegmentSink> sinks) {
		return (sinks.size() == 1 && sinks.get(0) instanceof ExportPipeline) ? sinks.get(0)
				: new Several(sinks.toArray(SegmentSink[]::new));
	}

	private void deliverEarly(SegmentSink sink) {
		for (Segment segment = this.early.poll(); segment != null; segment = this.early.poll()) {
			sink.started(segment);
			sink.accept(segment);
		}
	}

	private final class Delivery implements SegmentSink {

		@Override
		public void accept(Segment segment) {
			SegmentSink sink = SegmentSinks.this.found;
			if (sink != null) {
				sink.accept(segment);
				return;
			}
			if (!SegmentSinks.this.early.offer(segment)) {
				SegmentSinks.this.lost.incrementAndGet();
			}
			sink = SegmentSinks.this.found;
			if (sink != null) {
				deliverEarly(sink);
			}
		}

		@Override
		public void started(Segment segment) {
			SegmentSink sink = SegmentSinks.this.found;
			if (sink != null) {
				sink.started(segment);
			}
		}

	}

	/**
	 * What a sink of the user's throws must not reach the request that ended its span.
	 */
	private record Several(SegmentSink[] sinks) implements SegmentSink {

		@Override
		public void accept(Segment segment) {
			for (SegmentSink sink : this.sinks) {
				try {
					sink.accept(segment);
				}
				catch (RuntimeException ex) {
					logger.debug("A segment sink failed", ex);
				}
			}
		}

		@Override
		public void started(Segment segment) {
			for (SegmentSink sink : this.sinks) {
				try {
					sink.started(segment);
				}
				catch (RuntimeException ex) {
					logger.debug("A segment sink failed", ex);
				}
			}
		}

	}

}
