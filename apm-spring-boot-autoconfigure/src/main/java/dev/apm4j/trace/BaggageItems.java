package dev.apm4j.trace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The baggage of a trace: an immutable list of names and values that travels with it. At
 * most {@value #MAX_ITEMS} items of {@value #MAX_BYTES} bytes together, which are the
 * bounds of W3C Baggage (section 3.3.2): what would go over them is refused, so that
 * neither a caller nor a loop can make every request of a system heavier.
 */
public final class BaggageItems {

	/** Most items that are kept. */
	public static final int MAX_ITEMS = 64;

	/** Most bytes of names, values and properties together. */
	public static final int MAX_BYTES = 8192;

	/** No baggage. */
	public static final BaggageItems EMPTY = new BaggageItems(List.of(), 0);

	private final List<Item> items;

	private final int bytes;

	private BaggageItems(List<Item> items, int bytes) {
		this.items = items;
		this.bytes = bytes;
	}

	/**
	 * The items.
	 * @return the items in the order they were added, immutable
	 */
	public List<Item> items() {
		return this.items;
	}

	/**
	 * Whether there is none.
	 * @return whether there is no item
	 */
	public boolean isEmpty() {
		return this.items.isEmpty();
	}

	/**
	 * The value of a name.
	 * @param name the name; W3C Baggage distinguishes upper and lower case, so the exact
	 * name is preferred, but as other tracers do not, any other spelling is accepted
	 * @return the value, or {@code null}
	 */
	public @Nullable String get(String name) {
		String value = null;
		for (Item item : this.items) {
			if (item.name().equals(name)) {
				return item.value();
			}
			if (value == null && item.name().equalsIgnoreCase(name)) {
				value = item.value();
			}
		}
		return value;
	}

	/**
	 * The baggage with one more item, which replaces an item of the same name.
	 * @param name the name, not empty
	 * @param value the value
	 * @return new baggage, or this one if the item would go over the bounds
	 */
	public BaggageItems with(String name, String value) {
		return with(new Item(name, value, ""));
	}

	/**
	 * The baggage with one more item, which replaces an item of the same name.
	 * @param item the item
	 * @return new baggage, or this one if the item would go over the bounds
	 */
	public BaggageItems with(Item item) {
		if (item.name().isEmpty()) {
			return this;
		}
		BaggageItems others = without(item.name());
		int size = others.bytes + item.bytes();
		if (others.items.size() >= MAX_ITEMS || size > MAX_BYTES) {
			return this;
		}
		List<Item> copy = new ArrayList<>(others.items.size() + 1);
		copy.addAll(others.items);
		copy.add(item);
		return new BaggageItems(List.copyOf(copy), size);
	}

	/**
	 * The baggage without an item.
	 * @param name the name
	 * @return new baggage, or this one if there is no such item
	 */
	public BaggageItems without(String name) {
		List<Item> copy = new ArrayList<>(this.items);
		if (!copy.removeIf((item) -> item.name().equals(name))) {
			return this;
		}
		return new BaggageItems(List.copyOf(copy), copy.stream().mapToInt(Item::bytes).sum());
	}

	/**
	 * The names and values.
	 * @return a new map in the order of the items
	 */
	public Map<String, String> asMap() {
		Map<String, String> map = new LinkedHashMap<>();
		for (Item item : this.items) {
			map.put(item.name(), item.value());
		}
		return map;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof BaggageItems that && this.items.equals(that.items);
	}

	@Override
	public int hashCode() {
		return this.items.hashCode();
	}

	@Override
	public String toString() {
		// Values may be personal data, and this text may end in a log.
		return this.items.stream().map(Item::name).toList().toString();
	}

	/**
	 * One entry of the baggage.
	 *
	 * @param name the name, case-sensitive
	 * @param value the decoded value
	 * @param properties the properties that follow the value in a W3C {@code baggage}
	 * header, as they arrived, without the leading semicolon; empty for none
	 */
	public record Item(String name, String value, String properties) {

		int bytes() {
			return this.name.length() + this.value.getBytes(StandardCharsets.UTF_8).length + this.properties.length();
		}

	}

}
