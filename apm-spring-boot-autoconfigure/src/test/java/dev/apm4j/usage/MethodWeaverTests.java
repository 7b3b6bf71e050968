package dev.apm4j.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MethodWeaver}: the class file and nothing else.
 */
class MethodWeaverTests {

	@Test
	void changesNothingButTheFirstInstructions() {
		WovenSamples.classFiles().forEach(this::assertOnlyFirstInstructionsDiffer);
	}

	@Test
	void changesNothingElseInClassesOfALargerCodeBase() throws IOException {
		Path classes = Path.of("target/classes/dev/apm4j");
		try (Stream<Path> files = Files.walk(classes)) {
			List<Path> classFiles = files.filter((file) -> file.toString().endsWith(".class")).toList();
			assertThat(classFiles).hasSizeGreaterThan(100);
			classFiles.forEach((file) -> assertOnlyFirstInstructionsDiffer(read(file)));
		}
	}

	@Test
	void weavesClassFilesOfJava8To25() {
		for (int major = Opcodes.V1_8; major <= Opcodes.V25; major++) {
			byte[] classFile = GeneratedClass.ofVersion(major);
			byte[] woven = assertOnlyFirstInstructionsDiffer(classFile);
			assertThat(woven[7]).isEqualTo((byte) major);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 5, 127, 128, 32_767, 32_768, 1_000_000 })
	void numberOfAnySizeArrives(int index) {
		byte[] classFile = GeneratedClass.ofVersion(Opcodes.V17);
		byte[] woven = MethodWeaver.weave(new ClassReader(classFile), Map.of("run()V", index));
		assertThat(numbers(woven)).containsExactly(Map.entry("run()V", index));
	}

	@Test
	void keepsAttributesThatNobodyKnows() {
		byte[] woven = assertOnlyFirstInstructionsDiffer(GeneratedClass.withUnknownAttribute());
		assertThat(new String(woven, StandardCharsets.ISO_8859_1)).contains("com.acme.Unknown");
	}

	@Test
	void methodThatJustFitsIsWoven() {
		byte[] classFile = GeneratedClass.withMethodOf(65_535 - 5);
		byte[] woven = MethodWeaver.weave(new ClassReader(classFile), Map.of("large()V", 1));
		assertThat(numbers(woven)).containsEntry("large()V", 1);
	}

	@Test
	void methodThatWouldExceedTheLimitIsRefused() {
		ClassReader reader = new ClassReader(GeneratedClass.withMethodOf(65_533));
		assertThatExceptionOfType(MethodTooLargeException.class)
			.isThrownBy(() -> MethodWeaver.weave(reader, Map.of("large()V", 1, "run()V", 2)))
			.satisfies((ex) -> assertThat(ex.getMethodName()).isEqualTo("large"));
	}

	private byte[] assertOnlyFirstInstructionsDiffer(byte[] classFile) {
		Map<String, Integer> indexes = new HashMap<>();
		for (ClassOutline.MethodOutline method : ClassOutline.read(classFile).methods()) {
			indexes.put(method.name() + method.descriptor(), indexes.size());
		}
		byte[] woven = MethodWeaver.weave(new ClassReader(classFile), indexes);
		assertThat(normalized(woven, true)).isEqualTo(normalized(classFile, false));
		return woven;
	}

	/** Written once more from scratch, optionally without the first two instructions. */
	private static byte[] normalized(byte[] classFile, boolean woven) {
		ClassWriter writer = new ClassWriter(0);
		new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9, writer) {

			@Override
			public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
					String[] exceptions) {
				return new Unwoven(super.visitMethod(access, name, descriptor, signature, exceptions), woven);
			}

		}, 0);
		return writer.toByteArray();
	}

	private static Map<String, Integer> numbers(byte[] classFile) {
		Map<String, Integer> numbers = new HashMap<>();
		new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9) {

			@Override
			public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
					String[] exceptions) {
				return new Unwoven(null, true) {

					@Override
					void removed(int number) {
						numbers.put(name + descriptor, number);
					}

				};
			}

		}, 0);
		return numbers;
	}

	private static byte[] read(Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static class Unwoven extends MethodVisitor {

		private boolean first;

		private Integer pushed;

		Unwoven(MethodVisitor next, boolean woven) {
			super(Opcodes.ASM9, next);
			this.first = woven;
		}

		void removed(int number) {
		}

		@Override
		public void visitIntInsn(int opcode, int operand) {
			if (this.first) {
				this.first = false;
				this.pushed = operand;
				return;
			}
			super.visitIntInsn(opcode, operand);
		}

		@Override
		public void visitLdcInsn(Object value) {
			if (this.first && value instanceof Integer number) {
				this.first = false;
				this.pushed = number;
				return;
			}
			super.visitLdcInsn(value);
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (this.pushed != null && owner.equals("dev/apm4j/usage/MethodCalls")) {
				removed(this.pushed);
				this.pushed = null;
				return;
			}
			super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
		}

		@Override
		public void visitMaxs(int maxStack, int maxLocals) {
			super.visitMaxs(Math.max(maxStack, 1), maxLocals);
		}

	}

}
