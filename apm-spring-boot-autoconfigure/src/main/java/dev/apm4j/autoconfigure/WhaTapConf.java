package dev.apm4j.autoconfigure;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.apm4j.export.whatap.ConfigurationFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * The {@code whatap.conf} of an application, whose keys are properties behind all others.
 * Thread-safe.
 */
final class WhaTapConf {

	/** The name of the property source. */
	static final String NAME = "whatap.conf";

	private static final Log logger = LogFactory.getLog(WhaTapConf.class);

	private static final String HOME = "apm.whatap.home";

	/** As environment variables, or as system properties. */
	private static final List<String> BATCH_HOMES = List.of("whatap.batch.home", "whatap.home.batch");

	private final ConfigurationFile file;

	private final Environment environment;

	private volatile WhaTapConfiguration content = WhaTapConfiguration.EMPTY;

	private volatile @Nullable String said;

	private WhaTapConf(ConfigurationFile file, Environment environment) {
		this.file = file;
		this.environment = environment;
	}

	/**
	 * Adds the property source if there is a home.
	 * @param environment the application's environment
	 * @param batch whether the application serves nobody, and so may be a batch
	 */
	static void addTo(ConfigurableEnvironment environment, boolean batch) {
		String home = home(environment, batch);
		if (home == null) {
			return;
		}
		Path path;
		try {
			path = Path.of(home, environment.getProperty("whatap.config", ConfigurationFile.DEFAULT_NAME));
		}
		catch (InvalidPathException ex) {
			logger.warn("WhaTap: no path to whatap.conf can be made of " + HOME + " or WHATAP_HOME");
			return;
		}
		WhaTapConf conf = new WhaTapConf(new ConfigurationFile(path), environment);
		conf.read();
		environment.getPropertySources().addLast(new Source(conf));
	}

	private static @Nullable String home(Environment environment, boolean batch) {
		String home = environment.getProperty(HOME);
		if (batch) {
			for (String variable : BATCH_HOMES) {
				home = StringUtils.hasText(home) ? home : environment.getProperty(variable);
			}
		}
		home = StringUtils.hasText(home) ? home : environment.getProperty("whatap.home");
		return StringUtils.hasText(home) ? home.strip() : null;
	}

	private String contextPath() {
		String path = this.environment.getProperty("server.servlet.context-path", "");
		return (path.startsWith("/") && path.length() > 1) ? StringUtils.trimTrailingCharacter(path, '/') : "";
	}

	/** That of an environment, {@code null} if it has none. */
	static @Nullable WhaTapConf of(ConfigurableEnvironment environment) {
		return (environment.getPropertySources().get(NAME) instanceof Source source) ? source.getSource() : null;
	}

	/** Moves it behind what was added after it: default properties, annotated sources. */
	static void moveToEnd(ConfigurableEnvironment environment) {
		MutablePropertySources sources = environment.getPropertySources();
		PropertySource<?> source = sources.get(NAME);
		if (source instanceof Source) {
			sources.addLast(source);
		}
	}

	ConfigurationFile file() {
		return this.file;
	}

	private void read() {
		try {
			use(this.file.read());
		}
		catch (IOException ex) {
			logger.warn("WhaTap: " + this.file + " can't be read: " + ex.getMessage()
					+ "; apm.whatap.* holds without it, until it can");
		}
	}

	/**
	 * Takes over what the file says. Properties have their new values after that.
	 * @param entries keys and values
	 */
	void use(Map<String, String> entries) {
		WhaTapConfiguration now = WhaTapConfiguration
			.of(entries, contextPath(), this.environment.containsProperty("apm.whatap.license"))
			.after(this.content);
		this.content = now;
		String remark = now.remark();
		String line = this.file + ((remark != null) ? ": " + remark : " is used");
		// The file is also read when only values have changed.
		if (!line.equals(this.said)) {
			this.said = line;
			if (now.wrong().isEmpty()) {
				logger.info("WhaTap: " + line);
			}
			else {
				logger.warn("WhaTap: " + line);
			}
		}
	}

	/** The properties, of which the file's keys are only part of what decides. */
	Map<String, String> properties() {
		return this.content.properties();
	}

	/** Nothing of the content, which a debugger or a log line might show. */
	@Override
	public String toString() {
		return this.file.toString();
	}

	private static final class Source extends EnumerablePropertySource<WhaTapConf> {

		Source(WhaTapConf conf) {
			super(NAME, conf);
		}

		@Override
		public String[] getPropertyNames() {
			return getSource().properties().keySet().toArray(String[]::new);
		}

		@Override
		public @Nullable Object getProperty(String name) {
			return getSource().properties().get(name);
		}

	}

}
