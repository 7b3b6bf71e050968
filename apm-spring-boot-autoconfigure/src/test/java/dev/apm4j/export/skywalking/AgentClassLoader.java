package dev.apm4j.export.skywalking;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;

/**
 * A class loader that sees a class which SkyWalking's agent brings.
 */
public final class AgentClassLoader extends ClassLoader {

	private static final String NAME = "org.apache.skywalking.apm.agent.core.boot.ServiceManager";

	/**
	 * Creates the class loader.
	 * @param parent where everything else comes from
	 */
	public AgentClassLoader(ClassLoader parent) {
		super(parent);
	}

	@Override
	protected Class<?> findClass(String name) throws ClassNotFoundException {
		if (!name.equals(NAME)) {
			throw new ClassNotFoundException(name);
		}
		ClassWriter writer = new ClassWriter(0);
		writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, NAME.replace('.', '/'), null, "java/lang/Object", null);
		byte[] code = writer.toByteArray();
		return defineClass(name, code, 0, code.length);
	}

}
