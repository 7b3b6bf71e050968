package dev.apm4j.usage;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Records which methods are called, for all application contexts of this JVM (of this
 * class loader, if there are several copies of this class). There is one, as woven
 * methods can only call something static; what a context sees of it is a {@link View}.
 * Thread-safe. The transformer is only installed while there is a view.
 */
final class Recorder {

	/** Takes as many methods as Scavenger's agent does. */
	static final int DEFAULT_MAX_METHODS = 100_000;

	/** Another thread may be in the middle of loading a class. */
	private static final int PASSES = 3;

	private static final AtomicReference<@Nullable Recorder> SHARED = new AtomicReference<>();

	/** 1 for a method that was called since it was last looked at. */
	private final byte[] flags;

	private final MethodTable methods;

	private final UnrecordedMethods unrecorded;

	private final CallTransformer transformer;

	/**
	 * Of all views there ever were: a class is woven once, and for whoever comes later as
	 * well.
	 */
	private volatile Map<ScanSettings, MethodFilter> filters = Map.of();

	private final List<View> views = new ArrayList<>();

	private final BitSet called = new BitSet();

	private @Nullable Instrumentation instrumentation;

	/**
	 * Makes a recorder.
	 * @param maxMethods how many methods can be recorded; a byte each is taken at once
	 */
	Recorder(int maxMethods) {
		this.flags = new byte[maxMethods];
		this.methods = new MethodTable(maxMethods);
		this.unrecorded = new UnrecordedMethods(maxMethods);
		this.transformer = new CallTransformer(() -> this.filters.values(), this.methods, this.unrecorded);
	}

	/**
	 * The one that woven methods call.
	 * @param maxMethods how many methods can be recorded, if it is made now
	 */
	static Recorder shared(int maxMethods) {
		Recorder shared = SHARED.get();
		if (shared == null) {
			SHARED.compareAndSet(null, new Recorder(maxMethods));
			shared = Objects.requireNonNull(SHARED.get());
		}
		return shared;
	}

	byte[] flags() {
		return this.flags;
	}

	CallTransformer transformer() {
		return this.transformer;
	}

	/**
	 * Begins to record for a context. Classes that are loaded already are woven as well.
	 * @param settings what to record
	 * @param instrumentation by which to install the transformer if it is not
	 * @return what the context sees; knows all calls since the first view
	 * @throws IllegalArgumentException for a pattern that is none
	 */
	synchronized View open(ScanSettings settings, Instrumentation instrumentation) {
		boolean newSettings = addFilter(settings);
		boolean first = this.instrumentation == null;
		Instrumentation used = (this.instrumentation != null) ? this.instrumentation : instrumentation;
		View view = new View(Objects.requireNonNull(this.filters.get(settings)));
		this.views.add(view);
		try {
			if (first) {
				used.addTransformer(this.transformer, used.isRetransformClassesSupported());
				this.instrumentation = used;
			}
			Set<Class<?>> woven = (first || newSettings) ? weaveLoaded(used, newSettings) : Set.of();
			if (!woven.isEmpty()) {
				Set<String> running = markStacks();
				clear(woven, running, UntouchedClasses.of(used));
			}
		}
		catch (RuntimeException | LinkageError ex) {
			view.close();
			throw ex;
		}
		sweep();
		view.pending.or(this.called);
		return view;
	}

	/** Whether that made a difference. */
	boolean addFilter(ScanSettings settings) {
		if (this.filters.containsKey(settings)) {
			return false;
		}
		Map<ScanSettings, MethodFilter> more = new LinkedHashMap<>(this.filters);
		more.put(settings, new MethodFilter(settings));
		this.filters = more;
		return true;
	}

	private Set<Class<?>> weaveLoaded(Instrumentation instrumentation, boolean again) {
		Set<Class<?>> done = new LinkedHashSet<>();
		for (int pass = 0; pass < PASSES; pass++) {
			List<Class<?>> loaded = new ArrayList<>();
			for (Class<?> type : instrumentation.getAllLoadedClasses()) {
				if (isToBeWoven(type, again) && done.add(type)) {
					loaded.add(type);
				}
			}
			if (loaded.isEmpty()) {
				break;
			}
			retransform(instrumentation, loaded);
		}
		return done;
	}

	private boolean isToBeWoven(Class<?> type, boolean again) {
		return !type.isArray() && !type.isHidden() && this.transformer.mayWeave(type.getName())
				&& (again || !this.methods.contains(type.getClassLoader(), type.getName()))
				&& !this.transformer.isForeign(type);
	}

	private void retransform(Instrumentation instrumentation, Collection<Class<?>> types) {
		for (Class<?> type : types) {
			try {
				// One by one: one that fails would take the others with it
				instrumentation.retransformClasses(type);
			}
			catch (Exception | LinkageError | InternalError ex) {
				this.unrecorded.add(type.getName(), instrumentation.isRetransformClassesSupported()
						? UnrecordedReason.FAILED : UnrecordedReason.LOADED_BEFORE);
			}
		}
	}

	/**
	 * Methods that run already when their class is woven, {@code main} above all, don't
	 * pass their first instruction any more.
	 * @return names of the classes of which code is running
	 */
	private Set<String> markStacks() {
		Set<String> running = new HashSet<>();
		StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach((frame) -> {
			if (this.transformer.mayWeave(frame.getClassName())) {
				running.add(frame.getClassName());
				mark(this.methods
					.indexOf(new MethodKey(frame.getClassName(), frame.getMethodName(), frame.getDescriptor())));
			}
		});
		Thread.getAllStackTraces().forEach((thread, stack) -> {
			for (StackTraceElement frame : stack) {
				if (this.transformer.mayWeave(frame.getClassName())) {
					running.add(frame.getClassName());
					// Which of several overloads it is can't be told; all are late then
					List<Integer> overloads = this.methods.indexesOf(frame.getClassName(), frame.getMethodName());
					overloads.stream().filter((index) -> overloads.size() == 1).forEach(this::mark);
				}
			}
		});
		return running;
	}

	/** Classes that were woven late, but not too late. */
	private void clear(Set<Class<?>> woven, Set<String> running, UntouchedClasses untouched) {
		Set<String> names = new HashSet<>();
		woven.forEach((type) -> names.add(type.getName()));
		// Of that name there may be one more, by another class loader
		woven.stream().filter((type) -> !untouched.contains(type)).forEach((type) -> names.remove(type.getName()));
		names.removeAll(running);
		this.methods.notLate(names);
	}

	private void mark(int index) {
		if (index >= 0) {
			this.flags[index] = 1;
		}
	}

	/**
	 * A call that finds the flag set, just before it is cleared, was made before that.
	 */
	private synchronized void sweep() {
		int size = this.methods.size();
		BitSet found = new BitSet(size);
		for (int index = 0; index < size; index++) {
			if (this.flags[index] != 0) {
				this.flags[index] = 0;
				found.set(index);
			}
		}
		this.called.or(found);
		this.views.forEach((view) -> view.pending.or(found));
	}

	/**
	 * The calls as one application context sees them.
	 */
	final class View {

		private final MethodFilter filter;

		private final BitSet pending = new BitSet();

		private volatile boolean open = true;

		private View(MethodFilter filter) {
			this.filter = filter;
		}

		/**
		 * Hands out the methods that were called since the last time.
		 * @param consumer takes each such method once
		 */
		void drain(Consumer<MethodKey> consumer) {
			BitSet drained;
			synchronized (Recorder.this) {
				sweep();
				drained = (BitSet) this.pending.clone();
				this.pending.clear();
			}
			drained.stream().mapToObj(Recorder.this.methods::method).filter(this::isWanted).forEach(consumer);
		}

		private boolean isWanted(MethodKey method) {
			return this.filter.mayInclude(method.className());
		}

		/**
		 * Whether it is known if a method was called.
		 * @param method a method that counts
		 * @return {@code false} if it may have been called though it was not handed out
		 */
		boolean isRecorded(MethodKey method) {
			return this.open && (wasCalled(method)
					|| !(Recorder.this.unrecorded.contains(method) || Recorder.this.methods.isLate(method)));
		}

		private boolean wasCalled(MethodKey method) {
			int index = Recorder.this.methods.indexOf(method);
			synchronized (Recorder.this) {
				return index >= 0 && Recorder.this.called.get(index);
			}
		}

		/** Not any more before {@link #isRecorded} says no for that reason. */
		boolean isOpen() {
			return this.open;
		}

		RecordingFigures figures() {
			BitSet late = Recorder.this.methods.late();
			synchronized (Recorder.this) {
				sweep();
				late.andNot(Recorder.this.called);
			}
			return new RecordingFigures(Recorder.this.methods.size(), late.cardinality(),
					Recorder.this.unrecorded.methods(), Recorder.this.unrecorded.classes());
		}

		/** Ends it; the last one takes the transformer out. */
		void close() {
			synchronized (Recorder.this) {
				this.open = false;
				Instrumentation used = Recorder.this.instrumentation;
				if (Recorder.this.views.remove(this) && Recorder.this.views.isEmpty() && used != null) {
					used.removeTransformer(Recorder.this.transformer);
					Recorder.this.instrumentation = null;
				}
			}
		}

	}

}
