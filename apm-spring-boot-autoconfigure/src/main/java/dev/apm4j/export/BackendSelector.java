package dev.apm4j.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Chooses backends by the names in {@code apm.backend}. Immutable.
 */
public final class BackendSelector {

	/** What is safe as a part of thread names, meter tags and property names. */
	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

	private final SortedMap<String, SegmentExporter> available = new TreeMap<>();

	/**
	 * Creates a selector.
	 * @param available the backends that can be chosen
	 * @throws IllegalArgumentException if a backend has no valid name, or two have the
	 * same
	 */
	public BackendSelector(Collection<? extends SegmentExporter> available) {
		for (SegmentExporter exporter : available) {
			String name = exporter.name();
			if (name == null || !NAME.matcher(name).matches()) {
				throw new IllegalArgumentException("the name of a backend must match " + NAME + " but that of "
						+ exporter.getClass().getName() + " does not");
			}
			SegmentExporter other = this.available.put(name, exporter);
			if (other != null) {
				throw new IllegalArgumentException("two backends are called '" + name + "': "
						+ other.getClass().getName() + " and " + exporter.getClass().getName());
			}
		}
	}

	/**
	 * The names that can be chosen.
	 * @return the names, sorted
	 */
	public Set<String> names() {
		return Collections.unmodifiableSet(this.available.keySet());
	}

	/**
	 * Chooses backends. Case, white space around a name, empty names and names given
	 * twice do not matter.
	 * @param names the names
	 * @return the backends in the order of the names
	 * @throws IllegalArgumentException if there is no backend of a name; it lists the
	 * known ones
	 */
	public List<SegmentExporter> select(Collection<String> names) {
		Set<String> wanted = new LinkedHashSet<>();
		for (String name : names) {
			wanted.add(name.strip().toLowerCase(Locale.ROOT));
		}
		wanted.remove("");
		List<SegmentExporter> selected = new ArrayList<>();
		for (String name : wanted) {
			SegmentExporter exporter = this.available.get(name);
			if (exporter == null) {
				throw new IllegalArgumentException("there is no backend '" + name + "'; known are "
						+ (this.available.isEmpty() ? "none" : String.join(", ", this.available.keySet())));
			}
			selected.add(exporter);
		}
		return List.copyOf(selected);
	}

}
