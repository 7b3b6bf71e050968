package dev.apm4j.usage;

/**
 * A method of the code base.
 *
 * @param key how the JVM names it
 * @param access the access flags of its class file
 */
record CodeBaseMethod(MethodKey key, int access) {
}
