package dev.apm4j.usage;

/**
 * A method as the JVM names it.
 *
 * @param className binary name of the class, such as {@code com.acme.Shop$Cart}
 * @param name name of the method, {@code <init>} for a constructor
 * @param descriptor its descriptor, such as {@code (ILjava/lang/String;)V}
 */
record MethodKey(String className, String name, String descriptor) {
}
