package dev.apm4j.export.whatap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The configuration of the local agent, {@code whatap.conf}: lines {@code key=value} in
 * UTF-8, with comments behind {@code #} at the begin of a line. The agent and its console
 * write it, too. Thread-safe.
 */
public final class ConfigurationFile {

	/** The name that the file has unless {@code WHATAP_CONFIG} gives another one. */
	public static final String DEFAULT_NAME = "whatap.conf";

	static final int MAX_SIZE = 1024 * 1024;

	private static final char BYTE_ORDER_MARK = '\ufeff';

	private final Path path;

	/** That of the content that was read last. */
	private @Nullable Stamp known;

	/** That of a content that was met once and may be half of what is being written. */
	private @Nullable Stamp fresh;

	/** Why it could not be read, as far as that was said. */
	private @Nullable String problem;

	/**
	 * Creates a reader.
	 * @param path where the file is, or is expected to be
	 */
	public ConfigurationFile(Path path) {
		this.path = path;
	}

	/**
	 * Where the file is.
	 * @return the path
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Reads the file as it is.
	 * @return its keys and values, of which some are secret; of a key that occurs several
	 * times the last one
	 * @throws IOException if there is no file, or it can't be read; the message is fit to
	 * follow a colon and has nothing of the content
	 */
	public synchronized Map<String, String> read() throws IOException {
		Stamp stamp = stamp();
		try {
			if (stamp == null) {
				throw new IOException("there is no such file");
			}
			String text = text();
			this.known = stamp;
			this.problem = null;
			return parse(text);
		}
		catch (IOException ex) {
			this.problem = ex.getMessage();
			throw ex;
		}
	}

	/**
	 * Reads the file if it is another one than at the last time, and is the same as at
	 * the last call. A file that is gone or empty is being written, or has been lost:
	 * what it said stays in force.
	 * @return what it says now, or {@code null} if that is no news
	 * @throws IOException if there is a file that can't be read, for a reason that was
	 * not thrown yet
	 */
	synchronized @Nullable Map<String, String> readChanged() throws IOException {
		Stamp stamp = stamp();
		if (stamp == null || stamp.size() == 0 || stamp.equals(this.known)) {
			this.fresh = null;
			return null;
		}
		if (!stamp.equals(this.fresh)) {
			this.fresh = stamp;
			return null;
		}
		String text;
		try {
			text = text();
		}
		catch (IOException ex) {
			boolean said = String.valueOf(ex.getMessage()).equals(this.problem);
			this.problem = ex.getMessage();
			if (said) {
				return null;
			}
			throw ex;
		}
		if (!stamp.equals(stamp())) {
			return null;
		}
		this.known = stamp;
		this.fresh = null;
		this.problem = null;
		Map<String, String> entries = parse(text);
		return entries.isEmpty() ? null : entries;
	}

	private @Nullable Stamp stamp() {
		try {
			BasicFileAttributes attributes = Files.readAttributes(this.path, BasicFileAttributes.class);
			return attributes.isRegularFile()
					? new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private String text() throws IOException {
		byte[] bytes;
		try (InputStream in = Files.newInputStream(this.path)) {
			bytes = in.readNBytes(MAX_SIZE + 1);
		}
		catch (IOException ex) {
			// What the message of the platform is about depends on the platform.
			throw new IOException(
					Files.isReadable(this.path) ? ex.getClass().getSimpleName() : "permission to read it is missing",
					ex);
		}
		if (bytes.length > MAX_SIZE) {
			throw new IOException("it has more than " + MAX_SIZE + " bytes");
		}
		return new String(bytes, StandardCharsets.UTF_8);
	}

	static Map<String, String> parse(String text) {
		Map<String, String> entries = new LinkedHashMap<>();
		String content = (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) ? text.substring(1) : text;
		content.lines().map(String::strip).forEach((line) -> {
			int equals = line.indexOf('=');
			if (equals > 0 && line.charAt(0) != '#') {
				entries.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
			}
		});
		return entries;
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	private record Stamp(FileTime modified, long size, @Nullable Object key) {
	}

}
