package dev.apm4j.instrument.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The texts of a batch of different statements. Bounded: what comes later is executed and
 * counted like the rest, and most likely looks like it. Not thread-safe.
 */
final class BatchTexts {

	/** As many texts are looked at. */
	private static final int MAX_TEXTS = 64;

	private final List<String> texts = new ArrayList<>();

	void add(String sql) {
		if (this.texts.size() < MAX_TEXTS) {
			this.texts.add(sql);
		}
	}

	/** What the batch is: the statement, if all are the same but for their values. */
	StatementTemplate template(StatementTemplates templates) {
		Set<StatementTemplate> distinct = new LinkedHashSet<>();
		for (String text : this.texts) {
			distinct.add(templates.of(text));
		}
		if (distinct.size() > 1) {
			return templates.batch(List.copyOf(distinct));
		}
		StatementTemplate only = distinct.iterator().next();
		return (this.texts.size() > 1) ? templates.batch(only) : only;
	}

}
