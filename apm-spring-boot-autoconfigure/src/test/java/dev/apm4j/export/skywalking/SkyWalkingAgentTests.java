package dev.apm4j.export.skywalking;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SkyWalkingAgentTests {

	private final ClassLoader plain = getClass().getClassLoader();

	private final ClassLoader withAgent = new AgentClassLoader(this.plain);

	@Test
	void agentIsKnownByItsArgumentOrItsClasses() {
		assertThat(SkyWalkingAgent.isAttached(this.withAgent, List.of(), Map.of())).isTrue();
		assertThat(SkyWalkingAgent.isAttached(this.withAgent, List.of("-javaagent:/opt/renamed.jar"), Map.of()))
			.isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-javaagent:/opt/skywalking/skywalking-agent.jar=agent.service_name=shop",
			"-javaagent:skywalking-agent.jar", "-javaagent:C:\\agents\\skywalking-agent-9.4.0.jar" })
	void fileOfTheAgent(String argument) {
		assertThat(SkyWalkingAgent.isAttached(this.plain, List.of("-Xmx1g", argument), Map.of())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-javaagent:/opt/other-agent.jar", "-javaagent:/opt/skywalking-agent/other.jar",
			"-javaagent:/opt/other.jar=exclude=/opt/skywalking-agent.jar", "-Dfile=skywalking-agent.jar" })
	void fileOfAnotherAgent(String argument) {
		assertThat(SkyWalkingAgent.isAttached(this.plain, List.of(argument), Map.of())).isFalse();
	}

	@Test
	void anAgentThatIsSwitchedOffReportsNothing() {
		String attached = "-javaagent:/opt/skywalking-agent.jar";
		assertThat(isAttached(Map.of(), attached, "-Dskywalking.agent.enable=false")).isFalse();
		assertThat(isAttached(Map.of(), attached + "=agent.service_name=shop,agent.enable=FALSE")).isFalse();
		assertThat(isAttached(Map.of("SW_AGENT_ENABLE", "false"), attached)).isFalse();
		assertThat(isAttached(Map.of("SW_AGENT_ENABLE", "true"), attached)).isTrue();
		assertThat(isAttached(Map.of(), attached, "-Dskywalking.agent.enable=true")).isTrue();
	}

	@Test
	void theAgentsOptionsDecideBeforePropertiesAndThoseBeforeTheEnvironment() {
		String attached = "-javaagent:/opt/skywalking-agent.jar";
		assertThat(isAttached(Map.of(), attached + "=agent.enable=true", "-Dskywalking.agent.enable=false")).isTrue();
		assertThat(isAttached(Map.of("SW_AGENT_ENABLE", "false"), attached, "-Dskywalking.agent.enable=true")).isTrue();
	}

	private boolean isAttached(Map<String, String> environment, String... arguments) {
		return SkyWalkingAgent.isAttached(this.withAgent, List.of(arguments), environment);
	}

}
