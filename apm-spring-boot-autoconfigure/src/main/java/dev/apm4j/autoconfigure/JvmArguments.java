package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.apm4j.instrument.SecretNames;

/**
 * Arguments of a JVM with the values of secrets masked.
 */
final class JvmArguments {

	/** A name and its value, up to what separates it from the next one. */
	private static final Pattern PAIR = Pattern.compile("([\\w.-]{1,128})=([^,;&\\s]*)");

	private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]{0,500}@");

	private JvmArguments() {
	}

	static List<String> masked(List<String> arguments) {
		return arguments.stream().map(JvmArguments::masked).toList();
	}

	private static String masked(String argument) {
		int equals = argument.indexOf('=');
		if (equals > 0 && isSecret(argument, 0, equals)) {
			return argument.substring(0, equals + 1) + SecretNames.REDACTED;
		}
		String text = USER_INFO.matcher(argument).replaceAll("://" + SecretNames.REDACTED + "@");
		// What comes first is the name of the property or the path of an agent's jar.
		Matcher pairs = PAIR.matcher(text);
		StringBuilder masked = new StringBuilder();
		while (pairs.find()) {
			String name = pairs.group(1);
			pairs.appendReplacement(masked, Matcher.quoteReplacement(
					isSecret(name, 0, name.length()) ? name + "=" + SecretNames.REDACTED : pairs.group()));
		}
		return pairs.appendTail(masked).toString();
	}

	private static boolean isSecret(String text, int from, int to) {
		return SecretNames.STANDARD.contains(text, from, to);
	}

}
