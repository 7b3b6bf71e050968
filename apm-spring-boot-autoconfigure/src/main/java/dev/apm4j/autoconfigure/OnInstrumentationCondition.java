package dev.apm4j.autoconfigure;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The switch of one instrumentation.
 */
class OnInstrumentationCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Map<String, Object> attributes = metadata.getAnnotationAttributes(ConditionalOnInstrumentation.class.getName());
		String name = (attributes != null) ? String.valueOf(attributes.get("value")) : "";
		String property = property(name);
		boolean enabled = isEnabled(context.getEnvironment(), name);
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnInstrumentation.class, name);
		return enabled ? ConditionOutcome.match(message.because(property + " is not false"))
				: ConditionOutcome.noMatch(message.because(property + " is false"));
	}

	/** Whether an instrumentation is not switched off. */
	static boolean isEnabled(Environment environment, String name) {
		return environment.getProperty(property(name), Boolean.class, Boolean.TRUE);
	}

	private static String property(String name) {
		return "apm.instrumentation." + name + ".enabled";
	}

}
