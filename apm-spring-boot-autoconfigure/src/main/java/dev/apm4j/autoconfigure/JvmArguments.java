package dev.apm4j.autoconfigure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.apm4j.instrument.SecretNames;

/**
 * Arguments of a JVM with the values of secrets masked.
 */
final class JvmArguments {

	private static final Pattern NAME = Pattern.compile("([\\w.-]{1,128})=");

	/** What separates a value from the next name. */
	private static final Pattern END = Pattern.compile("[,;&\\s]");

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
		StringBuilder masked = new StringBuilder();
		int copied = 0;
		Matcher name = NAME.matcher(text);
		Matcher end = END.matcher(text);
		while (name.find()) {
			if (name.end() > copied && isSecret(text, name.start(1), name.end(1))) {
				masked.append(text, copied, name.end()).append(SecretNames.REDACTED);
				copied = end.find(name.end()) ? end.start() : text.length();
			}
		}
		return masked.append(text.substring(copied)).toString();
	}

	private static boolean isSecret(String text, int from, int to) {
		return SecretNames.STANDARD.contains(text, from, to);
	}

}
