package dev.apm4j.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

import dev.apm4j.export.whatap.ProjectCode;
import dev.apm4j.export.whatap.WhaTapSettings;
import dev.apm4j.propagation.WhaTapHeaderNames;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Checks the properties of the WhaTap backend and makes its settings of them. What it
 * says of a wrong value contains no secret.
 */
final class CheckedWhaTapProperties {

	private static final String PREFIX = "apm.whatap";

	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");

	private static final Set<Integer> VERSIONS = Set.of(20104, 20106);

	private static final Duration SHORTEST = Duration.ofSeconds(10);

	/** The agent compares milliseconds as signed 32 bits. */
	private static final Duration LONGEST = Duration.ofDays(24);

	private CheckedWhaTapProperties() {
	}

	/**
	 * The settings as the environment has them at the moment.
	 * @param environment the application's environment
	 * @return the settings
	 * @throws ApmConfigurationException if a value is not allowed
	 */
	static WhaTapSettings of(Environment environment) {
		return of(Binder.get(environment).bindOrCreate(PREFIX, ApmWhaTapProperties.class));
	}

	static WhaTapSettings of(ApmWhaTapProperties properties) {
		return new WhaTapSettings(host(properties.host().strip()), port(properties.port()),
				version(properties.version()), projectCode(properties), properties.oid(), properties.okind(),
				lostTime(properties.lostTime()), properties.mtrace().enabled());
	}

	static WhaTapHeaderNames headers(ApmWhaTapProperties.Mtrace mtrace) {
		return new WhaTapHeaderNames(header("caller", mtrace.callerHeader()), header("poid", mtrace.poidHeader()),
				header("spec1", mtrace.spec1Header()), header("spec", mtrace.specHeader()),
				header("info", mtrace.infoHeader()));
	}

	private static String header(String property, String name) {
		try {
			WhaTapHeaderNames.requireName(name);
			return name;
		}
		catch (IllegalArgumentException ex) {
			throw new ApmConfigurationException(PREFIX + ".mtrace." + property + "-header", name,
					"the name of an HTTP header, such as x-wtap-mst");
		}
	}

	private static String host(String host) {
		if (!HOST.matcher(host).matches()) {
			// Whoever writes a URL may have written a password into it.
			throw new ApmConfigurationException(PREFIX + ".host", host.contains("@") ? "***" : host,
					"the name or the address of a host, such as 127.0.0.1");
		}
		return host;
	}

	private static int port(int port) {
		if (port < 1 || port > 0xffff) {
			throw new ApmConfigurationException(PREFIX + ".port", port, "a number from 1 to 65535");
		}
		return port;
	}

	private static int version(int version) {
		if (!VERSIONS.contains(version)) {
			throw new ApmConfigurationException(PREFIX + ".version", version, "20104 or 20106");
		}
		return version;
	}

	private static long projectCode(ApmWhaTapProperties properties) {
		Long code = properties.projectCode();
		if (code != null) {
			if (code < 0) {
				throw new ApmConfigurationException(PREFIX + ".project-code", code, "a number of 0 or more");
			}
			return code;
		}
		String license = properties.license();
		if (!StringUtils.hasText(license)) {
			return 0;
		}
		try {
			return ProjectCode.of(license);
		}
		catch (IllegalArgumentException ex) {
			throw ApmConfigurationException.secret(PREFIX + ".license",
					"a licence as WhaTap's console shows it: some groups of letters and digits, joined by dashes");
		}
	}

	private static Duration lostTime(Duration time) {
		if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
			throw new ApmConfigurationException(PREFIX + ".lost-time", time, "a duration from 10s to 24d");
		}
		return time;
	}

}
