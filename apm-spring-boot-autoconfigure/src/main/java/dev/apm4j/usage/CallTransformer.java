package dev.apm4j.usage;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.MethodTooLargeException;

import dev.apm4j.usage.LoaderSight.Sight;

/**
 * Weaves classes when the JVM loads them. Thread-safe: classes are loaded by many
 * threads. Throws nothing; a class that it leaves as it is though its methods count is
 * {@link UnrecordedMethods unrecorded}.
 */
final class CallTransformer implements ClassFileTransformer {

	private static final String OWN_PACKAGE = CallTransformer.class.getPackageName();

	private static final String ASM_PACKAGE = ClassReader.class.getPackageName();

	private final Supplier<Collection<MethodFilter>> filters;

	private final MethodTable methods;

	private final UnrecordedMethods unrecorded;

	private final LoaderSight sight = new LoaderSight(MethodCalls.class);

	/**
	 * Makes a transformer.
	 * @param filters what decides which methods are recorded: each one that any of these
	 * wants
	 * @param methods numbers the methods
	 * @param unrecorded takes what can't be woven
	 */
	CallTransformer(Supplier<Collection<MethodFilter>> filters, MethodTable methods, UnrecordedMethods unrecorded) {
		this.filters = filters;
		this.methods = methods;
		this.unrecorded = unrecorded;
	}

	@Override
	public byte @Nullable [] transform(@Nullable Module module, @Nullable ClassLoader loader,
			@Nullable String internalName, @Nullable Class<?> redefined, @Nullable ProtectionDomain domain,
			byte[] classFile) {
		if (loader == null || internalName == null) {
			// Before anything else: if the loading of a class of the JDK needed that very
			// class here, the JVM would refuse it to the application for ever
			return null;
		}
		String className = internalName.replace('/', '.');
		try {
			if (!mayWeave(className)) {
				return null;
			}
			if (isOwn(className)) {
				this.unrecorded.add(className, UnrecordedReason.FAILED);
				return null;
			}
			return weave(module, loader, className, redefined != null, classFile);
		}
		catch (Throwable ex) {
			// The JVM would drop it silently, and the class's methods would look dead
			this.unrecorded.add(className, UnrecordedReason.FAILED);
			return null;
		}
	}

	/**
	 * Whether methods of a class may be recorded, judged by its name.
	 * @param className binary name
	 */
	boolean mayWeave(String className) {
		for (MethodFilter filter : this.filters.get()) {
			if (filter.mayInclude(className)) {
				return true;
			}
		}
		return false;
	}

	/** What weaves can't be woven; {@link MethodCalls} would call itself. */
	private static boolean isOwn(String className) {
		String packageName = className.substring(0, Math.max(className.lastIndexOf('.'), 0));
		return packageName.equals(OWN_PACKAGE) || packageName.startsWith(ASM_PACKAGE);
	}

	/**
	 * Whether a class belongs to another application that has a copy of this one.
	 * @param type the class
	 */
	boolean isForeign(Class<?> type) {
		return this.sight.of(type.getClassLoader(), null) == Sight.OTHER_COPY;
	}

	private byte @Nullable [] weave(@Nullable Module module, ClassLoader loader, String className, boolean loaded,
			byte[] classFile) {
		Sight seen = this.sight.of(loader, module);
		if (seen == Sight.OTHER_COPY) {
			return null;
		}
		ClassReader reader;
		try {
			reader = new ClassReader(classFile);
		}
		catch (IllegalArgumentException ex) {
			this.unrecorded.add(className, UnrecordedReason.NEWER_CLASS_FILE);
			return null;
		}
		ClassOutline outline = outline(loader, className, loaded, reader);
		List<MethodKey> wanted = wanted(outline);
		if (wanted.isEmpty()) {
			return null;
		}
		if (seen == Sight.NOTHING) {
			this.unrecorded.add(className, UnrecordedReason.OTHER_CLASS_LOADER);
			return null;
		}
		int[] numbers = this.methods.add(loader, className, wanted, loaded);
		if (numbers == null) {
			this.unrecorded.add(className, UnrecordedReason.LIMIT);
			return null;
		}
		Map<String, Integer> indexes = new HashMap<>();
		for (int i = 0; i < numbers.length; i++) {
			indexes.put(wanted.get(i).name() + wanted.get(i).descriptor(), numbers[i]);
		}
		return weave(reader, className, indexes);
	}

	private ClassOutline outline(ClassLoader loader, String className, boolean loaded, ClassReader reader) {
		if (loaded && !this.methods.contains(loader, className)) {
			// What the JVM hands out of a class that it has loaded may lack annotations
			try (InputStream in = loader.getResourceAsStream(className.replace('.', '/') + ".class")) {
				ClassOutline outline = (in != null) ? ClassOutline.read(in.readAllBytes()) : null;
				if (outline != null) {
					return outline;
				}
			}
			catch (IOException ex) {
				// Then from what there is
			}
		}
		return ClassOutline.read(reader);
	}

	private List<MethodKey> wanted(ClassOutline outline) {
		Set<MethodKey> wanted = new LinkedHashSet<>();
		for (MethodFilter filter : this.filters.get()) {
			filter.methodsToWeave(outline).forEach((method) -> wanted.add(method.key()));
		}
		return new ArrayList<>(wanted);
	}

	private byte @Nullable [] weave(ClassReader reader, String className, Map<String, Integer> indexes) {
		while (!indexes.isEmpty()) {
			try {
				return MethodWeaver.weave(reader, indexes);
			}
			catch (MethodTooLargeException ex) {
				this.unrecorded.add(new MethodKey(className, ex.getMethodName(), ex.getDescriptor()));
				if (indexes.remove(ex.getMethodName() + ex.getDescriptor()) == null) {
					throw ex;
				}
			}
			catch (ClassTooLargeException ex) {
				this.unrecorded.add(className, UnrecordedReason.TOO_LARGE);
				return null;
			}
		}
		return null;
	}

}
