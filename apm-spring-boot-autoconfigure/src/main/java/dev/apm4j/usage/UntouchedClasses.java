package dev.apm4j.usage;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Tells which of the loaded classes are not initialized yet: none of their methods can
 * have been called. Many classes are loaded early without being used, such as those that
 * the main class's methods return, and with an AOT cache all of them.
 * <p>
 * The JDK has no public method that tells it without initializing the class. Its internal
 * one is made visible to one generated class in a module of its own, and to nobody else.
 */
final class UntouchedClasses {

	private static final String PROBE = UntouchedClasses.class.getPackageName() + ".InitializationProbe";

	private static final String UNSAFE = "jdk/internal/misc/Unsafe";

	private static final UntouchedClasses KNOWS_NONE = new UntouchedClasses((type) -> false);

	private final Predicate<Object> uninitialized;

	private UntouchedClasses(Predicate<Object> uninitialized) {
		this.uninitialized = uninitialized;
	}

	/**
	 * Makes one by what an agent may do.
	 * @param instrumentation what was handed to the agent
	 * @return one that knows no class if the JDK doesn't have the method
	 */
	static UntouchedClasses of(Instrumentation instrumentation) {
		try {
			Predicate<Object> probe = new ProbeLoader().probe(instrumentation);
			// This class is initialized: whoever says otherwise is not to be believed
			return probe.test(UntouchedClasses.class) ? KNOWS_NONE : new UntouchedClasses(probe);
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			return KNOWS_NONE;
		}
	}

	/**
	 * Whether none of a class's methods can have been called.
	 * @param type the class, whose initializer is not running
	 * @return {@code false} also if that is not known
	 */
	boolean contains(Class<?> type) {
		return this.uninitialized.test(type);
	}

	private static final class ProbeLoader extends ClassLoader {

		private ProbeLoader() {
			super(null);
		}

		@SuppressWarnings("unchecked")
		private Predicate<Object> probe(Instrumentation instrumentation) throws ReflectiveOperationException {
			instrumentation.redefineModule(Object.class.getModule(), Set.of(),
					Map.of("jdk.internal.misc", Set.of(getUnnamedModule())), Map.of(), Set.of(), Map.of());
			byte[] classFile = classFile();
			return (Predicate<Object>) defineClass(PROBE, classFile, 0, classFile.length).getDeclaredConstructor()
				.newInstance();
		}

		private static byte[] classFile() {
			ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL, PROBE.replace('.', '/'), null,
					"java/lang/Object", new String[] { "java/util/function/Predicate" });
			MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
			constructor.visitCode();
			constructor.visitVarInsn(Opcodes.ALOAD, 0);
			constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
			constructor.visitInsn(Opcodes.RETURN);
			constructor.visitMaxs(0, 0);
			MethodVisitor test = writer.visitMethod(Opcodes.ACC_PUBLIC, "test", "(Ljava/lang/Object;)Z", null, null);
			test.visitCode();
			test.visitMethodInsn(Opcodes.INVOKESTATIC, UNSAFE, "getUnsafe", "()L" + UNSAFE + ";", false);
			test.visitVarInsn(Opcodes.ALOAD, 1);
			test.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/Class");
			test.visitMethodInsn(Opcodes.INVOKEVIRTUAL, UNSAFE, "shouldBeInitialized", "(Ljava/lang/Class;)Z", false);
			test.visitInsn(Opcodes.IRETURN);
			test.visitMaxs(0, 0);
			writer.visitEnd();
			return writer.toByteArray();
		}

	}

}
