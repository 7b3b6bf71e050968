package dev.apm4j.export;

import java.time.Duration;

/**
 * How much an {@link ExportPipeline} holds and how long it waits. Immutable; a value out
 * of range is an {@link IllegalArgumentException} that names the setting as it is spelled
 * under {@code apm.export}.
 *
 * @param ingressCapacity segments between the request threads and the pipeline, 1 to
 * 1,048,576, rounded up to a power of two
 * @param ingressSpans spans of these segments, 1 to 100,000,000; one segment always fits
 * @param pollInterval how often the pipeline looks for segments when there was none, 1 ms
 * to 10 s; after a while without any it waits up to five times as long, but no longer
 * than 0.5 s if the interval is not longer itself
 * @param completionWait how long a segment whose root has ended waits for spans that are
 * still open on other threads, 0 to 5 min
 * @param completionCapacity how many segments wait so; the oldest goes on early when
 * there are more; 1 to 1,048,576
 * @param queueSize segments that wait for one backend, 1 to 1,048,576
 * @param queueSpans spans of these segments, 1 to 100,000,000; one segment always fits
 * @param batchSize segments that are sent together, 1 to 1,048,576, and never more than
 * {@code queueSize}
 * @param batchSpans spans that are sent together, 1 or more; a batch ends with the
 * segment that reaches it
 * @param linger how long a segment waits for its batch to fill, 0 to 5 min
 * @param retryInitial pause after the first failure, 1 ms to 1 h; it doubles with every
 * further one
 * @param retryMax longest pause, {@code retryInitial} to 1 h; each pause is shortened at
 * random by up to a half
 * @param retryMaxAge how long one batch is tried, 0 (once only) to 24 h
 * @param shutdownTimeout how long {@link ExportPipeline#close()} takes at most, 0 to 5
 * min
 */
public record PipelineSettings(int ingressCapacity, int ingressSpans, Duration pollInterval, Duration completionWait,
		int completionCapacity, int queueSize, int queueSpans, int batchSize, int batchSpans, Duration linger,
		Duration retryInitial, Duration retryMax, Duration retryMaxAge, Duration shutdownTimeout) {

	private static final int MAX_SEGMENTS = 1 << 20;

	private static final int MAX_SPANS = 100_000_000;

	private static final Duration MAX_WAIT = Duration.ofMinutes(5);

	private static final Duration MAX_PAUSE = Duration.ofHours(1);

	/**
	 * The defaults, see {@link Builder}.
	 */
	public static final PipelineSettings DEFAULT = builder().build();

	public PipelineSettings {
		check("ingress-capacity", ingressCapacity, 1, MAX_SEGMENTS);
		check("ingress-spans", ingressSpans, 1, MAX_SPANS);
		check("poll-interval", pollInterval, Duration.ofMillis(1), Duration.ofSeconds(10));
		check("completion-wait", completionWait, Duration.ZERO, MAX_WAIT);
		check("completion-capacity", completionCapacity, 1, MAX_SEGMENTS);
		check("queue-size", queueSize, 1, MAX_SEGMENTS);
		check("queue-spans", queueSpans, 1, MAX_SPANS);
		check("batch-size", batchSize, 1, MAX_SEGMENTS);
		check("batch-spans", batchSpans, 1, MAX_SPANS);
		check("linger", linger, Duration.ZERO, MAX_WAIT);
		check("retry-initial", retryInitial, Duration.ofMillis(1), MAX_PAUSE);
		check("retry-max", retryMax, retryInitial, MAX_PAUSE);
		check("retry-max-age", retryMaxAge, Duration.ZERO, Duration.ofHours(24));
		check("shutdown-timeout", shutdownTimeout, Duration.ZERO, MAX_WAIT);
	}

	private static void check(String name, int value, int min, int max) {
		if (value < min || value > max) {
			throw new IllegalArgumentException(name + " must be from " + min + " to " + max + " but is " + value);
		}
	}

	private static void check(String name, Duration value, Duration min, Duration max) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			throw new IllegalArgumentException(
					name + " must be from " + text(min) + " to " + text(max) + " but is " + text(value));
		}
	}

	private static String text(Duration duration) {
		return (duration.toMillisPart() == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
	}

	/**
	 * A builder that starts from the defaults.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Collects settings. Not thread-safe; ranges are checked by {@link #build()}.
	 */
	public static final class Builder {

		private int ingressCapacity = 8192;

		private int ingressSpans = 32_768;

		private Duration pollInterval = Duration.ofMillis(100);

		private Duration completionWait = Duration.ofSeconds(2);

		private int completionCapacity = 1024;

		private int queueSize = 4096;

		private int queueSpans = 32_768;

		private int batchSize = 256;

		private int batchSpans = 4096;

		private Duration linger = Duration.ofMillis(250);

		private Duration retryInitial = Duration.ofMillis(500);

		private Duration retryMax = Duration.ofSeconds(10);

		private Duration retryMaxAge = Duration.ofMinutes(2);

		private Duration shutdownTimeout = Duration.ofSeconds(5);

		private Builder() {
		}

		/**
		 * Bounds what waits between the request threads and the pipeline.
		 * @param segments number of segments, default 8,192
		 * @param spans spans of these segments, default 32,768
		 * @return this
		 */
		public Builder ingress(int segments, int spans) {
			this.ingressCapacity = segments;
			this.ingressSpans = spans;
			return this;
		}

		/**
		 * How often the pipeline looks for segments while there are none.
		 * @param interval the interval, default 100 ms
		 * @return this
		 */
		public Builder pollInterval(Duration interval) {
			this.pollInterval = interval;
			return this;
		}

		/**
		 * Bounds the wait for spans that end after the root of their segment.
		 * @param wait how long a segment waits, default 2 s
		 * @param segments how many segments wait, default 1,024
		 * @return this
		 */
		public Builder completion(Duration wait, int segments) {
			this.completionWait = wait;
			this.completionCapacity = segments;
			return this;
		}

		/**
		 * Bounds what waits for one backend.
		 * @param segments number of segments, default 4,096
		 * @param spans spans of these segments, default 32,768
		 * @return this
		 */
		public Builder queue(int segments, int spans) {
			this.queueSize = segments;
			this.queueSpans = spans;
			return this;
		}

		/**
		 * What is sent together.
		 * @param segments most segments of a batch, default 256
		 * @param spans most spans of a batch, default 4,096
		 * @param wait how long a segment waits for its batch to fill, default 250 ms
		 * @return this
		 */
		public Builder batch(int segments, int spans, Duration wait) {
			this.batchSize = segments;
			this.batchSpans = spans;
			this.linger = wait;
			return this;
		}

		/**
		 * How a batch that could not be delivered is tried again.
		 * @param initial pause after the first failure, default 500 ms
		 * @param max longest pause, default 10 s
		 * @param maxAge how long one batch is tried, default 2 min
		 * @return this
		 */
		public Builder retry(Duration initial, Duration max, Duration maxAge) {
			this.retryInitial = initial;
			this.retryMax = max;
			this.retryMaxAge = maxAge;
			return this;
		}

		/**
		 * How long {@link ExportPipeline#close()} takes at most.
		 * @param timeout the time, default 5 s
		 * @return this
		 */
		public Builder shutdownTimeout(Duration timeout) {
			this.shutdownTimeout = timeout;
			return this;
		}

		/**
		 * Checks the ranges and builds the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if a value is out of range
		 */
		public PipelineSettings build() {
			return new PipelineSettings(this.ingressCapacity, this.ingressSpans, this.pollInterval, this.completionWait,
					this.completionCapacity, this.queueSize, this.queueSpans, this.batchSize, this.batchSpans,
					this.linger, this.retryInitial, this.retryMax, this.retryMaxAge, this.shutdownTimeout);
		}

	}

}
