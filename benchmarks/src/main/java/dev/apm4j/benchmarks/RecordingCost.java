package dev.apm4j.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

import dev.apm4j.usage.Recording;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What it costs to start recording calls, to load classes and to keep 10,000 methods, in
 * a JVM that has done nothing before. With the argument {@code plain} the same without
 * recording.
 */
public final class RecordingCost {

	private static final String PACKAGE = "com.acme.made";

	private static final int CLASSES = 1000;

	private static final int METHODS_PER_CLASS = 10;

	private static final int ROUNDS_OF_CODE = 20;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

	private RecordingCost() {
	}

	/**
	 * Measures once.
	 * @param args {@code plain} or nothing
	 */
	public static void main(String[] args) {
		new RecordingCost().measure(args.length > 0 && args[0].equals("plain"), System.out);
	}

	private void measure(boolean plain, PrintStream out) {
		List<byte[]> classFiles = new ArrayList<>();
		for (int i = 0; i < CLASSES; i++) {
			classFiles.add(classFile(i));
		}
		long before = usedHeap();
		long cpu = this.threads.getCurrentThreadCpuTime();
		Recording recording = Recording.start(CallRecordingBenchmark.settings(plain ? "none" : PACKAGE));
		out.printf("%s%nstart: %d ms, of them %d ms CPU on this thread%n", recording.status(),
				recording.startTime().toMillis(), (this.threads.getCurrentThreadCpuTime() - cpu) / 1_000_000);
		out.printf("heap for the recording: %d KB%n", (usedHeap() - before) / 1024);
		before = usedHeap();
		Loader loader = new Loader();
		int[] steps = { 1, 10, 100, CLASSES };
		int loaded = 0;
		for (int step : steps) {
			cpu = this.threads.getCurrentThreadCpuTime();
			int first = loaded;
			for (; loaded < step; loaded++) {
				loader.define(name(loaded), classFiles.get(loaded));
			}
			out.printf("classes %d to %d: %d us CPU each%n", first + 1, step,
					(this.threads.getCurrentThreadCpuTime() - cpu) / 1000 / (step - first));
		}
		out.printf("heap for %d methods: %d KB%n", CLASSES * METHODS_PER_CLASS, (usedHeap() - before) / 1024);
		out.println(recording.figures());
		recording.close();
	}

	private long usedHeap() {
		System.gc();
		System.gc();
		return this.memory.getHeapMemoryUsage().getUsed();
	}

	private static String name(int number) {
		return PACKAGE + ".part" + (number / 20) + ".SomeServiceImplementation" + number;
	}

	private static byte[] classFile(int number) {
		ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
		writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, name(number).replace('.', '/'), null,
				"java/lang/Object", null);
		for (int i = 0; i < METHODS_PER_CLASS; i++) {
			MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "someMethod" + i,
					"(Ljava/lang/String;I)I", null, null);
			method.visitCode();
			for (int round = 0; round < ROUNDS_OF_CODE; round++) {
				method.visitVarInsn(Opcodes.ALOAD, 0);
				method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/String", "length", "()I", false);
				method.visitVarInsn(Opcodes.ISTORE, 1);
			}
			method.visitVarInsn(Opcodes.ILOAD, 1);
			method.visitInsn(Opcodes.IRETURN);
			method.visitMaxs(0, 0);
			method.visitEnd();
		}
		writer.visitEnd();
		return writer.toByteArray();
	}

	private static final class Loader extends ClassLoader {

		private Loader() {
			super(RecordingCost.class.getClassLoader());
		}

		private Class<?> define(String name, byte[] classFile) {
			return defineClass(name, classFile, 0, classFile.length);
		}

	}

}
