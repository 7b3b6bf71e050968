package dev.apm4j.usage;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Reads of the code of one method whether somebody wrote it.
 */
final class MethodOutlineReader extends MethodVisitor {

	private static final Set<String> RECORD_METHODS = Set.of("equals", "hashCode", "toString");

	private final String owner;

	private final String name;

	private final Result result;

	private final FieldRead fieldRead;

	private boolean lineNumbers;

	private boolean generated;

	MethodOutlineReader(String owner, String name, boolean recordAccessor, Result result) {
		super(ClassOutlineReader.ASM_API);
		this.owner = owner;
		this.name = name;
		this.result = result;
		this.fieldRead = new FieldRead(recordAccessor);
	}

	/** As coverage tools have it: whatever generates code for others marks it so. */
	@Override
	public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
		if (descriptor.endsWith("/Generated;")) {
			this.generated = true;
		}
		return null;
	}

	@Override
	public void visitLineNumber(int line, Label start) {
		this.lineNumbers = true;
	}

	@Override
	public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
		this.fieldRead.otherwise();
		if (bootstrap.getOwner().equals("java/lang/runtime/ObjectMethods") && RECORD_METHODS.contains(this.name)) {
			this.generated = true;
		}
	}

	/**
	 * Kotlin's {@code DefaultImpls} only pass calls on to the interface, by an accessor
	 * of this name, where the interface has the method itself.
	 */
	@Override
	public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
		this.fieldRead.otherwise();
		if (this.owner.endsWith("$DefaultImpls") && name.equals("access$" + this.name + "$jd")) {
			this.generated = true;
		}
	}

	@Override
	public void visitVarInsn(int opcode, int index) {
		this.fieldRead.step(FieldRead.THIS, opcode == Opcodes.ALOAD && index == 0);
	}

	@Override
	public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
		this.fieldRead.step(FieldRead.FIELD,
				opcode == Opcodes.GETFIELD && owner.equals(this.owner) && name.equals(this.name));
	}

	@Override
	public void visitInsn(int opcode) {
		this.fieldRead.step(FieldRead.RETURN, opcode >= Opcodes.IRETURN && opcode <= Opcodes.ARETURN);
	}

	@Override
	public void visitIntInsn(int opcode, int operand) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitTypeInsn(int opcode, String type) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitJumpInsn(int opcode, Label label) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitLdcInsn(Object value) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitIincInsn(int index, int increment) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... labels) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
		this.fieldRead.otherwise();
	}

	@Override
	public void visitEnd() {
		this.result.accept(this.lineNumbers, this.generated || this.fieldRead.isAll());
	}

	/** Takes what was read. */
	interface Result {

		void accept(boolean lineNumbers, boolean generated);

	}

	/**
	 * Recognises {@code return this.x}, which is all that the compiler writes for a
	 * record's accessor.
	 */
	private static final class FieldRead {

		static final int THIS = 0;

		static final int FIELD = 1;

		static final int RETURN = 2;

		private static final int OTHERWISE = -1;

		private int next;

		FieldRead(boolean possible) {
			this.next = possible ? THIS : OTHERWISE;
		}

		void step(int step, boolean matches) {
			this.next = (this.next == step && matches) ? step + 1 : OTHERWISE;
		}

		void otherwise() {
			this.next = OTHERWISE;
		}

		boolean isAll() {
			return this.next == RETURN + 1;
		}

	}

}
