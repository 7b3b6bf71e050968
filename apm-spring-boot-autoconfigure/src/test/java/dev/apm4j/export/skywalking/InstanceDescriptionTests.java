package dev.apm4j.export.skywalking;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.apm4j.skywalking.proto.KeyStringValuePair;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceDescriptionTests {

	@Test
	void valuesAreTextThatCanBeSent() {
		List<KeyStringValuePair> properties = new InstanceDescription(new ServiceIdentity("shop", "shop-1"), "1",
				List.of("-Dname=" + "x".repeat(492) + "\ud83d\ude00"), Map.of("team", "blue\ud83d", "t\u0000", "x"),
				null)
			.get();
		assertThat(properties).allSatisfy((property) -> {
			assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(property.getValue())).isTrue();
			assertThat(property.getKey() + property.getValue()).doesNotContain("\u0000");
		}).anyMatch((property) -> property.getValue().equals("blue\ufffd"));
	}

	@Test
	void keysAreThoseOfTheJavaAgent() {
		List<KeyStringValuePair> properties = new InstanceDescription(
				ServiceIdentity.of("shop", null, "prod", "east", "shop-1", "GENERAL"), "1.2.3",
				List.of("-Xmx1g", "-Da=\"b\\"), Map.of("team", "blue", "language", "cobol", "ipv4", "6.6.6.6"),
				getClass().getClassLoader())
			.get();
		Map<String, String> values = properties.stream()
			.filter((property) -> !"ipv4".equals(property.getKey()))
			.collect(Collectors.toMap(KeyStringValuePair::getKey, KeyStringValuePair::getValue));
		assertThat(values)
			.containsOnlyKeys("language", "OS Name", "hostname", "Process No.", "Start Time", "JVM Arguments",
					"Jar Dependencies", "version", "namespace", "cluster", "team")
			.containsEntry("language", "java")
			.containsEntry("namespace", "prod")
			.containsEntry("cluster", "east")
			.containsEntry("version", "1.2.3")
			.containsEntry("Process No.", String.valueOf(ProcessHandle.current().pid()));
		assertThat(values.get("Start Time")).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
		assertThat(JsonParserFactory.getJsonParser().parseList(values.get("JVM Arguments")))
			.isEqualTo(List.of("-Da=\"b\\", "-Xmx1g"));
		assertThat(JsonParserFactory.getJsonParser().parseList(values.get("Jar Dependencies"))).asString()
			.contains("junit-jupiter-api");
		assertThat(properties).filteredOn((property) -> "ipv4".equals(property.getKey()))
			.extracting(KeyStringValuePair::getValue)
			.isEqualTo(HostAddresses.ipv4())
			.doesNotContain("127.0.0.1", "6.6.6.6");
	}

}
