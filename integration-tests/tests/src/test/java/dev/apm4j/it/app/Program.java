package dev.apm4j.it.app;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A packaged application in one of the forms in which it can be started.
 *
 * @param command what comes behind {@code java} and the options of the JVM
 */
public record Program(List<String> command) {

	private static final String CLASSES = "BOOT-INF/classes/";

	private static final String LIBRARIES = "BOOT-INF/lib/";

	private static final String AGENT_CLASS = "dev/apm4j/usage/agent/UsageAgent.class";

	/**
	 * As it is deployed.
	 * @param jar the executable jar
	 * @return the program
	 */
	public static Program jar(Path jar) {
		if (!Files.isRegularFile(jar)) {
			throw new IllegalStateException(jar + " is missing: build the whole project");
		}
		return new Program(List.of("-jar", jar.toString()));
	}

	/**
	 * As an IDE starts it: classes in a directory, libraries as jars.
	 * @param jar the executable jar
	 * @param folder an empty folder for what is in it
	 * @return the program
	 */
	public static Program classPath(Path jar, Path folder) {
		Path libraries = folder.resolve(LIBRARIES);
		StringBuilder classPath = new StringBuilder(folder.resolve(CLASSES).toString());
		try (JarFile file = new JarFile(jar.toFile())) {
			for (ZipEntry entry : Collections.list(file.entries())) {
				String name = entry.getName();
				if (!entry.isDirectory() && (name.startsWith(CLASSES) || name.startsWith(LIBRARIES))) {
					Path target = folder.resolve(name);
					Files.createDirectories(target.getParent());
					try (InputStream in = file.getInputStream(entry)) {
						Files.copy(in, target);
					}
					if (target.startsWith(libraries)) {
						classPath.append(File.pathSeparator).append(target);
					}
				}
			}
			String mainClass = file.getManifest().getMainAttributes().getValue("Start-Class");
			return new Program(List.of("-cp", classPath.toString(), mainClass));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * As an IDE starts it, with the beans that Spring has worked out before.
	 * @param jdk what compiles
	 * @param jar the executable jar
	 * @param folder an empty folder for what is in it
	 * @param arguments of the application, on which the beans depend
	 * @return the program
	 */
	public static Program aheadOfTime(Jdk jdk, Path jar, Path folder, String... arguments) {
		List<String> command = classPath(jar, folder).command();
		String classPath = command.get(1);
		String mainClass = command.get(2);
		Path sources = folder.resolve("sources");
		Path classes = folder.resolve("classes");
		List<String> processor = new ArrayList<>(List.of("java", "-cp", classPath,
				"org.springframework.boot.SpringApplicationAotProcessor", mainClass, sources.toString(),
				folder.resolve("resources").toString(), classes.toString(), "com.example", "orders"));
		processor.addAll(List.of(arguments));
		run(jdk, folder, processor);
		String generated = classes + File.pathSeparator + classPath;
		List<String> compiler = new ArrayList<>(
				List.of("javac", "-nowarn", "-proc:none", "-cp", generated, "-d", classes.toString()));
		try (Stream<Path> files = Files.walk(sources)) {
			files.filter(Files::isRegularFile).map(Path::toString).forEach(compiler::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		run(jdk, folder, compiler);
		return new Program(List.of("-Dspring.aot.enabled=true", "-cp", generated, mainClass));
	}

	private static void run(Jdk jdk, Path folder, List<String> command) {
		List<String> tool = new ArrayList<>(command);
		tool.set(0, jdk.home().resolve("bin").resolve(command.get(0)).toString());
		Path log = folder.resolve(command.get(0) + ".txt");
		try {
			Process process = new ProcessBuilder(tool).redirectErrorStream(true).redirectOutput(log.toFile()).start();
			if (process.waitFor() != 0) {
				throw new IllegalStateException(command.get(0) + " failed: " + Files.readString(log));
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
	 * As it is deployed, with the agent's class at the root of the jar, which the
	 * manifest names.
	 * @param jar the executable jar
	 * @param agent jar with the agent's class
	 * @param target what to write
	 * @return the program
	 */
	public static Program withLauncherAgent(Path jar, Path agent, Path target) {
		try (JarFile file = new JarFile(jar.toFile());
				JarFile agentFile = new JarFile(agent.toFile());
				ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
			for (ZipEntry entry : Collections.list(file.entries())) {
				if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
					Manifest manifest = file.getManifest();
					Attributes attributes = manifest.getMainAttributes();
					attributes.putValue("Launcher-Agent-Class", AGENT_CLASS.replace('/', '.').replace(".class", ""));
					attributes.putValue("Can-Retransform-Classes", "true");
					out.putNextEntry(new ZipEntry(entry.getName()));
					manifest.write(out);
				}
				else {
					// Libraries stay uncompressed, or Spring Boot can't read them.
					copy(file, entry, out);
				}
			}
			copy(agentFile, agentFile.getEntry(AGENT_CLASS), out);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return jar(target);
	}

	private static void copy(ZipFile from, ZipEntry entry, ZipOutputStream to) throws IOException {
		ZipEntry copy = new ZipEntry(entry);
		if (copy.getMethod() == ZipEntry.DEFLATED) {
			copy.setCompressedSize(-1);
		}
		to.putNextEntry(copy);
		try (InputStream in = from.getInputStream(entry)) {
			in.transferTo(to);
		}
	}

}
