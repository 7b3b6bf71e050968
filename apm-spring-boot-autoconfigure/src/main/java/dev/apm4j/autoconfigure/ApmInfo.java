package dev.apm4j.autoconfigure;

import java.util.Map;

import dev.apm4j.export.Backend;
import dev.apm4j.export.ExportPipeline;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Names the agent at {@code /actuator/info}.
 */
final class ApmInfo implements InfoContributor {

	private final ApmIdentity identity;

	private final ExportPipeline pipeline;

	ApmInfo(ApmIdentity identity, ExportPipeline pipeline) {
		this.identity = identity;
		this.pipeline = pipeline;
	}

	@Override
	public void contribute(Info.Builder builder) {
		builder.withDetail("apm",
				Map.of("version", this.identity.version(), "service", this.identity.service(), "instance",
						this.identity.instance(), "backends",
						this.pipeline.backends().stream().map(Backend::name).toList()));
	}

}
