package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is common to all of the agent. Areas with settings of their own have their own
 * properties class.
 *
 * @param enabled whether the agent does anything at all
 * @param serviceName name of the service in traces; by default spring.application.name
 * @param instance name of this instance of the service; by default host name and process
 * id
 * @param backend where traces go: one name or a list of names
 * @param applicationPackages packages of the application's own code; by default those of
 * its main class
 * @param sampling which traces are kept
 * @param limits bounds on what one segment may hold
 * @param propagation headers that are read and written
 * @param baggage what travels with a trace beside its ids
 * @param observation Micrometer Observations as spans
 * @param health the health contributor
 */
@ConfigurationProperties("apm")
public record ApmProperties(@DefaultValue("true") boolean enabled, @Nullable String serviceName,
		@Nullable String instance, @DefaultValue("embedded") List<String> backend,
		@DefaultValue List<String> applicationPackages, @DefaultValue Sampling sampling, @DefaultValue Limits limits,
		@DefaultValue Propagation propagation, @DefaultValue Baggage baggage, @DefaultValue Observation observation,
		@DefaultValue Health health) {

	/** The same with other backends. */
	ApmProperties withBackend(List<String> backends) {
		return new ApmProperties(this.enabled, this.serviceName, this.instance, backends, this.applicationPackages,
				this.sampling, this.limits, this.propagation, this.baggage, this.observation, this.health);
	}

	/**
	 * Which traces are kept.
	 *
	 * @param rate share of the traces starting here that is sampled, from 0.0 to 1.0; by
	 * default management.tracing.sampling.probability if that is set, else 1.0
	 * @param maxPerThreeSeconds at most so many traces starting here are sampled in three
	 * seconds; 0 for no limit
	 * @param keepSlow requests and jobs that take at least this long are kept although
	 * they were not sampled; 0 for none
	 * @param keepErrors whether failed requests and jobs are kept although they were not
	 * sampled
	 */
	public record Sampling(@Nullable Double rate, @DefaultValue("0") int maxPerThreeSeconds,
			@DefaultValue("1s") Duration keepSlow, @DefaultValue("true") boolean keepErrors) {
	}

	/**
	 * Bounds on what one segment may hold.
	 *
	 * @param spans spans in one segment, 1 or more; further ones are counted, not kept
	 * @param attributes attributes of one span, 1 or more
	 * @param textLength characters of one name or value, 16 or more; longer ones are cut
	 * @param events events of one span, 0 or more
	 * @param links links of one span, 0 or more
	 */
	public record Limits(@DefaultValue("1000") int spans, @DefaultValue("64") int attributes,
			@DefaultValue("4096") int textLength, @DefaultValue("64") int events, @DefaultValue("32") int links) {
	}

	/**
	 * Headers that are read and written.
	 *
	 * @param consume formats that are read, the first that finds a trace decides; an
	 * empty list trusts no caller; by default w3c, b3, sw8, with sw8 in front if
	 * SkyWalking is a backend, and whatap after w3c if WhaTap is one
	 * @param produce formats that are written: w3c, b3, b3-multi, sw8, whatap; by default
	 * w3c and what the configured backends need
	 */
	public record Propagation(@Nullable List<String> consume, @Nullable List<String> produce) {
	}

	/**
	 * What travels with a trace beside its ids.
	 *
	 * @param enabled whether the W3C baggage header is read and written
	 * @param remoteFields names that also travel in a header of their own
	 * @param correlationFields names that are put into the logging context
	 * @param tagFields names that become attributes of every entry span
	 */
	public record Baggage(@DefaultValue("true") boolean enabled, @DefaultValue List<String> remoteFields,
			@DefaultValue List<String> correlationFields, @DefaultValue List<String> tagFields) {
	}

	/**
	 * Micrometer Observations as spans.
	 *
	 * @param ignore names of Observations that get no span; a trailing star stands for
	 * any ending
	 */
	public record Observation(@DefaultValue("spring.security.*") List<String> ignore) {
	}

	/**
	 * The health contributor.
	 *
	 * @param downWithBackend whether the application is reported as down while a backend
	 * is; by default that is only shown in the details
	 */
	public record Health(@DefaultValue("false") boolean downWithBackend) {
	}

}
