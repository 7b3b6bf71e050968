package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.Type;

import dev.apm4j.usage.ClassOutline.MethodOutline;

/**
 * Reads the outline of one class.
 */
final class ClassOutlineReader extends ClassVisitor {

	static final int ASM_API = Opcodes.ASM9;

	private final List<String> annotations = new ArrayList<>();

	private final Set<String> recordComponents = new HashSet<>();

	private final List<MethodOutline> methods = new ArrayList<>();

	private String internalName = "";

	private int access;

	private @Nullable String superName;

	private boolean anonymous;

	private boolean lineNumbers;

	ClassOutlineReader() {
		super(ASM_API);
	}

	ClassOutline outline() {
		return new ClassOutline(this.internalName.replace('/', '.'), this.access, this.superName,
				List.copyOf(this.annotations), this.anonymous, this.lineNumbers, List.copyOf(this.methods));
	}

	@Override
	public void visit(int version, int access, String name, @Nullable String signature, @Nullable String superName,
			String @Nullable [] interfaces) {
		this.internalName = name;
		this.access = access;
		this.superName = superName;
	}

	@Override
	public void visitInnerClass(String name, @Nullable String outerName, @Nullable String innerName, int access) {
		if (name.equals(this.internalName) && innerName == null) {
			this.anonymous = true;
		}
	}

	@Override
	public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
		this.annotations.add(Type.getType(descriptor).getClassName());
		return null;
	}

	@Override
	public @Nullable RecordComponentVisitor visitRecordComponent(String name, String descriptor,
			@Nullable String signature) {
		this.recordComponents.add(name + "()" + descriptor);
		return null;
	}

	@Override
	public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
			String @Nullable [] exceptions) {
		boolean accessor = this.recordComponents.contains(name + descriptor);
		return new MethodOutlineReader(this.internalName, name, accessor, (lines, generated) -> {
			this.lineNumbers |= lines;
			this.methods.add(new MethodOutline(access & 0xFFFF, name, descriptor, lines, generated));
		});
	}

}
