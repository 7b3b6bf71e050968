package dev.apm4j.usage;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;

/**
 * Where the application's classes come from: the class path with what manifests add to
 * it, the URLs of class loaders (of a servlet container, of the developer tools, of a
 * Boot jar), and where given classes were loaded from. Of a jar in a jar only the outer
 * one is listed, which is scanned as a whole.
 * <p>
 * For one thread.
 */
final class CodeLocations {

	private static final int MOST = 10_000;

	private static final String MANIFEST = "META-INF/MANIFEST.MF";

	private final Set<Path> locations = new LinkedHashSet<>();

	private final Deque<Path> archives = new ArrayDeque<>();

	private CodeLocations() {
	}

	/**
	 * Finds the locations.
	 * @param loader loads the application's classes
	 * @param classes classes of the application, if any are known
	 * @return existing directories and archives in the order of the class path, each once
	 */
	static List<Path> find(@Nullable ClassLoader loader, Collection<Class<?>> classes) {
		return find(loader, classes, System.getProperty("java.class.path", ""));
	}

	static List<Path> find(@Nullable ClassLoader loader, Collection<Class<?>> classes, String classPath) {
		CodeLocations found = new CodeLocations();
		for (ClassLoader current = loader; current != null; current = current.getParent()) {
			if (current instanceof URLClassLoader urls) {
				for (URL url : urls.getURLs()) {
					found.add(path(url.toString()));
				}
			}
		}
		for (String entry : classPath.split(File.pathSeparator)) {
			found.add(path(entry, null));
		}
		for (Class<?> type : classes) {
			CodeSource source = type.getProtectionDomain().getCodeSource();
			if (source != null && source.getLocation() != null) {
				found.add(path(source.getLocation().toString()));
			}
		}
		found.addClassPathsOfManifests();
		return List.copyOf(found.locations);
	}

	/**
	 * The file that a location of code is in.
	 * @param url URL of a directory or jar, or of one within a jar, such as
	 * {@code jar:nested:/app.jar/!BOOT-INF/classes/!/},
	 * {@code jar:file:/app.jar!/BOOT-INF/classes!/} or
	 * {@code war:file:/app.war*&#47;WEB-INF/lib/a.jar}
	 * @return the file, {@code null} if it is in none
	 */
	static @Nullable Path path(String url) {
		String rest = url;
		while (rest.startsWith("jar:") || rest.startsWith("war:")) {
			rest = rest.substring(4);
		}
		if (rest.startsWith("nested:")) {
			rest = "file:" + before(rest.substring("nested:".length()), "/!");
		}
		if (!rest.startsWith("file:")) {
			return null;
		}
		rest = before(before(before(rest, "!/"), "*/"), "^/");
		try {
			return Path.of(URI.create(rest));
		}
		catch (IllegalArgumentException ex) {
			// written by hand, with characters that don't belong into a URL
			return path(rest.substring("file:".length()), null);
		}
	}

	private static String before(String text, String end) {
		int index = text.indexOf(end);
		return (index < 0) ? text : text.substring(0, index);
	}

	private static @Nullable Path path(String text, @Nullable Path directory) {
		try {
			Path path = Path.of(text);
			return (directory != null) ? directory.resolve(path) : path;
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

	private void add(@Nullable Path path) {
		if (path == null || this.locations.size() >= MOST) {
			return;
		}
		try {
			Path real = path.toRealPath();
			if (this.locations.add(real) && Files.isRegularFile(real)) {
				this.archives.add(real);
			}
		}
		catch (IOException ex) {
			// the class path may name what does not exist
		}
	}

	/** Long class paths are handed over in the manifest of an otherwise empty jar. */
	private void addClassPathsOfManifests() {
		for (Path archive = this.archives.poll(); archive != null; archive = this.archives.poll()) {
			for (String entry : classPath(archive)) {
				add(entry.startsWith("file:") ? path(entry) : path(decode(entry), archive.getParent()));
			}
		}
	}

	private static String decode(String relative) {
		try {
			String path = URI.create(relative).getPath();
			return (path != null) ? path : relative;
		}
		catch (IllegalArgumentException ex) {
			return relative;
		}
	}

	private static List<String> classPath(Path archive) {
		Manifest manifest = null;
		try (FileChannel file = FileChannel.open(archive)) {
			manifest = manifest(Archive.open(ByteRegion.of(file), MANIFEST::equals));
		}
		catch (IOException ex) {
			// the scan says what can't be read
		}
		String value = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) : null;
		List<String> entries = new ArrayList<>();
		for (String entry : ((value != null) ? value : "").split(" ")) {
			if (!entry.isEmpty()) {
				entries.add(entry);
			}
		}
		return entries;
	}

	static @Nullable Manifest manifest(Archive archive) throws IOException {
		Archive.Entry entry = archive.entry(MANIFEST);
		return (entry != null) ? new Manifest(new ByteArrayInputStream(archive.read(entry, Archive.LARGEST_FILE)))
				: null;
	}

}
