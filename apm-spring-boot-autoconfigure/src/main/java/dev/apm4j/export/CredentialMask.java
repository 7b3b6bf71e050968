package dev.apm4j.export;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes credentials out of the message of an application's exception: the user-info of
 * URLs, what follows a name such as {@code password=}, and what follows {@code Bearer}.
 * Everything else stays, as the message is there to be read; so words that are often
 * followed by something harmless, such as {@code token:} or {@code key:}, count only in
 * the form {@code token=}.
 */
final class CredentialMask {

	private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s]+@");

	private static final Pattern NAMED = Pattern.compile("(?i)((?:(?:passw|pwd|secret|authori[sz]ation|credential"
			+ "|(?:api|access|private)[_-]?key)[\\w-]{0,40}[\"']?\\s{0,3}[=:]\\s{0,3}"
			+ "|(?:token|signature|session|licen[sc]e)[\\w-]{0,40}[\"']?=))"
			+ "(?:(\")[^\"]+|(')[^']+|(?:(?:bearer|basic)\\s{1,3})?[^\\s\"'&,;(){}\\[\\]]+)");

	private static final Pattern SCHEME = Pattern.compile("(?i)\\b(bearer|basic)\\s{1,3}[a-z0-9+/._~=-]{12,}");

	private CredentialMask() {
	}

	static String mask(String message) {
		// Most messages have neither.
		String masked = (message.indexOf('@') >= 0) ? USER_INFO.matcher(message).replaceAll("://***@") : message;
		if (masked.indexOf('=') >= 0 || masked.indexOf(':') >= 0) {
			masked = NAMED.matcher(masked)
				.replaceAll((named) -> Matcher.quoteReplacement(named.group(1) + quote(named) + "***"));
		}
		return SCHEME.matcher(masked).replaceAll("$1 ***");
	}

	/** Within quotes anything belongs to the value. */
	private static String quote(MatchResult named) {
		return (named.group(2) != null) ? "\"" : (named.group(3) != null) ? "'" : "";
	}

}
