package dev.apm4j.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.apm4j.export.BackendState;
import dev.apm4j.export.BackendStatus;
import dev.apm4j.export.ExportPipeline;

/**
 * The health of the agent, for the health types of either Boot line. A backend that is
 * away is no reason to take an application out of service, so it is only a detail unless
 * the user wants otherwise.
 */
public final class ApmHealth {

	private final ExportPipeline pipeline;

	private final boolean downWithBackend;

	ApmHealth(ExportPipeline pipeline, boolean downWithBackend) {
		this.pipeline = pipeline;
		this.downWithBackend = downWithBackend;
	}

	/**
	 * Whether the application is to be reported as down.
	 * @return whether a backend is down and the user asked for that
	 */
	public boolean isDown() {
		return this.downWithBackend && this.pipeline.status()
			.backends()
			.stream()
			.anyMatch((backend) -> backend.state() == BackendState.DOWN);
	}

	/**
	 * The state of each backend.
	 * @return the details by backend
	 */
	public Map<String, Object> details() {
		Map<String, Object> details = new LinkedHashMap<>();
		for (BackendStatus backend : this.pipeline.status().backends()) {
			Map<String, Object> detail = new LinkedHashMap<>();
			detail.put("state", backend.state().id());
			String lastError = backend.lastError();
			if (backend.state() == BackendState.DOWN && lastError != null) {
				detail.put("lastError", lastError);
			}
			details.put(backend.name(), detail);
		}
		return details;
	}

}
