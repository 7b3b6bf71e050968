package dev.apm4j.autoconfigure;

import java.lang.management.ManagementFactory;

import dev.apm4j.export.skywalking.SkyWalkingAgent;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches if SkyWalking's own agent is attached.
 */
class SkyWalkingAgentAttached implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ClassLoader classLoader = context.getClassLoader();
		return SkyWalkingAgent.isAttached((classLoader != null) ? classLoader : defaultClassLoader(),
				ManagementFactory.getRuntimeMXBean().getInputArguments(), System.getenv());
	}

	private static ClassLoader defaultClassLoader() {
		ClassLoader classLoader = ClassUtils.getDefaultClassLoader();
		return (classLoader != null) ? classLoader : ClassLoader.getSystemClassLoader();
	}

	/**
	 * Matches if it is not.
	 */
	static class Not extends SkyWalkingAgentAttached {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return !super.matches(context, metadata);
		}

	}

}
