package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.autoconfigure.ApmEndpoint.InstrumentationDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcomes;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;

/**
 * Which instrumentations are on, and why or why not: read from the conditions that Spring
 * Boot evaluated, so that it can't say anything else than what happened.
 */
final class InstrumentationReport {

	private final List<InstrumentationDescriptor> states;

	private final ObjectProvider<InstrumentationDetail> details;

	InstrumentationReport(ConfigurableListableBeanFactory beanFactory, ObjectProvider<InstrumentationDetail> details) {
		this.details = details;
		List<InstrumentationDescriptor> found = new ArrayList<>();
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		Map<String, ConditionAndOutcomes> outcomes = ConditionEvaluationReport.get(beanFactory)
			.getConditionAndOutcomesBySource();
		SimpleMetadataReaderFactory readers = new SimpleMetadataReaderFactory(classLoader);
		for (String candidate : ImportCandidates.load(AutoConfiguration.class, classLoader)) {
			if (candidate.startsWith(getClass().getPackageName())) {
				String name = name(readers, candidate);
				if (!name.isEmpty()) {
					found.add(state(name, beanFactory.containsBeanDefinition(candidate), outcomes.get(candidate)));
				}
			}
		}
		found.sort((one, other) -> one.name().compareTo(other.name()));
		this.states = List.copyOf(found);
	}

	List<InstrumentationDescriptor> states() {
		Map<String, InstrumentationDescriptor> detailed = new HashMap<>();
		this.details.stream()
			.map(InstrumentationDetail::describe)
			.forEach((state) -> detailed.put(state.name(), state));
		return this.states.stream().map((state) -> detailed.getOrDefault(state.name(), state)).toList();
	}

	/**
	 * Reads the annotation without loading the class, whose technology may be missing.
	 */
	private static String name(SimpleMetadataReaderFactory readers, String className) {
		try {
			MetadataReader reader = readers.getMetadataReader(className);
			Map<String, Object> attributes = reader.getAnnotationMetadata()
				.getAnnotationAttributes(ConditionalOnInstrumentation.class.getName());
			return (attributes != null) ? String.valueOf(attributes.get("value")) : "";
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static InstrumentationDescriptor state(String name, boolean enabled,
			@Nullable ConditionAndOutcomes outcomes) {
		if (enabled) {
			return new InstrumentationDescriptor(name, true, "what it instruments is on the class path");
		}
		if (outcomes != null) {
			for (ConditionAndOutcome outcome : outcomes) {
				if (!outcome.getOutcome().isMatch()) {
					return new InstrumentationDescriptor(name, false, outcome.getOutcome().getMessage());
				}
			}
		}
		return new InstrumentationDescriptor(name, false, "excluded, or the agent is off");
	}

}
