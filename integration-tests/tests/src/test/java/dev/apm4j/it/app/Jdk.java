package dev.apm4j.it.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK of this machine.
 *
 * @param version its feature version, such as 17
 * @param home its folder
 */
public record Jdk(int version, Path home) {

	/**
	 * Looks for a JDK: the one that runs the tests, those beside it, and those that an
	 * environment variable {@code JAVA_HOME...} names.
	 * @param version the feature version
	 * @return the JDK if there is one
	 */
	public static Optional<Jdk> find(int version) {
		Path running = Path.of(System.getProperty("java.home"));
		Stream<Path> named = System.getenv()
			.entrySet()
			.stream()
			.filter((variable) -> variable.getKey().startsWith("JAVA_HOME"))
			.map(Map.Entry::getValue)
			.map(Path::of);
		return Stream.of(Stream.of(running), siblings(running), named)
			.flatMap((homes) -> homes)
			.filter((home) -> Files.isExecutable(home.resolve("bin/java")) && versionOf(home) == version)
			.findFirst()
			.map((home) -> new Jdk(version, home));
	}

	/**
	 * The JDK that runs the tests.
	 * @return the JDK
	 */
	public static Jdk running() {
		return new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
	}

	private static Stream<Path> siblings(Path home) {
		Path parent = home.getParent();
		if (parent == null) {
			return Stream.empty();
		}
		try (Stream<Path> folders = Files.list(parent)) {
			return folders.sorted().toList().stream();
		}
		catch (IOException ex) {
			return Stream.empty();
		}
	}

	private static int versionOf(Path home) {
		Path release = home.resolve("release");
		if (!Files.isReadable(release)) {
			return -1;
		}
		Properties properties = new Properties();
		try (InputStream in = Files.newInputStream(release)) {
			properties.load(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
		return version.isEmpty() ? -1 : Runtime.Version.parse(version).feature();
	}

	/**
	 * Has a process collect its garbage.
	 * @param pid the process, which runs on a JVM of this version
	 */
	public void collectGarbage(long pid) {
		try {
			Process jcmd = new ProcessBuilder(this.home.resolve("bin/jcmd").toString(), Long.toString(pid), "GC.run")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			if (jcmd.waitFor() != 0) {
				throw new IllegalStateException("jcmd failed with " + jcmd.exitValue());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What starts a process.
	 * @return the executable
	 */
	public Path java() {
		return this.home.resolve("bin/java");
	}

}
