package dev.apm4j.propagation;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.PropagatedContextBuilder;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code baggage} of W3C Baggage.
 * <ul>
 * <li>Several headers are one list. Reading stops after {@value BaggageItems#MAX_ITEMS}
 * entries or {@value BaggageItems#MAX_BYTES} bytes, invalid entries included; an entry
 * that the bound would cut is left out.</li>
 * <li>An entry that is not as the grammar says is skipped, the others are kept.</li>
 * <li>Of entries with the same name the last counts; what another format found under the
 * name before this one was read wins over both.</li>
 * <li>Values are percent-decoded UTF-8, what is no UTF-8 becomes U+FFFD; so a value may
 * contain any character, also line feeds. When written everything that the grammar
 * doesn't allow is percent-encoded. Names are tokens: an item whose name is none is not
 * written.</li>
 * <li>Properties are passed on as they are, without white space.</li>
 * </ul>
 */
public final class W3cBaggageCodec implements HeaderCodec {

	/** The name of the format. */
	public static final String NAME = "baggage";

	static final String BAGGAGE = "baggage";

	private static final String HEX = "0123456789ABCDEF";

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public List<String> fields() {
		return List.of(BAGGAGE);
	}

	@Override
	public boolean identifiesSpan() {
		return false;
	}

	@Override
	public <C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		String header = RepeatedHeaders.combined(carrier, getter, BAGGAGE, BaggageItems.MAX_BYTES);
		if (header == null) {
			return;
		}
		BaggageItems before = into.baggage();
		int length = header.length();
		int position = 0;
		int entries = 0;
		while (position < length && entries < BaggageItems.MAX_ITEMS) {
			int comma = header.indexOf(',', position);
			int end = (comma < 0) ? length : comma;
			if (end > BaggageItems.MAX_BYTES) {
				return;
			}
			int from = HeaderText.skipSpace(header, position, end);
			int to = HeaderText.trimSpace(header, from, end);
			if (from < to) {
				entries++;
				BaggageItems.Item item = item(header, from, to);
				if (item != null && before.get(item.name()) == null) {
					into.baggage(item);
				}
			}
			position = end + 1;
		}
	}

	private static BaggageItems.@Nullable Item item(String header, int from, int to) {
		int semicolon = header.indexOf(';', from);
		int end = (semicolon < 0 || semicolon > to) ? to : semicolon;
		int equals = header.indexOf('=', from);
		if (equals < 0 || equals >= end) {
			return null;
		}
		int nameEnd = HeaderText.trimSpace(header, from, equals);
		int valueStart = HeaderText.skipSpace(header, equals + 1, end);
		int valueEnd = HeaderText.trimSpace(header, valueStart, end);
		if (!HeaderText.isToken(header, from, nameEnd) || !isValue(header, valueStart, valueEnd)) {
			return null;
		}
		String properties = (end < to) ? properties(header, end + 1, to) : "";
		if (properties == null) {
			return null;
		}
		return new BaggageItems.Item(header.substring(from, nameEnd), decode(header, valueStart, valueEnd), properties);
	}

	/**
	 * Validates properties and leaves the white space around them out.
	 * @return the properties, or {@code null} if they are invalid
	 */
	private static @Nullable String properties(String text, int from, int to) {
		StringBuilder list = new StringBuilder(to - from);
		int position = from;
		while (position < to) {
			int semicolon = text.indexOf(';', position);
			int end = (semicolon < 0 || semicolon > to) ? to : semicolon;
			int start = HeaderText.skipSpace(text, position, end);
			int stop = HeaderText.trimSpace(text, start, end);
			if (start < stop && !property(text, start, stop, list)) {
				return null;
			}
			position = end + 1;
		}
		return list.toString();
	}

	private static boolean property(String text, int from, int to, StringBuilder list) {
		int equals = text.indexOf('=', from);
		boolean hasValue = equals >= 0 && equals < to;
		int keyEnd = hasValue ? HeaderText.trimSpace(text, from, equals) : to;
		int valueStart = hasValue ? HeaderText.skipSpace(text, equals + 1, to) : to;
		if (!HeaderText.isToken(text, from, keyEnd) || !isValue(text, valueStart, to)) {
			return false;
		}
		if (list.length() > 0) {
			list.append(';');
		}
		list.append(text, from, keyEnd);
		if (hasValue) {
			list.append('=').append(text, valueStart, to);
		}
		return true;
	}

	@Override
	public <C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter) {
		BaggageItems baggage = span.baggageItems();
		if (baggage.isEmpty()) {
			return;
		}
		StringBuilder header = new StringBuilder();
		for (BaggageItems.Item item : baggage.items()) {
			if (!HeaderText.isToken(item.name(), 0, item.name().length())) {
				continue;
			}
			int before = header.length();
			if (before > 0) {
				header.append(',');
			}
			header.append(item.name()).append('=');
			encode(item.value(), header);
			String properties = properties(item.properties(), 0, item.properties().length());
			if (properties != null && !properties.isEmpty()) {
				header.append(';').append(properties);
			}
			if (header.length() > BaggageItems.MAX_BYTES) {
				header.setLength(before);
			}
		}
		if (header.length() > 0) {
			setter.set(carrier, BAGGAGE, header.toString());
		}
	}

	private static boolean isValue(String text, int from, int to) {
		for (int i = from; i < to; i++) {
			if (!isValueCharacter(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isValueCharacter(char c) {
		return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
	}

	private static String decode(String text, int from, int to) {
		int percent = text.indexOf('%', from);
		if (percent < 0 || percent >= to) {
			return text.substring(from, to);
		}
		byte[] bytes = new byte[to - from];
		int length = 0;
		for (int i = from; i < to; i++) {
			char c = text.charAt(i);
			int high = (c == '%' && i + 2 < to) ? Character.digit(text.charAt(i + 1), 16) : -1;
			int low = (high >= 0) ? Character.digit(text.charAt(i + 2), 16) : -1;
			if (low >= 0) {
				bytes[length++] = (byte) ((high << 4) | low);
				i += 2;
			}
			else {
				bytes[length++] = (byte) c;
			}
		}
		return new String(bytes, 0, length, StandardCharsets.UTF_8);
	}

	private static void encode(String value, StringBuilder target) {
		if (isValue(value, 0, value.length()) && value.indexOf('%') < 0) {
			target.append(value);
			return;
		}
		for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
			char c = (char) (b & 0xff);
			if (c != '%' && isValueCharacter(c)) {
				target.append(c);
			}
			else {
				target.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
			}
		}
	}

}
