package dev.apm4j.autoconfigure;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The switch of one instrumentation.
 */
class OnInstrumentationCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Map<String, Object> attributes = metadata.getAnnotationAttributes(ConditionalOnInstrumentation.class.getName());
		String name = (attributes != null) ? String.valueOf(attributes.get("value")) : "";
		String property = "apm.instrumentation." + name + ".enabled";
		boolean enabled = context.getEnvironment().getProperty(property, Boolean.class, Boolean.TRUE);
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnInstrumentation.class, name);
		return enabled ? ConditionOutcome.match(message.because(property + " is not false"))
				: ConditionOutcome.noMatch(message.because(property + " is false"));
	}

}
