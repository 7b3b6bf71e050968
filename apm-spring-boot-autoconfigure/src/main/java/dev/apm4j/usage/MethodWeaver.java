package dev.apm4j.usage;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Puts a call of {@link MethodCalls#hit} before the first instruction of methods, also of
 * constructors: the JVM allows static calls before {@code super()}.
 * <p>
 * There is no branch in what is put in and it leaves nothing on the stack, so that the
 * stack map frames stay valid as they are and no other class is looked up. A jump to what
 * was the first instruction skips the call, which was made by then.
 */
final class MethodWeaver extends ClassVisitor {

	private static final String HOLDER = Type.getInternalName(MethodCalls.class);

	/** By name and descriptor in one text. */
	private final Map<String, Integer> indexes;

	private MethodWeaver(ClassVisitor next, Map<String, Integer> indexes) {
		super(Opcodes.ASM9, next);
		this.indexes = indexes;
	}

	/**
	 * Weaves a class.
	 * @param reader its class file
	 * @param indexes numbers of the methods that are to be recorded, by name and
	 * descriptor in one text
	 * @return the changed class file
	 * @throws org.objectweb.asm.MethodTooLargeException if a method exceeds the JVM's
	 * limit
	 */
	static byte[] weave(ClassReader reader, Map<String, Integer> indexes) {
		// With the reader given the constant pool and all other methods are copied as
		// they are
		ClassWriter writer = new ClassWriter(reader, 0);
		reader.accept(new MethodWeaver(writer, indexes), 0);
		return writer.toByteArray();
	}

	@Override
	public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
			String @Nullable [] exceptions) {
		MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
		Integer index = this.indexes.get(name + descriptor);
		return (index != null) ? new FirstInstruction(method, index) : method;
	}

	private static final class FirstInstruction extends MethodVisitor {

		private final int index;

		private FirstInstruction(@Nullable MethodVisitor next, int index) {
			super(Opcodes.ASM9, next);
			this.index = index;
		}

		@Override
		public void visitCode() {
			super.visitCode();
			push();
			super.visitMethodInsn(Opcodes.INVOKESTATIC, HOLDER, "hit", "(I)V", false);
		}

		private void push() {
			if (this.index <= Byte.MAX_VALUE) {
				super.visitIntInsn(Opcodes.BIPUSH, this.index);
			}
			else if (this.index <= Short.MAX_VALUE) {
				super.visitIntInsn(Opcodes.SIPUSH, this.index);
			}
			else {
				super.visitLdcInsn(this.index);
			}
		}

		@Override
		public void visitMaxs(int maxStack, int maxLocals) {
			// The stack is empty before the first instruction
			super.visitMaxs(Math.max(maxStack, 1), maxLocals);
		}

	}

}
