package dev.apm4j.export.whatap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A configuration as lines {@code key=value}, in a packet {@code CONFIG_INFO}. Source:
 * golib's {@code UdpConfigPack}.
 */
final class ConfigurationText {

	private static final int MAX_ENTRIES = 1000;

	/** In both spellings; WhaTap's own key for it is {@code license}. */
	private static final List<String> SECRETS = List.of("licens", "licenc", "passw", "secret", "token", "credential",
			"paramkey", "apikey", "api-key", "api_key", "private");

	private ConfigurationText() {
	}

	/** Whether a datagram begins as such a packet does, which no question does. */
	static boolean isOne(ByteBuffer datagram) {
		return datagram.hasRemaining() && (datagram.get(datagram.position()) & 0xff) == PacketType.CONFIG_INFO.number();
	}

	/**
	 * Reads a packet, of whatever version.
	 * @param datagram a datagram with nothing else in it
	 * @return the configuration, or {@code null} if it is none
	 */
	static @Nullable Map<String, String> parse(ByteBuffer datagram) {
		ByteBuffer packet = datagram.slice();
		if (packet.remaining() < Datagram.PACKET_HEADER + Short.BYTES) {
			return null;
		}
		packet.position(Datagram.PACKET_HEADER - Integer.BYTES);
		int bodyLength = packet.getInt();
		int textLength = packet.getShort() & 0xffff;
		if (bodyLength != textLength + Short.BYTES || textLength != packet.remaining()) {
			return null;
		}
		return entries(StandardCharsets.UTF_8.decode(packet).toString());
	}

	private static @Nullable Map<String, String> entries(String text) {
		Map<String, String> entries = new LinkedHashMap<>();
		int from = 0;
		while (from < text.length()) {
			int newline = text.indexOf('\n', from);
			int end = (newline >= 0) ? newline : text.length();
			int equals = text.indexOf('=', from);
			if (equals > from && equals < end) {
				entries.put(text.substring(from, equals).strip(), text.substring(equals + 1, end).strip());
				if (entries.size() > MAX_ENTRIES) {
					return null;
				}
			}
			from = end + 1;
		}
		return entries;
	}

	/** Leaves out what may be a secret, first of all the licence. */
	static Map<String, String> withoutSecrets(Map<String, String> configuration) {
		Map<String, String> shown = new LinkedHashMap<>();
		configuration.forEach((key, value) -> {
			String name = key.toLowerCase(Locale.ROOT);
			if (SECRETS.stream().noneMatch(name::contains)) {
				shown.put(key, value);
			}
		});
		return shown;
	}

}
