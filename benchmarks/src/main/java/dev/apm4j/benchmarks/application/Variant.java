package dev.apm4j.benchmarks.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One way of tracing the application, or not.
 */
enum Variant {

	PLAIN("plain", "not traced"),

	NO_ACTUATOR("no-actuator", "not traced, without the actuator"),

	APM4J("apm4j", "apm4j"),

	APM4J_SLOW_OR_FAILED("apm4j", "apm4j, only slow and failed requests kept"),

	BRAVE("brave", "Brave, by hand, no SQL"),

	OTEL_STARTER("otel-starter", "OpenTelemetry's Spring Boot starter"),

	OTEL_AGENT("plain", "OpenTelemetry's agent"),

	ELASTIC_AGENT("plain", "Elastic's agent"),

	BOOT_BRAVE("boot-brave", "Spring Boot with Brave, no SQL"),

	BOOT_OTEL("boot-otel", "Spring Boot with OpenTelemetry, no SQL"),

	BOOT_BRAVE_JDBC("boot-brave-jdbc", "Spring Boot with Brave, datasource-micrometer");

	private final String module;

	private final String title;

	Variant(String module, String title) {
		this.module = module;
		this.title = title;
	}

	String title() {
		return this.title;
	}

	String option() {
		return name().toLowerCase().replace('_', '-');
	}

	/**
	 * Returns the command line of the application.
	 * @param applications folder of the packaged applications
	 * @param collector address of the local collector, such as {@code http://127.0.0.1:1}
	 * @param port where the application is to listen
	 * @return arguments of {@code java}
	 */
	List<String> arguments(Path applications, String collector, int port) {
		List<String> arguments = new ArrayList<>();
		switch (this) {
			case OTEL_AGENT -> {
				arguments.add("-javaagent:" + agent(applications));
				openTelemetry(arguments, collector);
			}
			case OTEL_STARTER -> openTelemetry(arguments, collector);
			case ELASTIC_AGENT -> {
				arguments.add("-javaagent:" + agent(applications));
				arguments.add("-Delastic.apm.server_url=" + collector);
				arguments.add("-Delastic.apm.application_packages=com.example");
				arguments.add("-Delastic.apm.cloud_provider=NONE");
				arguments.add("-Delastic.apm.central_config=false");
			}
			default -> {
			}
		}
		arguments.add("-jar");
		arguments.add(jar(applications).toString());
		arguments.add("--server.port=" + port);
		arguments.add("--stock.url=" + collector);
		switch (this) {
			case APM4J_SLOW_OR_FAILED -> {
				arguments.add("--apm.sampling.rate=0");
				arguments.add("--apm.sampling.keep-slow=1s");
				arguments.add("--apm.sampling.keep-errors=true");
			}
			case BRAVE -> arguments.add("--zipkin.url=" + collector + "/api/v2/spans");
			case BOOT_BRAVE, BOOT_BRAVE_JDBC ->
				arguments.add("--management.tracing.export.zipkin.endpoint=" + collector + "/api/v2/spans");
			case BOOT_OTEL -> {
				arguments.add("--management.opentelemetry.tracing.export.otlp.endpoint=" + collector + "/v1/traces");
				arguments.add("--management.otlp.metrics.export.url=" + collector + "/v1/metrics");
			}
			default -> {
			}
		}
		return arguments;
	}

	/**
	 * Returns the bytes on disk.
	 * @param applications folder of the packaged applications
	 * @return application and agent
	 * @throws IOException if they are not there
	 */
	long bytesOnDisk(Path applications) throws IOException {
		long bytes = Files.size(jar(applications));
		if (this == OTEL_AGENT || this == ELASTIC_AGENT) {
			bytes += Files.size(agent(applications));
		}
		return bytes;
	}

	private Path jar(Path applications) {
		return applications.resolve(this.module).resolve("target/application.jar");
	}

	private Path agent(Path applications) {
		String name = (this == OTEL_AGENT) ? "opentelemetry-javaagent.jar" : "elastic-apm-agent.jar";
		return applications.resolve("plain/target/agents").resolve(name);
	}

	private static void openTelemetry(List<String> arguments, String collector) {
		arguments.add("-Dotel.exporter.otlp.endpoint=" + collector);
		arguments.add("-Dotel.exporter.otlp.protocol=http/protobuf");
		arguments.add("-Dotel.service.name=load");
	}

}
