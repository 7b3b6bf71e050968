package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether a backend was chosen.
 */
class OnBackendCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Map<String, Object> attributes = metadata.getAnnotationAttributes(ConditionalOnBackend.class.getName());
		String name = (attributes != null) ? String.valueOf(attributes.get("value")) : "";
		List<String> chosen = chosen(context.getEnvironment());
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnBackend.class, name);
		boolean match = names(chosen, name);
		return match ? ConditionOutcome.match(message.foundExactly("apm.backend " + chosen))
				: ConditionOutcome.noMatch(message.because("apm.backend is " + chosen));
	}

	static boolean isChosen(Environment environment, String name) {
		return names(chosen(environment), name);
	}

	private static List<String> chosen(Environment environment) {
		return Binder.get(environment)
			.bind("apm.backend", Bindable.listOf(String.class))
			.orElse(List.of(BackendChoice.EMBEDDED));
	}

	private static boolean names(List<String> chosen, String name) {
		return chosen.stream().anyMatch((choice) -> name.equalsIgnoreCase(choice.strip()));
	}

}
