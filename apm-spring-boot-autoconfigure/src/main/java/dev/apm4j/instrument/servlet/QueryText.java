package dev.apm4j.instrument.servlet;

import java.util.List;

import dev.apm4j.instrument.SecretNames;

/**
 * Masks the values of query parameters whose names look like secrets.
 */
final class QueryText {

	private final SecretNames secrets;

	QueryText(List<String> furtherParts) {
		this.secrets = SecretNames.STANDARD.with(furtherParts);
	}

	/**
	 * The query with secrets masked, bounded and printable.
	 * @param query the query as it was requested, still encoded
	 * @return the query
	 */
	String masked(String query) {
		return UrlText.printable(mask(query.substring(0, Math.min(query.length(), UrlText.MAX))), UrlText.MAX);
	}

	private String mask(String query) {
		int end = query.length();
		StringBuilder result = new StringBuilder(end);
		int from = 0;
		while (from < end) {
			int to = from;
			while (to < end && query.charAt(to) != '&' && query.charAt(to) != ';') {
				to++;
			}
			append(result, query, from, to);
			if (to < end) {
				result.append(query.charAt(to));
			}
			from = to + 1;
		}
		return result.toString();
	}

	private void append(StringBuilder result, String query, int from, int to) {
		int equals = query.indexOf('=', from);
		if (equals < 0 || equals >= to || !this.secrets.contains(query, from, equals)) {
			result.append(query, from, to);
			return;
		}
		result.append(query, from, equals + 1).append(SecretNames.REDACTED);
	}

}
