package dev.apm4j.export.skywalking;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SkyWalkingAgentTests {

	@Test
	void agentIsKnownByItsArgumentOrItsClasses() {
		ClassLoader plain = getClass().getClassLoader();
		assertThat(SkyWalkingAgent.isAttached(plain, List.of("-Xmx1g", "-javaagent:/opt/other-agent.jar"))).isFalse();
		assertThat(SkyWalkingAgent.isAttached(plain,
				List.of("-javaagent:/opt/skywalking/skywalking-agent.jar=agent.service_name=shop")))
			.isTrue();
		assertThat(SkyWalkingAgent.isAttached(new AgentClassLoader(plain), List.of())).isTrue();
	}

}
