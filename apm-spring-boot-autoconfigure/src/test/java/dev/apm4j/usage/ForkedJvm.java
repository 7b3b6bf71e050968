package dev.apm4j.usage;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/**
 * A JVM of its own.
 *
 * @param home the JDK
 * @param version its feature version
 */
record ForkedJvm(Path home, int version) {

	private static final int TIME_LIMIT_SECONDS = 120;

	/** The JDK that runs the tests, or one of that version beside it. */
	static Optional<ForkedJvm> ofVersion(int version) {
		Path running = Path.of(System.getProperty("java.home"));
		try (Stream<Path> siblings = Files.list(running.getParent())) {
			return Stream.concat(Stream.of(running), siblings.sorted())
				.filter((home) -> Files.isExecutable(home.resolve("bin/java")) && versionOf(home) == version)
				.findFirst()
				.map((home) -> new ForkedJvm(home, version));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int versionOf(Path home) {
		Properties release = new Properties();
		try (InputStream in = Files.newInputStream(home.resolve("release"))) {
			release.load(in);
		}
		catch (IOException ex) {
			return -1;
		}
		String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
		return version.isEmpty() ? -1 : Runtime.Version.parse(version).feature();
	}

	/** What the recording and its tests need, and nothing else. */
	static String classPath() {
		return Stream.of(Recording.class, ForkedJvm.class, ClassReader.class, ByteBuddyAgent.class, Nullable.class)
			.map(ForkedJvm::location)
			.map(Path::toString)
			.distinct()
			.collect(Collectors.joining(File.pathSeparator));
	}

	static Path location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Runs it to its end.
	 * @param directory for its output
	 * @param arguments options of the JVM, and what to run
	 */
	Output run(Path directory, List<String> arguments) throws IOException, InterruptedException {
		Path out = directory.resolve("out.txt");
		Path err = directory.resolve("err.txt");
		List<String> command = new ArrayList<>();
		command.add(this.home.resolve("bin/java").toString());
		command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
		builder.environment().remove("JAVA_TOOL_OPTIONS");
		Process process = builder.start();
		if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)) {
			process.destroyForcibly();
			throw new IllegalStateException("No end after " + TIME_LIMIT_SECONDS + " s: " + command);
		}
		return new Output(process.exitValue(), Files.readAllLines(out), Files.readString(err));
	}

	/**
	 * What it printed.
	 *
	 * @param exitCode its exit code
	 * @param lines what it printed
	 * @param errors what it printed as errors
	 */
	record Output(int exitCode, List<String> lines, String errors) {

		/** The rest of the line that begins with a word. */
		String value(String word) {
			return this.lines.stream()
				.filter((line) -> line.startsWith(word + " "))
				.map((line) -> line.substring(word.length() + 1))
				.findFirst()
				.orElseThrow(() -> new AssertionError(word + " is missing in " + this));
		}

		/** The rest of all lines that begin with a word, sorted. */
		TreeSet<String> values(String word) {
			return this.lines.stream()
				.filter((line) -> line.startsWith(word + " "))
				.map((line) -> line.substring(word.length() + 1))
				.collect(Collectors.toCollection(TreeSet::new));
		}

	}

}
