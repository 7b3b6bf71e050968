package dev.apm4j.usage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes an archive.
 */
final class TestArchive {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final ZipOutputStream zip = new ZipOutputStream(this.bytes);

	TestArchive add(String name, byte[] content) {
		return add(new ZipEntry(name), content);
	}

	TestArchive stored(String name, byte[] content) {
		ZipEntry entry = new ZipEntry(name);
		entry.setMethod(ZipEntry.STORED);
		entry.setSize(content.length);
		CRC32 crc = new CRC32();
		crc.update(content);
		entry.setCrc(crc.getValue());
		return add(entry, content);
	}

	TestArchive manifest(String... lines) {
		return add("META-INF/MANIFEST.MF", ("Manifest-Version: 1.0\r\n" + String.join("\r\n", lines) + "\r\n\r\n")
			.getBytes(StandardCharsets.UTF_8));
	}

	/** Adds the class file of a sample below a directory. */
	TestArchive sample(String directory, String name) {
		return add(path(directory, name), Samples.classFile(name));
	}

	static String path(String directory, String name) {
		return directory + (Samples.PACKAGE + "." + name).replace('.', '/') + ".class";
	}

	byte[] bytes() {
		try {
			this.zip.close();
			return this.bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path write(Path file) {
		try {
			return Files.write(file, bytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private TestArchive add(ZipEntry entry, byte[] content) {
		try {
			this.zip.putNextEntry(entry);
			this.zip.write(content);
			this.zip.closeEntry();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
