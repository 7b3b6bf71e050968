package dev.apm4j.it.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.opentest4j.TestAbortedException;

/**
 * Finds programs that packages put beside the path of most users.
 */
final class Programs {

	private Programs() {
	}

	/**
	 * Looks for a program.
	 * @param product what it belongs to
	 * @param name its name
	 * @param folders where to look beside the path; one name of each may be a pattern, of
	 * which the last match counts
	 * @return the program
	 * @throws TestAbortedException if this machine doesn't have it
	 */
	static Path find(String product, String name, String... folders) {
		List<Path> candidates = new ArrayList<>();
		for (String folder : folders) {
			candidates.addAll(matches(folder));
		}
		for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
			candidates.add(Path.of(folder));
		}
		for (Path candidate : candidates) {
			Path program = candidate.resolve(name);
			if (Files.isExecutable(program)) {
				return program;
			}
		}
		throw missing(product, "there is no " + name);
	}

	static TestAbortedException missing(String product, String why) {
		String message = "SKIPPED: the tests with " + product + " don't run on this machine, " + why;
		System.out.println(message);
		return new TestAbortedException(message);
	}

	private static List<Path> matches(String folder) {
		int star = folder.indexOf('*');
		if (star < 0) {
			return List.of(Path.of(folder));
		}
		int start = folder.lastIndexOf('/', star);
		int end = folder.indexOf('/', star);
		Path parent = Path.of(folder.substring(0, start));
		if (!Files.isDirectory(parent)) {
			return List.of();
		}
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, folder.substring(start + 1, end))) {
			children.forEach((child) -> found.add(child.resolve(folder.substring(end + 1))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Collections.sort(found, Collections.reverseOrder());
		return found;
	}

}
