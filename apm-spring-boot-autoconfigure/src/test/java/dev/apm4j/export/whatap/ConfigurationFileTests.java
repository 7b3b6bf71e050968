package dev.apm4j.export.whatap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * How {@code whatap.conf} is read, and when again.
 */
class ConfigurationFileTests {

	private static final String LICENCE = "x1a2b3c4d5e6f7-x1a2b3c4d5e6f7";

	private Path path;

	private ConfigurationFile file;

	private Instant time = Instant.parse("2026-01-01T00:00:00Z");

	@BeforeEach
	void setUp(@TempDir Path home) {
		this.path = home.resolve("whatap.conf");
		this.file = new ConfigurationFile(this.path);
	}

	private void write(String content) throws IOException {
		write(content.getBytes(StandardCharsets.UTF_8));
	}

	private void write(byte[] content) throws IOException {
		Files.write(this.path, content);
		this.time = this.time.plusMillis(1);
		Files.setLastModifiedTime(this.path, FileTime.from(this.time));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a=1\nb=2\n", "a=1\r\nb=2\r\n", "a=1\rb=2", "\n\n  a = 1  \n\t\n b\t=\t2",
			"\ufeffa=1\nb=2", "# c=3\na=1\n  #d=4\n#\nb=2", "a=0\nb=2\na=1", "no key\n=3\na=1\nb=2\n=", "a=1\nb=2\n#" })
	void readsLinesOfKeysAndValues(String content) throws IOException {
		write(content);
		assertThat(this.file.read()).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "2"));
	}

	@Test
	void valuesAreKeptAsTheyAre() throws IOException {
		write("empty=\nurl=http://a/?b=c#d\nname=주문 \u00e4\\n\nwhatap.server.host=1.2.3.4/5.6.7.8\nquoted=\"x\"");
		assertThat(this.file.read()).containsExactlyInAnyOrderEntriesOf(Map.of("empty", "", "url", "http://a/?b=c#d",
				"name", "주문 \u00e4\\n", "whatap.server.host", "1.2.3.4/5.6.7.8", "quoted", "\"x\""));
	}

	@Test
	void whatIsNotUtf8DoesNoHarmToTheRest() throws IOException {
		byte[] content = "name=??\nport=6601".getBytes(StandardCharsets.ISO_8859_1);
		content[5] = (byte) 0xb0;
		content[6] = (byte) 0xa1;
		write(content);
		assertThat(this.file.read()).containsEntry("port", "6601").containsKey("name");
	}

	@Test
	void aMegabyteIsTheMost() throws IOException {
		String line = "license=" + LICENCE + "\n";
		write(line + "#".repeat(ConfigurationFile.MAX_SIZE - line.length()));
		assertThat(this.file.read()).hasSize(1);
		write(line + "#".repeat(ConfigurationFile.MAX_SIZE + 1 - line.length()));
		assertThatIOException().isThrownBy(this.file::read).withMessage("it has more than 1048576 bytes");
	}

	@Test
	void aFileThatIsNotThereIsSaid() {
		assertThatIOException().isThrownBy(this.file::read).withMessage("there is no such file");
	}

	@Test
	void aDirectoryIsNoFile() throws IOException {
		Files.createDirectory(this.path);
		assertThatIOException().isThrownBy(this.file::read).withMessage("there is no such file");
		assertThat(this.file.readChanged()).isNull();
	}

	@Test
	void aFileThatMayNotBeReadIsSaidOnce() throws IOException {
		write("a=1");
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("-wx------"));
		assumeFalse(Files.isReadable(this.path), "the superuser may read everything");
		assertThatIOException().isThrownBy(this.file::read).withMessage("permission to read it is missing");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isNull();
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rw-------"));
		assertThat(this.file.readChanged()).isNotNull();
	}

	@Test
	void aFileThatGrowsTooLargeIsSaidOnceAndReadWhenItIsNot() throws IOException {
		write("a=1");
		this.file.read();
		write("a=2\n" + "#".repeat(ConfigurationFile.MAX_SIZE));
		assertThat(this.file.readChanged()).isNull();
		assertThatIOException().isThrownBy(this.file::readChanged);
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isNull();
		write("a=3");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isEqualTo(Map.of("a", "3"));
	}

	@Test
	void aChangeIsReadOnceItStays() throws IOException {
		write("a=1");
		this.file.read();
		assertThat(this.file.readChanged()).isNull();
		write("a=2");
		assertThat(this.file.readChanged()).as("may be half of what is being written").isNull();
		write("a=2\nb=3");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isEqualTo(Map.of("a", "2", "b", "3"));
		assertThat(this.file.readChanged()).isNull();
	}

	@Test
	void aFileThatIsGoneOrEmptyChangesNothing() throws IOException {
		write("a=1");
		this.file.read();
		Files.delete(this.path);
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isNull();
		write("");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isNull();
		write("# nothing but a comment");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isNull();
		write("a=2");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isEqualTo(Map.of("a", "2"));
	}

	@Test
	void aFileThatComesLaterIsRead() throws IOException {
		assertThatIOException().isThrownBy(this.file::read);
		assertThat(this.file.readChanged()).isNull();
		write("a=1");
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).isEqualTo(Map.of("a", "1"));
	}

	@Test
	void aLinkThatPointsElsewhereIsAChange() throws IOException {
		Path first = Files.writeString(this.path.resolveSibling("first"), "a=1");
		Path second = Files.writeString(this.path.resolveSibling("second"), "a=2");
		FileTime same = FileTime.from(this.time);
		Files.setLastModifiedTime(first, same);
		Files.setLastModifiedTime(second, same);
		Files.createSymbolicLink(this.path, first);
		assertThat(this.file.read()).containsEntry("a", "1");
		Files.delete(this.path);
		Files.createSymbolicLink(this.path, second);
		assertThat(this.file.readChanged()).isNull();
		assertThat(this.file.readChanged()).containsEntry("a", "2");
	}

	@Test
	void itsTextHasNothingOfItsContent() throws IOException {
		write("license=" + LICENCE);
		this.file.read();
		assertThat(this.file.toString()).isEqualTo(this.path.toString());
	}

}
