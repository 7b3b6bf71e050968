package dev.apm4j.autoconfigure;

import java.time.Duration;

import dev.apm4j.export.PipelineSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The way of finished segments to the backends. Nothing of it makes a request wait.
 *
 * @param enabled whether traces leave the process; by default
 * management.tracing.export.enabled if that is set, which tests do, else true; the
 * embedded backend is not concerned
 * @param ingressCapacity segments between the request threads and the pipeline, 1 or more
 * @param ingressSpans spans of these segments, 1 or more
 * @param pollInterval how often the pipeline looks for segments, 1ms to 10s
 * @param completionWait how long an ended segment waits for spans on other threads, 0 to
 * 5m
 * @param completionCapacity how many segments wait so, 1 or more
 * @param queueSize segments that wait for one backend, 1 or more
 * @param queueSpans spans of these segments, 1 or more
 * @param batchSize segments that are sent together, 1 or more; never more than queue-size
 * @param batchSpans spans that are sent together, 1 or more
 * @param linger how long a segment waits for its batch to fill, 0 to 5m
 * @param retryInitial pause after the first failure; it doubles with every further one
 * @param retryMax longest pause between two attempts
 * @param retryMaxAge how long one batch is tried
 * @param shutdownTimeout how long the flush at shutdown takes at most, 0 to 5m
 */
@ConfigurationProperties("apm.export")
public record ApmExportProperties(@Nullable Boolean enabled, @DefaultValue("8192") int ingressCapacity,
		@DefaultValue("32768") int ingressSpans, @DefaultValue("100ms") Duration pollInterval,
		@DefaultValue("2s") Duration completionWait, @DefaultValue("1024") int completionCapacity,
		@DefaultValue("4096") int queueSize, @DefaultValue("32768") int queueSpans, @DefaultValue("256") int batchSize,
		@DefaultValue("4096") int batchSpans, @DefaultValue("250ms") Duration linger,
		@DefaultValue("500ms") Duration retryInitial, @DefaultValue("10s") Duration retryMax,
		@DefaultValue("2m") Duration retryMaxAge, @DefaultValue("5s") Duration shutdownTimeout) {

	PipelineSettings toSettings() {
		try {
			return PipelineSettings.builder()
				.ingress(this.ingressCapacity, this.ingressSpans)
				.pollInterval(this.pollInterval)
				.completion(this.completionWait, this.completionCapacity)
				.queue(this.queueSize, this.queueSpans)
				.batch(this.batchSize, this.batchSpans, this.linger)
				.retry(this.retryInitial, this.retryMax, this.retryMaxAge)
				.shutdownTimeout(this.shutdownTimeout)
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw ApmConfigurationException.of("apm.export.", ex);
		}
	}

}
