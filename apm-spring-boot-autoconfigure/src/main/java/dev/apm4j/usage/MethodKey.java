package dev.apm4j.usage;

/**
 * A method as the JVM names it. Ordered by class, name and descriptor.
 *
 * @param className binary name of the class, such as {@code com.acme.Shop$Cart}
 * @param name name of the method, {@code <init>} for a constructor
 * @param descriptor its descriptor, such as {@code (ILjava/lang/String;)V}
 */
record MethodKey(String className, String name, String descriptor) implements Comparable<MethodKey> {

	@Override
	public int compareTo(MethodKey other) {
		int order = this.className.compareTo(other.className);
		if (order == 0) {
			order = this.name.compareTo(other.name);
		}
		return (order != 0) ? order : this.descriptor.compareTo(other.descriptor);
	}

}
