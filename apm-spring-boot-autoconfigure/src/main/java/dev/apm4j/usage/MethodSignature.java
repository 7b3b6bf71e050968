package dev.apm4j.usage;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.objectweb.asm.Type;

/**
 * A method as the Scavenger collector names it. Source: Scavenger 1.1, whose collector
 * joins code base and invocations by {@link #hash()}.
 *
 * @param declaringType name of the class, nested ones with {@code $}; with {@code .} for
 * the agent before Scavenger's
 * @param methodName name of the method, {@code <init>} for a constructor
 * @param parameterTypes erased types of the parameters, such as
 * {@code int,java.lang.String[]}; separated by comma and space for the agent before
 * Scavenger's
 */
record MethodSignature(String declaringType, String methodName, String parameterTypes) {

	/**
	 * Names a method.
	 * @param method the method
	 * @param legacy whether as the agent before Scavenger's did
	 * @return its signature
	 */
	static MethodSignature of(MethodKey method, boolean legacy) {
		String parameterTypes = Arrays.stream(Type.getArgumentTypes(method.descriptor()))
			.map(Type::getClassName)
			.collect(Collectors.joining(legacy ? ", " : ","));
		String declaringType = legacy ? method.className().replace('$', '.') : method.className();
		return new MethodSignature(declaringType, method.name(), parameterTypes);
	}

	/**
	 * The package as the collector has it: the declaring type up to its last dot.
	 * @return the package, empty for none
	 */
	String packageName() {
		return this.declaringType.substring(0, Math.max(0, this.declaringType.lastIndexOf('.')));
	}

	/**
	 * The text that is hashed.
	 * @return such as {@code com.acme.Shop$Cart.add(int,java.lang.String[])}; a
	 * constructor has no name in it
	 */
	String text() {
		String name = this.methodName.equals("<init>") ? "" : "." + this.methodName;
		return this.declaringType + name + "(" + this.parameterTypes + ")";
	}

	/**
	 * The hash that identifies the method.
	 * @return MD5 of the text in lower-case hexadecimal, without leading zeros as the
	 * collector expects it
	 */
	String hash() {
		return hash(text());
	}

	static String hash(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
			return new BigInteger(1, digest).toString(16);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This JVM has no MD5, by which the collector identifies methods", ex);
		}
	}

}
