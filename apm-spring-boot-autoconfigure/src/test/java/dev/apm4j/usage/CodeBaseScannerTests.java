package dev.apm4j.usage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link CodeBaseScanner}.
 */
class CodeBaseScannerTests {

	private static final String CELLAR = "deep.Cellar";

	private static final List<String> METHODS_OF_CELLAR = List.of("deep.Cellar()", "deep.Cellar.store()");

	@TempDir
	private Path directory;

	private final ScanSettingsBuilder settings = new ScanSettingsBuilder();

	private CodeBaseScanner scanner(Path... locations) {
		ScanSettings all = this.settings.build();
		return new CodeBaseScanner(all, new MethodFilter(all), () -> List.of(locations));
	}

	@Test
	void classPathIsOnlyLookedAtByTheScan() {
		ScanSettings all = this.settings.build();
		CodeBaseScanner scanner = new CodeBaseScanner(all, new MethodFilter(all), () -> {
			throw new IllegalStateException("a slow disk");
		});
		assertThat(scanner.progress().state()).isEqualTo(ScanProgress.State.WAITING);
		assertThatIllegalStateException().isThrownBy(scanner::scan);
		assertThat(scanner.progress().failure()).contains("a slow disk");
	}

	private CodeBase scan(Path... locations) {
		return scanner(locations).scan();
	}

	private static List<String> texts(CodeBase codeBase) {
		return Samples.texts(codeBase.methods());
	}

	@Test
	void directoryOfTheClassPath() {
		CodeBase codeBase = scan(Samples.directory());

		assertThat(texts(codeBase)).containsAll(METHODS_OF_CELLAR)
			.contains("Shop.near()", "Service.byDefault(java.lang.Object)", "Shop$1.call()")
			.doesNotHaveDuplicates();
		assertThat(codeBase.methods()).isSortedAccordingTo(java.util.Comparator.comparing(CodeBaseMethod::key));
		assertThat(codeBase.leftOut()).isZero();
		assertThat(codeBase.unreadable()).isZero();
	}

	@Test
	void scanListsWhatTheFilterSaysOfEachClass() {
		ScanSettings all = this.settings.build();
		List<String> classes = List.of("Color", "Color$1", "Generated", "Marked", "Named", "Point", "Service", "Shop",
				"Shop$1", "Shop$ByDefault", "Shop$Inner", "Shop$Nested", "StringService", "deep.Cellar");

		assertThat(texts(scan(Samples.directory()))).containsExactlyInAnyOrderElementsOf(
				classes.stream().flatMap((name) -> Samples.methods(all, name).stream()).toList());
	}

	@Test
	void jar() {
		Path jar = new TestArchive().sample("", CELLAR).add("readme.txt", new byte[3]).write(file("a.jar"));

		assertThat(texts(scan(jar))).isEqualTo(METHODS_OF_CELLAR);
	}

	@Test
	void bootJarWithJarsInIt() {
		byte[] library = new TestArchive().sample("", "Point").bytes();
		byte[] others = new TestArchive().add("org/other/A.class", new byte[] { 1 }).bytes();
		Path jar = new TestArchive().manifest("Main-Class: org.springframework.boot.loader.launch.JarLauncher")
			.sample("BOOT-INF/classes/", CELLAR)
			.stored("BOOT-INF/lib/library.jar", library)
			.stored("BOOT-INF/lib/others.jar", others)
			.write(file("app.jar"));

		CodeBase codeBase = scan(jar);

		assertThat(texts(codeBase)).containsAll(METHODS_OF_CELLAR).contains("Point.distance()");
		assertThat(codeBase.unreadable()).isZero();
	}

	@Test
	void executableJarThatBeginsWithAScript() throws IOException {
		byte[] jar = new TestArchive().sample("BOOT-INF/classes/", CELLAR)
			.stored("BOOT-INF/lib/a.jar", new TestArchive().sample("", "Point").bytes())
			.bytes();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes("#!/bin/sh\nexec java -jar $0\n".getBytes(StandardCharsets.UTF_8));
		bytes.writeBytes(jar);

		assertThat(texts(scan(Files.write(file("app"), bytes.toByteArray())))).containsAll(METHODS_OF_CELLAR)
			.contains("Point.distance()");
	}

	@Test
	void warWithPackedLibraries() {
		Path war = new TestArchive().sample("WEB-INF/classes/", CELLAR)
			.add("WEB-INF/lib/library.jar", new TestArchive().sample("", "Point").bytes())
			.write(file("app.war"));

		assertThat(texts(scan(war))).containsAll(METHODS_OF_CELLAR).contains("Point.distance()");
	}

	@Test
	void unpackedBootJarAndWar() throws IOException {
		write(TestArchive.path("BOOT-INF/classes/", CELLAR), Samples.classFile(CELLAR));
		write("BOOT-INF/lib/a.jar", new TestArchive().sample("", "Point").bytes());
		write(TestArchive.path("WEB-INF/classes/", "Named"), Samples.classFile("Named"));
		write("WEB-INF/lib/b.jar", new TestArchive().sample("", "Color").bytes());

		assertThat(texts(scan(this.directory))).containsAll(METHODS_OF_CELLAR)
			.contains("Point.distance()", "Named.hashCode()", "Color.code()");
	}

	@Test
	void ofADirectoryOnTheClassPathOnlyThePlacesOfClassesAreSearched() throws IOException {
		write(TestArchive.path("target/classes/", "Point"), Samples.classFile("Point"));
		write("backup/old.jar", new TestArchive().sample("", "Named").bytes());
		write(TestArchive.path("", CELLAR), Samples.classFile(CELLAR));

		assertThat(texts(scan(this.directory))).isEqualTo(METHODS_OF_CELLAR);
	}

	@Test
	void directoryThatWasAskedForIsSearchedAsAWhole() throws IOException {
		write(TestArchive.path("target/classes/", "Point"), Samples.classFile("Point"));
		write("backup/old.jar", new TestArchive().sample("", "Named").bytes());
		write(TestArchive.path("META-INF/versions/9/", CELLAR), Samples.classFile(CELLAR));
		this.settings.codeBase(this.directory);

		assertThat(texts(scan(file("ignored")))).contains("Point.distance()", "Named.hashCode()")
			.doesNotContainAnyElementsOf(METHODS_OF_CELLAR);
	}

	@Test
	void singleClassFile() throws IOException {
		this.settings.codeBase(write(TestArchive.path("", CELLAR), Samples.classFile(CELLAR)));

		assertThat(texts(scan())).isEqualTo(METHODS_OF_CELLAR);
	}

	@Test
	void classThatIsNotWhereItsNameSaysIsNoneThatCanBeLoaded() throws IOException {
		write(TestArchive.path("", "Other"), Samples.classFile(CELLAR));

		assertThat(scan(this.directory).methods()).isEmpty();
	}

	@Test
	void multiReleaseJarCountsAsThisJavaLoadsIt() {
		int feature = Runtime.version().feature();
		byte[] base = type("Many", Opcodes.V17, "base");
		Path jar = new TestArchive().manifest("Multi-Release: true")
			.add(TestArchive.path("META-INF/versions/11/", "Many"), type("Many", Opcodes.V17, "eleven"))
			.add(TestArchive.path("", "Many"), base)
			.add(TestArchive.path("META-INF/versions/" + feature + "/", "Many"), type("Many", Opcodes.V17, "current"))
			.add(TestArchive.path("META-INF/versions/" + (feature + 1) + "/", "Many"),
					type("Many", Opcodes.V17, "next"))
			.write(file("multi.jar"));
		Path single = new TestArchive()
			.add(TestArchive.path("META-INF/versions/11/", "Many"), type("Many", Opcodes.V17, "eleven"))
			.add(TestArchive.path("", "Many"), base)
			.write(file("single.jar"));

		assertThat(texts(scan(jar))).containsExactly("Many.current()");
		assertThat(texts(scan(single))).containsExactly("Many.base()");
	}

	@Test
	void ofAClassFoundTwiceTheFirstCounts() {
		Path first = new TestArchive().add(TestArchive.path("", "Many"), type("Many", Opcodes.V17, "first"))
			.write(file("1.jar"));
		Path second = new TestArchive().add(TestArchive.path("", "Many"), type("Many", Opcodes.V17, "second"))
			.write(file("2.jar"));

		assertThat(texts(scan(first, second))).containsExactly("Many.first()");
		assertThat(texts(scan(second, first))).containsExactly("Many.second()");
	}

	@Test
	void whatIsBrokenIsCountedAndTheRestListed() throws IOException {
		byte[] broken = Arrays.copyOf(Samples.classFile("Shop"), 200);
		byte[] jar = new TestArchive().sample("", "Point").bytes();
		Path file = new TestArchive().sample("", CELLAR)
			.add(TestArchive.path("", "Shop"), broken)
			.stored("lib/broken.jar", Arrays.copyOf(jar, jar.length / 2))
			.add(TestArchive.path("", "Tomorrow"), type("Tomorrow", 120, "work"))
			.write(file("a.jar"));
		Path noJar = Files.writeString(file("b.jar"), "not a jar");
		Path missing = file("missing.jar");

		CodeBase codeBase = scan(noJar, missing, file);

		assertThat(texts(codeBase)).isEqualTo(METHODS_OF_CELLAR);
		assertThat(codeBase.unreadable()).isEqualTo(5);
	}

	@Test
	void jarBrokenAnywhereNeverEndsTheScan() throws IOException {
		byte[] jar = new TestArchive().manifest("Multi-Release: true")
			.sample("BOOT-INF/classes/", CELLAR)
			.stored("BOOT-INF/lib/a.jar", new TestArchive().sample("", "Named").bytes())
			.bytes();
		Path file = file("broken.jar");
		for (int i = 0; i < jar.length; i += 7) {
			byte[] broken = jar.clone();
			broken[i] ^= (byte) 0xFF;
			Files.write(file, broken);

			assertThat(scanner(file).scan().methods()).hasSizeLessThanOrEqualTo(10);
		}
	}

	@Test
	void tooManyMethodsAreLeftOutAndAlwaysTheSame() throws IOException {
		Path first = classes("1.jar", 0, 1000);
		Path second = classes("2.jar", 1000, 2000);
		this.settings.maxMethods(3500);

		CodeBase codeBase = scan(first, second);
		CodeBase other = scan(second, first);

		assertThat(codeBase.methods()).hasSize(3500).isEqualTo(other.methods());
		assertThat(codeBase.leftOut()).isEqualTo(20_000 - 3500).isEqualTo(other.leftOut());
		assertThat(Samples.texts(codeBase.methods())).contains("Type0000.method0()")
			.doesNotContain("Type1999.method9()");
	}

	@Test
	void hundredThousandMethods() throws IOException {
		CodeBaseScanner scanner = scanner(classes("many.jar", 0, 10_000));

		CodeBase codeBase = scanner.scan();

		assertThat(codeBase.methods()).hasSize(100_000);
		assertThat(scanner.progress()).satisfies((progress) -> {
			assertThat(progress.state()).isEqualTo(ScanProgress.State.DONE);
			assertThat(progress.classes()).isEqualTo(10_000);
			assertThat(progress.methods()).isEqualTo(100_000);
		});
		MethodKey one = codeBase.methods().get(0).key();
		MethodKey two = codeBase.methods().get(10).key();
		assertThat(one.descriptor()).as("texts are held once").isSameAs(two.descriptor());
	}

	@Test
	void progressBeginsWithWaiting() {
		assertThat(scanner().progress().state()).isEqualTo(ScanProgress.State.WAITING);
	}

	@Test
	void cancelledScanEndsWithoutACodeBase() {
		CodeBaseScanner scanner = scanner(Samples.directory());
		scanner.cancel();

		assertThatExceptionOfType(CancellationException.class).isThrownBy(scanner::scan);
		assertThat(scanner.progress().state()).isEqualTo(ScanProgress.State.CANCELLED);
	}

	@Test
	void interruptedScanEndsWithoutACodeBase() {
		CodeBaseScanner scanner = scanner(new TestArchive().sample("", CELLAR).write(file("a.jar")));
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(CancellationException.class).isThrownBy(scanner::scan);
		}
		finally {
			Thread.interrupted();
		}
	}

	@Test
	void fingerprintIsThatOfTheMethodsAndSettingsNotOfThePlace() throws IOException {
		CodeBase fromDirectory = scan(Samples.directory());
		TestArchive archive = new TestArchive();
		for (String name : List.of("Color", "Color$1", "Generated", "Marked", "Named", "Point", "Service", "Shop",
				"Shop$1", "Shop$ByDefault", "Shop$Inner", "Shop$Nested", "StringService", "deep.Cellar")) {
			archive.sample("", name);
		}
		CodeBase fromJar = scan(archive.write(file("all.jar")));
		ScanSettings all = this.settings.build();
		ScanSettings swapped = new ScanSettingsBuilder().codeBase(this.directory).build();

		String fingerprint = fromDirectory.fingerprint(all, false);

		assertThat(fingerprint).matches("[0-9a-f]{64}").isEqualTo(fromJar.fingerprint(swapped, false));
		assertThat(fingerprint).isNotEqualTo(fromDirectory.fingerprint(all, true))
			.isNotEqualTo(fromDirectory.fingerprint(new ScanSettingsBuilder().excludeConstructors().build(), false))
			.isNotEqualTo(new CodeBase(fromDirectory.methods().subList(1, fromDirectory.methods().size()), 0, 0)
				.fingerprint(all, false));
	}

	private Path classes(String name, int from, int to) throws IOException {
		TestArchive archive = new TestArchive();
		String[] methods = Collections.nCopies(10, "method").toArray(String[]::new);
		for (int i = 0; i < methods.length; i++) {
			methods[i] += i;
		}
		for (int i = from; i < to; i++) {
			String type = "Type%04d".formatted(i);
			archive.add(TestArchive.path("", type), type(type, Opcodes.V17, methods));
		}
		return archive.write(file(name));
	}

	private static byte[] type(String name, int version, String... methods) {
		ClassWriter writer = new ClassWriter(0);
		writer.visit(version, Opcodes.ACC_PUBLIC, Samples.PACKAGE.replace('.', '/') + "/" + name, null,
				"java/lang/Object", null);
		for (String method : methods) {
			MethodVisitor visitor = writer.visitMethod(Opcodes.ACC_PUBLIC, method, "()V", null, null);
			visitor.visitCode();
			visitor.visitInsn(Opcodes.RETURN);
			visitor.visitMaxs(0, 1);
			visitor.visitEnd();
		}
		return writer.toByteArray();
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private Path write(String path, byte[] content) throws IOException {
		Path file = file(path);
		Files.createDirectories(file.getParent());
		return Files.write(file, content);
	}

}
