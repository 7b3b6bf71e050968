package dev.apm4j.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import dev.apm4j.usage.agent.UsageAgent;
import dev.apm4j.usage.woven.early.ProbeMain;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the ways to start a {@link Recording}, each in a JVM of its own.
 */
class RecordingStartTests {

	private static final String MAIN = "early.ProbeMain.main([Ljava/lang/String;)V";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void jvmWithoutAgentAttachesToItself(int version) throws Exception {
		ForkedJvm.Output output = run(version, "-Xverify:all");
		assertThat(output.value("MEANS")).isEqualTo("self-attach");
		assertEverythingIsRecorded(version, output);
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void jvmThatMayAttachToItselfDoesSo(int version) throws Exception {
		ForkedJvm.Output output = run(version, "-Djdk.attach.allowAttachSelf=true", "-XX:+EnableDynamicAgentLoading");
		assertThat(output.value("MEANS")).isEqualTo("self-attach");
		assertThat(output.errors()).isEmpty();
		assertEverythingIsRecorded(version, output);
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void javaagentIsUsedWithoutAWarningFromTheJvm(int version) throws Exception {
		ForkedJvm.Output output = run(version, "-javaagent:" + agentJar(), "-XX:-EnableDynamicAgentLoading",
				"-XX:+DisableAttachMechanism");
		assertThat(output.value("MEANS")).isEqualTo("-javaagent");
		assertThat(output.errors()).isEmpty();
		assertEverythingIsRecorded(version, output);
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void agentOfAnExecutableJarIsUsedWithoutAWarningFromTheJvm(int version) throws Exception {
		Manifest manifest = manifest("Launcher-Agent-Class", "Can-Retransform-Classes");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, ProbeMain.class.getName());
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					Arrays.stream(ForkedJvm.classPath().split(java.io.File.pathSeparator))
						.map((entry) -> Path.of(entry).toUri().toString())
						.collect(Collectors.joining(" ")));
		ForkedJvm.Output output = jvm(version).run(this.directory,
				List.of("-XX:-EnableDynamicAgentLoading", "-jar", jar(manifest).toString()));
		assertThat(output.value("MEANS")).isEqualTo("Launcher-Agent-Class");
		assertThat(output.errors()).isEmpty();
		assertEverythingIsRecorded(version, output);
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void agentThatMayNotChangeLoadedClassesSaysNothingOfThem(int version) throws Exception {
		Path agent = jar(manifest("Premain-Class"));
		ForkedJvm.Output output = run(version, "-javaagent:" + agent);
		assertThat(output.value("STATE")).isEqualTo("ACTIVE");
		assertThat(output.values("ALIVE")).isEqualTo(alive(version)).doesNotContain(MAIN);
		assertThat(output.values("UNCERTAIN")).contains(MAIN, "early.ProbeMain$Unused.never()V");
		assertThat(output.value("UNRECORDED")).contains("LOADED_BEFORE=");
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void jvmThatLoadsNoAgentsIsSaidSo(int version) throws Exception {
		ForkedJvm.Output output = run(version, "-XX:-EnableDynamicAgentLoading");
		assertUnavailable(output, "EnableDynamicAgentLoading");
		assertThat(output.value("REMEDY")).contains("-XX:+EnableDynamicAgentLoading", "-javaagent",
				"Launcher-Agent-Class");
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void jvmThatCanNotBeAttachedToIsSaidSo(int version) throws Exception {
		assertUnavailable(run(version, "-XX:+DisableAttachMechanism"), "DisableAttachMechanism");
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void runtimeWithoutAttachModuleIsSaidSo(int version) throws Exception {
		assertUnavailable(run(version, "--limit-modules=java.instrument,java.management,java.logging"),
				"module jdk.attach");
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void runtimeWithoutAgentsIsSaidSo(int version) throws Exception {
		assertUnavailable(run(version, "--limit-modules=java.logging"), "module java.instrument");
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void missingTemporaryDirectoryIsSaidSo(int version) throws Exception {
		assertUnavailable(run(version, "-Djava.io.tmpdir=" + this.directory.resolve("missing")), "java.io.tmpdir");
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void nativeImageIsSaidSo(int version) throws Exception {
		assertUnavailable(run(version, "-Dorg.graalvm.nativeimage.imagecode=runtime"), "native image");
	}

	private void assertEverythingIsRecorded(int version, ForkedJvm.Output output) {
		assertThat(output.value("STATE")).isEqualTo("ACTIVE");
		Set<String> alive = alive(version);
		alive.add(MAIN);
		assertThat(output.values("ALIVE")).isEqualTo(alive);
		assertThat(output.values("DEAD")).containsAll(WovenSamples.dead())
			.contains("early.ProbeMain$Unused.never()V", "early.Starter.neverCalled()V")
			.doesNotContain("early.ProbeMain.before()V");
		// It ran before, what of it can't be told
		assertThat(output.values("UNCERTAIN")).containsExactlyInAnyOrder("early.ProbeMain.<init>()V",
				"early.ProbeMain.before()V", "early.ProbeMain.after()V",
				"early.ProbeMain.unused()Ldev/apm4j/usage/woven/early/ProbeMain$Unused;");
		assertThat(output.value("UNRECORDED")).isEqualTo("{}");
	}

	private static void assertUnavailable(ForkedJvm.Output output, String reason) {
		assertThat(output.exitCode()).as(output.errors()).isZero();
		assertThat(output.value("STATE")).isEqualTo("UNAVAILABLE");
		assertThat(output.value("MEANS")).isEqualTo("null");
		assertThat(output.value("REASON")).contains(reason);
		assertThat(output.value("REMEDY")).isNotEqualTo("null");
		assertThat(output.values("ALIVE")).isEmpty();
		assertThat(output.values("DEAD")).isEmpty();
		assertThat(output.values("UNCERTAIN")).containsAll(WovenSamples.alive());
	}

	private static Set<String> alive(int version) {
		Set<String> alive = new TreeSet<>(WovenSamples.alive());
		IntStream.rangeClosed(52, 44 + version)
			.mapToObj((major) -> "Made" + major)
			.flatMap((name) -> Stream.of(name + ".<init>()V", name + ".run()V", name + ".loop(I)V"))
			.forEach(alive::add);
		return alive;
	}

	private ForkedJvm.Output run(int version, String... options) throws IOException, InterruptedException {
		List<String> arguments = new ArrayList<>(List.of(options));
		arguments.addAll(List.of("-cp", ForkedJvm.classPath(), ProbeMain.class.getName()));
		return jvm(version).run(this.directory, arguments);
	}

	private static ForkedJvm jvm(int version) {
		return ForkedJvm.ofVersion(version)
			.orElseThrow(() -> new TestAbortedException("There is no JDK " + version + " on this machine"));
	}

	private Path agentJar() throws IOException {
		return jar(manifest("Premain-Class", "Can-Retransform-Classes"));
	}

	/** Of the manifest that is packaged some entries. */
	private static Manifest manifest(String... names) throws IOException {
		try (InputStream in = Files.newInputStream(Path.of("src/build/agent/MANIFEST.MF"))) {
			Manifest packaged = new Manifest(in);
			Manifest manifest = new Manifest();
			manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
			for (String name : names) {
				manifest.getMainAttributes().putValue(name, packaged.getMainAttributes().getValue(name));
			}
			return manifest;
		}
	}

	private Path jar(Manifest manifest) throws IOException {
		Path jar = this.directory.resolve("agent.jar");
		String agent = UsageAgent.class.getName().replace('.', '/') + ".class";
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream out = new JarOutputStream(file, manifest);
				InputStream in = UsageAgent.class.getResourceAsStream("/" + agent)) {
			out.putNextEntry(new ZipEntry(agent));
			in.transferTo(out);
		}
		return jar;
	}

}
