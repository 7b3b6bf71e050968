package dev.apm4j.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes whose calls are recorded.
 */
final class WovenSamples {

	static final String PACKAGE = "dev.apm4j.usage.woven";

	static final String EVERYTHING = PACKAGE + ".Everything";

	static final ScanSettings SETTINGS = new ScanSettingsBuilder().packages(PACKAGE).build();

	/** Never called, though the name doesn't say it. */
	private static final Set<String> DEAD = Set.of("Everything.privateMethod(JI)V",
			"Everything$Inner.<init>(Ldev/apm4j/usage/woven/Everything;Ljava/lang/String;)V",
			"Everything$Base.<init>(J)V");

	private WovenSamples() {
	}

	/** All of their methods that count. */
	static List<MethodKey> codeBase() {
		return codeBase("");
	}

	static List<MethodKey> codeBase(String subPackage) {
		MethodFilter filter = new MethodFilter(SETTINGS);
		return classFiles(subPackage).stream()
			.flatMap((classFile) -> filter.methods(ClassOutline.read(classFile)).stream())
			.map(CodeBaseMethod::key)
			.toList();
	}

	static List<byte[]> classFiles() {
		return classFiles("");
	}

	private static List<byte[]> classFiles(String subPackage) {
		Path directory = directory().resolve(PACKAGE.replace('.', '/')).resolve(subPackage);
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.toString().endsWith(".class")).sorted().map(WovenSamples::read).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path directory() {
		try {
			return Path.of(WovenSamples.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] read(Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Set<String> alive() {
		return texts(codeBase(), (text) -> !isDead(text));
	}

	static Set<String> dead() {
		return texts(codeBase(), WovenSamples::isDead);
	}

	private static boolean isDead(String text) {
		return text.toLowerCase(Locale.ROOT).contains("dead") || DEAD.contains(text);
	}

	static Set<String> texts(List<MethodKey> methods, Predicate<String> predicate) {
		return methods.stream()
			.filter((method) -> method.className().startsWith(PACKAGE))
			.map(WovenSamples::text)
			.filter(predicate)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	static String text(MethodKey method) {
		return method.className().substring(PACKAGE.length() + 1) + "." + method.name() + method.descriptor();
	}

	/** Loads the samples itself, everything else as this class does: like a restart. */
	static final class Loader extends ClassLoader {

		Loader() {
			this(WovenSamples.class.getClassLoader());
		}

		Loader(ClassLoader parent) {
			super(parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				if (loaded != null || !name.startsWith(PACKAGE)) {
					return (loaded != null) ? loaded : super.loadClass(name, resolve);
				}
				byte[] classFile = classFile(name);
				return defineClass(name, classFile, 0, classFile.length);
			}
		}

		@Override
		public InputStream getResourceAsStream(String name) {
			return WovenSamples.class.getClassLoader().getResourceAsStream(name);
		}

		Class<?> define(String name, byte[] classFile) {
			return defineClass(name, classFile, 0, classFile.length);
		}

		private byte[] classFile(String name) throws ClassNotFoundException {
			try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (in == null) {
					throw new ClassNotFoundException(name);
				}
				return in.readAllBytes();
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

		/** Calls what is to be called. */
		void runEverything() {
			try {
				((Runnable) loadClass(EVERYTHING).getDeclaredConstructor().newInstance()).run();
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
