package dev.apm4j.usage;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;

/**
 * Finds class files in archives and in the archives within them. For one thread.
 */
final class ArchiveScan {

	private static final String SUFFIX = ".class";

	private static final String VERSIONS = "META-INF/versions/";

	private static final String MANIFEST = "META-INF/MANIFEST.MF";

	private static final List<String> ROOTS = List.of("BOOT-INF/classes/", "WEB-INF/classes/");

	private static final int DEEPEST = 4;

	private final MethodFilter filter;

	private final ClassFileSink sink;

	ArchiveScan(MethodFilter filter, ClassFileSink sink) {
		this.filter = filter;
		this.sink = sink;
	}

	/**
	 * Hands the class files that can count to the sink, and says to it what can't be
	 * read.
	 * @param file the archive
	 * @throws ClosedChannelException if the thread was interrupted
	 */
	void scan(Path file) throws ClosedChannelException {
		String location = file.toString();
		attempt(location, () -> {
			try (FileChannel channel = FileChannel.open(file)) {
				scan(ByteRegion.of(channel), location, 0);
			}
		});
	}

	static boolean isArchive(String name) {
		return name.endsWith(".jar") || name.endsWith(".war");
	}

	private void scan(ByteRegion bytes, String location, int depth) throws IOException {
		Archive archive = Archive.open(bytes, this::isOfInterest);
		Map<String, Choice> chosen = new LinkedHashMap<>();
		List<Archive.Entry> nested = new ArrayList<>();
		int newest = isMultiRelease(archive) ? Runtime.version().feature() : 0;
		for (Archive.Entry entry : archive.entries()) {
			ClassEntry type = ClassEntry.of(entry.name());
			if (type != null && type.release() <= newest) {
				chosen.merge(type.path(), new Choice(entry, type.release()), Choice::newer);
			}
			else if (type == null && isArchive(entry.name()) && depth < DEEPEST) {
				nested.add(entry);
			}
		}
		for (Map.Entry<String, Choice> choice : chosen.entrySet()) {
			Archive.Entry entry = choice.getValue().entry();
			String name = location + "!/" + entry.name();
			attempt(name, () -> this.sink.classFile(name, choice.getKey(), archive.read(entry, Archive.LARGEST_FILE)));
		}
		for (Archive.Entry entry : nested) {
			String name = location + "!/" + entry.name();
			attempt(name, () -> scan(archive.open(entry), name, depth + 1));
		}
	}

	private void attempt(String location, Reading reading) throws ClosedChannelException {
		this.sink.endIfCancelled();
		try {
			reading.run();
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			this.sink.unreadable(location, ex);
		}
	}

	private boolean isOfInterest(String name) {
		ClassEntry type = ClassEntry.of(name);
		return (type != null) ? this.filter.mayInclude(type.path().replace('/', '.'))
				: isArchive(name) || name.equals(MANIFEST);
	}

	private static boolean isMultiRelease(Archive archive) throws IOException {
		Manifest manifest = CodeLocations.manifest(archive);
		return manifest != null
				&& "true".equalsIgnoreCase(manifest.getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE));
	}

	private interface Reading {

		void run() throws IOException;

	}

	/** The entry that is loaded as a class. */
	private record Choice(Archive.Entry entry, int release) {

		static Choice newer(Choice first, Choice second) {
			return (second.release() > first.release()) ? second : first;
		}

	}

	/**
	 * A class file by the name of its entry.
	 *
	 * @param path internal name of the class
	 * @param release the oldest Java that it is for, 0 for any
	 */
	private record ClassEntry(String path, int release) {

		static @Nullable ClassEntry of(String entry) {
			if (!entry.endsWith(SUFFIX)) {
				return null;
			}
			String path = entry.substring(0, entry.length() - SUFFIX.length());
			int release = 0;
			if (path.startsWith(VERSIONS)) {
				int end = path.indexOf('/', VERSIONS.length());
				release = release(path.substring(VERSIONS.length(), Math.max(end, VERSIONS.length())));
				path = path.substring(end + 1);
			}
			for (String root : ROOTS) {
				if (path.startsWith(root)) {
					path = path.substring(root.length());
				}
			}
			return new ClassEntry(path, release);
		}

		private static int release(String text) {
			return text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
		}

	}

}
