package dev.apm4j.autoconfigure;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

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

	private volatile SegmentSink @Nullable [] sinks;

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
		SegmentSink[] found = this.provider.orderedStream().toArray(SegmentSink[]::new);
		for (String name : this.beanFactory.getBeanNamesForType(SegmentSink.class, true, false)) {
			// Whatever traces while it is destroyed is destroyed before its sink.
			this.beanFactory.registerDependentBean(name, "apmTracer");
		}
		this.sinks = found;
		deliverEarly(found);
		if (this.lost.get() > 0) {
			logger.warn("apm4j dropped " + this.lost.get() + " traces of the start, which ended before there was a "
					+ "backend to take them");
		}
	}

	private void deliverEarly(SegmentSink[] known) {
		for (Segment segment = this.early.poll(); segment != null; segment = this.early.poll()) {
			for (SegmentSink sink : known) {
				sink.started(segment);
				sink.accept(segment);
			}
		}
	}

	private final class Delivery implements SegmentSink {

		@Override
		public void accept(Segment segment) {
			SegmentSink[] known = SegmentSinks.this.sinks;
			if (known == null) {
				keep(segment);
				return;
			}
			for (SegmentSink sink : known) {
				sink.accept(segment);
			}
		}

		private void keep(Segment segment) {
			if (!SegmentSinks.this.early.offer(segment)) {
				SegmentSinks.this.lost.incrementAndGet();
			}
			SegmentSink[] known = SegmentSinks.this.sinks;
			if (known != null) {
				deliverEarly(known);
			}
		}

		@Override
		public void started(Segment segment) {
			SegmentSink[] known = SegmentSinks.this.sinks;
			if (known != null) {
				for (SegmentSink sink : known) {
					sink.started(segment);
				}
			}
		}

	}

}
