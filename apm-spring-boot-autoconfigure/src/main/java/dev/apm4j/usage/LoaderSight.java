package dev.apm4j.usage;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Whether the classes of a class loader could call {@link MethodCalls}. A class that is
 * woven and can't would fail with the application's next call. Thread-safe; keeps no
 * class loader alive.
 */
final class LoaderSight {

	private final Class<?> target;

	private final Map<ClassLoader, Sight> loaders = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Looks at a class.
	 * @param target the class that is to be called
	 */
	LoaderSight(Class<?> target) {
		this.target = target;
	}

	/**
	 * What a class sees.
	 * @param loader the class's loader, {@code null} for that of the JDK
	 * @param module its module if known
	 * @return what it sees
	 */
	Sight of(@Nullable ClassLoader loader, @Nullable Module module) {
		if (loader == null) {
			return Sight.NOTHING;
		}
		Sight sight = this.loaders.get(loader);
		if (sight == null) {
			sight = look(loader);
			this.loaders.put(loader, sight);
		}
		return (sight == Sight.TARGET && !reads(module)) ? Sight.NOTHING : sight;
	}

	private Sight look(ClassLoader loader) {
		if (loader == this.target.getClassLoader()) {
			return Sight.TARGET;
		}
		try {
			// Not by the chain of parents: some ask their parent last, some others
			return (loader.loadClass(this.target.getName()) == this.target) ? Sight.TARGET : Sight.OTHER_COPY;
		}
		catch (ClassNotFoundException | RuntimeException | LinkageError ex) {
			return Sight.NOTHING;
		}
	}

	private boolean reads(@Nullable Module module) {
		Module home = this.target.getModule();
		return module == null || (module.canRead(home) && home.isExported(this.target.getPackageName(), module));
	}

	/** What a class loader finds under the class's name. */
	enum Sight {

		/** The class. */
		TARGET,

		/** Another class of that name: what it loads is another application's. */
		OTHER_COPY,

		/** None. */
		NOTHING

	}

}
