package dev.apm4j.usage;

import java.util.function.Consumer;

import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A class that no compiler of the test's Java would make.
 */
final class GeneratedClass {

	static final String NAME = WovenSamples.PACKAGE + ".Made";

	private static final int BYTES_PER_ROUND = 4;

	private GeneratedClass() {
	}

	/**
	 * A {@link Runnable} that calls a method with a loop and a handler at its first
	 * instruction and a synthetic one, and whose constructor branches before the call of
	 * the super class's.
	 */
	static byte[] ofVersion(int major) {
		return ofVersion(major, NAME);
	}

	static byte[] ofVersion(int major, String className) {
		return write(major, className, (writer) -> {
		});
	}

	/** A {@link Runnable} that waits to be notified. */
	static byte[] thatWaits(String className) {
		ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
		writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, className.replace('.', '/'), null,
				"java/lang/Object", new String[] { "java/lang/Runnable" });
		constructor(writer);
		MethodVisitor run = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNCHRONIZED, "run", "()V", null, null);
		run.visitCode();
		run.visitVarInsn(Opcodes.ALOAD, 0);
		run.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Object", "wait", "()V", false);
		end(run);
		writer.visitEnd();
		return writer.toByteArray();
	}

	/** With one more method, {@code large()}, of some bytes. */
	static byte[] withMethodOf(int bytes) {
		return write(Opcodes.V17, NAME, (writer) -> {
			MethodVisitor large = writer.visitMethod(Opcodes.ACC_PUBLIC, "large", "()V", null, null);
			large.visitCode();
			int rounds = (bytes - 1) / BYTES_PER_ROUND;
			for (int i = 0; i < rounds; i++) {
				large.visitIntInsn(Opcodes.SIPUSH, i % Short.MAX_VALUE);
				large.visitInsn(Opcodes.POP);
			}
			for (int i = rounds * BYTES_PER_ROUND; i < bytes - 1; i++) {
				large.visitInsn(Opcodes.NOP);
			}
			large.visitInsn(Opcodes.RETURN);
			large.visitMaxs(0, 0);
			large.visitEnd();
		});
	}

	/**
	 * As another agent may leave it: methods without line numbers that had some, beside
	 * one that still has.
	 */
	static byte[] withMethodsOfAnotherAgent() {
		return write(Opcodes.V17, NAME, (writer) -> {
			MethodVisitor written = writer.visitMethod(Opcodes.ACC_PUBLIC, "written", "()V", null, null);
			written.visitCode();
			Label line = new Label();
			written.visitLabel(line);
			written.visitLineNumber(7, line);
			end(written);
		});
	}

	/** With an attribute that nobody knows. */
	static byte[] withUnknownAttribute() {
		return write(Opcodes.V17, NAME, (writer) -> writer.visitAttribute(new UnknownAttribute()));
	}

	private static byte[] write(int major, String className, Consumer<ClassWriter> more) {
		ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
		String name = className.replace('.', '/');
		writer.visit(major, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, name, null, "java/lang/Object",
				new String[] { "java/lang/Runnable" });
		constructor(writer);
		MethodVisitor run = writer.visitMethod(Opcodes.ACC_PUBLIC, "run", "()V", null, null);
		run.visitCode();
		run.visitInsn(Opcodes.ICONST_3);
		run.visitMethodInsn(Opcodes.INVOKESTATIC, name, "loop", "(I)V", false);
		run.visitInsn(Opcodes.ICONST_0);
		run.visitMethodInsn(Opcodes.INVOKESTATIC, name, "run$default", "(I)V", false);
		end(run);
		loop(writer);
		MethodVisitor synthetic = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
				"run$default", "(I)V", null, null);
		synthetic.visitCode();
		end(synthetic);
		MethodVisitor dead = writer.visitMethod(Opcodes.ACC_PUBLIC, "dead", "()V", null, null);
		dead.visitCode();
		end(dead);
		more.accept(writer);
		writer.visitEnd();
		return writer.toByteArray();
	}

	private static void constructor(ClassWriter writer) {
		MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
		constructor.visitCode();
		Label beforeSuper = new Label();
		constructor.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Thread", "currentThread", "()Ljava/lang/Thread;",
				false);
		constructor.visitJumpInsn(Opcodes.IFNONNULL, beforeSuper);
		constructor.visitInsn(Opcodes.NOP);
		constructor.visitLabel(beforeSuper);
		constructor.visitVarInsn(Opcodes.ALOAD, 0);
		constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
		end(constructor);
	}

	private static void loop(ClassWriter writer) {
		MethodVisitor loop = writer.visitMethod(Opcodes.ACC_STATIC, "loop", "(I)V", null, null);
		Label start = new Label();
		Label end = new Label();
		Label handler = new Label();
		loop.visitCode();
		loop.visitTryCatchBlock(start, end, handler, "java/lang/RuntimeException");
		loop.visitLabel(start);
		loop.visitIincInsn(0, -1);
		loop.visitVarInsn(Opcodes.ILOAD, 0);
		loop.visitJumpInsn(Opcodes.IFGT, start);
		loop.visitLabel(end);
		loop.visitInsn(Opcodes.RETURN);
		loop.visitLabel(handler);
		loop.visitInsn(Opcodes.POP);
		end(loop);
	}

	private static void end(MethodVisitor method) {
		method.visitInsn(Opcodes.RETURN);
		method.visitMaxs(0, 0);
		method.visitEnd();
	}

	private static final class UnknownAttribute extends Attribute {

		private UnknownAttribute() {
			super("com.acme.Unknown");
		}

		@Override
		protected Attribute read(ClassReader reader, int offset, int length, char[] buffer, int codeOffset,
				org.objectweb.asm.Label[] labels) {
			return new UnknownAttribute();
		}

		@Override
		protected ByteVector write(ClassWriter writer, byte[] code, int codeLength, int maxStack, int maxLocals) {
			return new ByteVector().putInt(42);
		}

	}

}
