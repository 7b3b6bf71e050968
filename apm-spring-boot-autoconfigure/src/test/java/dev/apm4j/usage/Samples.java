package dev.apm4j.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

import dev.apm4j.usage.sample.Shop;

/**
 * The class files of the samples.
 */
final class Samples {

	private Samples() {
	}

	static final String PACKAGE = "dev.apm4j.usage.sample";

	/** Where the samples' classes are. */
	static Path directory() {
		try {
			return Path.of(Shop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A class file.
	 * @param name name of the class in the package of samples
	 */
	static byte[] classFile(String name) {
		String path = "/" + PACKAGE.replace('.', '/') + "/" + name.replace('.', '/') + ".class";
		try (InputStream in = Samples.class.getResourceAsStream(path)) {
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static ClassOutline outline(String name) {
		return ClassOutline.read(classFile(name));
	}

	/** Methods of a sample that count, without the package. */
	static List<String> methods(ScanSettings settings, String name) {
		return texts(new MethodFilter(settings).methods(outline(name)));
	}

	static List<String> texts(List<CodeBaseMethod> methods) {
		return methods.stream()
			.map((method) -> MethodSignature.of(method.key(), false).text().substring(PACKAGE.length() + 1))
			.toList();
	}

}
