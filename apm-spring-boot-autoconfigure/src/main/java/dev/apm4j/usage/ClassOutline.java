package dev.apm4j.usage;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/**
 * What {@link MethodFilter} must know of a class, read from its class file; no class is
 * loaded for it.
 * <p>
 * Of a class that is already loaded the JVM may hand out a class file without the
 * annotations of retention {@code CLASS}. Whoever transforms such a class reads the
 * outline from the class file as its class loader finds it.
 *
 * @param name binary name
 * @param access access flags of its class file
 * @param superName internal name of the class that it extends, {@code null} for
 * {@link Object}
 * @param annotations binary names of the annotations on the class itself, whether visible
 * at run time or not
 * @param anonymous whether it has no name in the source
 * @param lineNumbers whether it was compiled with line numbers
 * @param methods its methods, constructors and initializers in the class file's order
 */
record ClassOutline(String name, int access, @Nullable String superName, List<String> annotations, boolean anonymous,
		boolean lineNumbers, List<MethodOutline> methods) {

	/**
	 * Reads a class file.
	 * @param classFile its bytes, not changed
	 * @return the outline; {@code null} if it is no class file or one of a newer Java
	 * than can be read
	 */
	static @Nullable ClassOutline read(byte[] classFile) {
		try {
			return read(new ClassReader(classFile));
		}
		catch (RuntimeException ex) {
			// ASM reads without checking: a broken file ends in all sorts of exceptions
			return null;
		}
	}

	static ClassOutline read(ClassReader reader) {
		ClassOutlineReader visitor = new ClassOutlineReader();
		reader.accept(visitor, ClassReader.SKIP_FRAMES);
		return visitor.outline();
	}

	boolean is(int flag) {
		return (this.access & flag) != 0;
	}

	boolean isEnum() {
		return is(Opcodes.ACC_ENUM) && "java/lang/Enum".equals(this.superName);
	}

	/**
	 * A method of the class.
	 *
	 * @param access access flags of its class file
	 * @param name its name
	 * @param descriptor its descriptor
	 * @param lineNumbers whether its code has line numbers
	 * @param generated whether its code or its annotations show that the compiler or a
	 * tool made it up
	 */
	record MethodOutline(int access, String name, String descriptor, boolean lineNumbers, boolean generated) {

		boolean is(int flag) {
			return (this.access & flag) != 0;
		}

		boolean isConstructor() {
			return this.name.equals("<init>");
		}

	}

}
