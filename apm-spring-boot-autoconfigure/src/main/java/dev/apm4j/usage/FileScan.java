package dev.apm4j.usage;

import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds class files in a location of code: a directory, an archive or a class file. For
 * one thread.
 * <p>
 * In a directory of the class path only those places are searched that classes are loaded
 * from, be it an unpacked Boot jar or war: the directory may be large and have little to
 * do with the application. A directory that was asked for is searched as a whole.
 */
final class FileScan {

	private static final String SUFFIX = ".class";

	private static final List<String> CLASSES = List.of("", "BOOT-INF/classes/", "WEB-INF/classes/");

	private static final List<String> LIBRARIES = List.of("BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/");

	private final boolean whole;

	private final List<String> places;

	private final MethodFilter filter;

	private final ClassFileSink sink;

	private final ArchiveScan archives;

	/**
	 * Makes a scan.
	 * @param whole whether to search all of a directory
	 * @param packages packages whose classes are looked for
	 * @param filter decides what counts
	 * @param sink takes the class files
	 */
	FileScan(boolean whole, List<String> packages, MethodFilter filter, ClassFileSink sink) {
		this.whole = whole;
		this.filter = filter;
		this.sink = sink;
		this.archives = new ArchiveScan(filter, sink);
		Stream<String> classes = CLASSES.stream()
			.flatMap((place) -> packages.stream().map((name) -> place + name.replace('.', '/') + "/"));
		this.places = Stream.concat(classes, LIBRARIES.stream()).toList();
	}

	/**
	 * Hands the class files that can count to the sink, and says to it what can't be
	 * read.
	 * @param location the location
	 * @throws IOException if the thread was interrupted, or the location cannot be read
	 */
	void scan(Path location) throws IOException {
		if (Files.isDirectory(location)) {
			Files.walkFileTree(location, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
					new Visitor(location));
		}
		else if (location.toString().endsWith(SUFFIX)) {
			classFile(location, relative(location));
		}
		else {
			this.archives.scan(location);
		}
	}

	private void classFile(Path file, String path) throws ClosedChannelException {
		String name = path.substring(0, path.length() - SUFFIX.length());
		if (!mayInclude(name)) {
			return;
		}
		try {
			if (Files.size(file) > Archive.LARGEST_FILE) {
				throw new IOException("File is too large for a class");
			}
			this.sink.classFile(file.toString(), name, Files.readAllBytes(file));
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			this.sink.unreadable(file.toString(), ex);
		}
	}

	/** Where below the directory the packages begin can't be told before it is read. */
	private boolean mayInclude(String path) {
		String name = path.replace('/', '.');
		int start = 0;
		while (!this.filter.mayInclude(name.substring(start))) {
			int dot = name.indexOf('.', start);
			if (dot < 0) {
				return false;
			}
			start = dot + 1;
		}
		return true;
	}

	private boolean isPlace(String directory) {
		if (directory.endsWith("/META-INF/") || directory.equals("META-INF/")) {
			return false;
		}
		return this.whole
				|| this.places.stream().anyMatch((place) -> place.startsWith(directory) || directory.startsWith(place));
	}

	private boolean isLibrary(String path) {
		return ArchiveScan.isArchive(path) && (this.whole || LIBRARIES.stream().anyMatch(path::startsWith));
	}

	private static String relative(Path path) {
		return path.toString().replace(File.separatorChar, '/');
	}

	private final class Visitor extends SimpleFileVisitor<Path> {

		private final Path root;

		Visitor(Path root) {
			this.root = root;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
			FileScan.this.sink.endIfCancelled();
			boolean search = directory.equals(this.root) || isPlace(relative(this.root.relativize(directory)) + "/");
			return search ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			FileScan.this.sink.endIfCancelled();
			String path = relative(this.root.relativize(file));
			if (path.endsWith(SUFFIX)) {
				classFile(file, path);
			}
			else if (isLibrary(path)) {
				FileScan.this.archives.scan(file);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException ex) {
			if (!(ex instanceof FileSystemLoopException)) {
				FileScan.this.sink.unreadable(file.toString(), ex);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult postVisitDirectory(Path directory, IOException ex) {
			return FileVisitResult.CONTINUE;
		}

	}

}
