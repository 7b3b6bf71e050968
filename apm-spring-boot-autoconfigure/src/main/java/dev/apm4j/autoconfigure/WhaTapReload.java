package dev.apm4j.autoconfigure;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Takes a changed {@code whatap.conf} over while the application runs. What else sets a
 * property still wins, since only what holds in the end is looked at.
 */
final class WhaTapReload implements Consumer<Map<String, String>> {

	private static final Log logger = LogFactory.getLog(WhaTapReload.class);

	private final WhaTapConf conf;

	private final Environment environment;

	private final Map<String, Runnable> actions;

	private final Set<String> waiting = new TreeSet<>();

	/**
	 * Creates it.
	 * @param conf the file
	 * @param environment where its properties are looked up
	 * @param actions by property, what to do when it has another value
	 */
	WhaTapReload(WhaTapConf conf, Environment environment, Map<String, Runnable> actions) {
		this.conf = conf;
		this.environment = environment;
		this.actions = actions;
	}

	/**
	 * Takes over what a changed file says. Called on one thread.
	 * @param entries its keys and values
	 */
	@Override
	public void accept(Map<String, String> entries) {
		Map<String, List<String>> before = values();
		this.conf.use(entries);
		Map<String, List<String>> after = values();
		Set<String> inForce = new TreeSet<>();
		Set<String> later = new TreeSet<>();
		Set<Runnable> due = new LinkedHashSet<>();
		after.forEach((property, value) -> {
			if (!value.equals(before.get(property))) {
				Runnable action = this.actions.get(property);
				if (action != null) {
					inForce.add(property);
					due.add(action);
				}
				else if (this.waiting.add(property)) {
					later.add(property);
				}
			}
		});
		due.forEach(this::run);
		say(inForce, later);
	}

	/** By property what holds now, whoever has set it. */
	private Map<String, List<String>> values() {
		Binder binder = Binder.get(this.environment);
		Map<String, List<String>> values = new HashMap<>();
		for (WhaTapKey key : WhaTapKeys.all()) {
			String property = key.property();
			if (property != null) {
				values.computeIfAbsent(property, (name) -> value(binder, name));
			}
		}
		return values;
	}

	private static List<String> value(Binder binder, String property) {
		try {
			return binder.bind(property, Bindable.listOf(String.class)).orElse(List.of());
		}
		catch (BindException ex) {
			return List.of();
		}
	}

	private void run(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			logger.warn("WhaTap: a change of " + this.conf + " could not be taken over: " + ex.getMessage());
		}
	}

	private void say(Set<String> inForce, Set<String> later) {
		if (!inForce.isEmpty()) {
			logger.info("WhaTap: " + this.conf + " has changed, in force is now: " + String.join(", ", inForce));
		}
		if (!later.isEmpty()) {
			logger.info("WhaTap: " + this.conf + " has changed, takes effect at the next start: "
					+ String.join(", ", later));
		}
	}

}
