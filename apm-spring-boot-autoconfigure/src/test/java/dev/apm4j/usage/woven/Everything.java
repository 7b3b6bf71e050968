package dev.apm4j.usage.woven;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Methods of all kinds, which {@link #run()} calls.
 */
public class Everything implements Runnable {

	static final int INITIALIZED = initialize();

	private final Inner inner = new Inner(7);

	private int rounds;

	@Override
	public void run() {
		publicMethod();
		packagePrivateMethod();
		privateMethod(1);
		privateMethod("one");
		staticMethod(1, 2L, 3.0, new int[0], "five");
		finalMethod();
		selfInvoked();
		lambdas();
		anonymous();
		loops();
		exceptions();
		new Nested().call();
		this.inner.value();
		new Point(1, 2).sum();
		Color.RED.paint();
		Color.BLUE.paint();
		Named named = () -> "name";
		named.greeting();
		Named.of("x").name();
		new Text().get();
		new Derived(3).inherited();
		generic(List.of("a", "b"));
		synchronizedMethod();
		recursive(3);
		withVarargs("a", "b");
	}

	private static int initialize() {
		return 42;
	}

	public void publicMethod() {
	}

	void packagePrivateMethod() {
	}

	private void privateMethod(int overloaded) {
	}

	private void privateMethod(String overloaded) {
	}

	@SuppressWarnings("unused")
	private void privateMethod(long deadOverload, int overloaded) {
		deadPrivateMethod();
	}

	private void deadPrivateMethod() {
	}

	static long staticMethod(int a, long b, double c, int[] d, String e) {
		return a + b + d.length;
	}

	public static void deadStaticMethod() {
	}

	protected final void finalMethod() {
	}

	private void selfInvoked() {
		selfInvokedTwice();
		selfInvokedTwice();
	}

	public void selfInvokedTwice() {
	}

	private void lambdas() {
		Supplier<Object> called = () -> fromLambda(this.inner.value());
		called.get();
		Supplier<Object> reference = this::byReference;
		reference.get();
		Runnable never = () -> deadFromLambda();
		never.hashCode();
		List.of(3, 1, 2).stream().sorted(Comparator.comparing(Everything::key)).toList();
	}

	private Object fromLambda(int value) {
		return value;
	}

	private Object byReference() {
		return this;
	}

	private static int key(int value) {
		return -value;
	}

	private void deadFromLambda() {
	}

	private void anonymous() {
		new Object() {

			void inAnonymousClass() {
				deep();
			}

			private void deep() {
			}

			@SuppressWarnings("unused")
			void deadInAnonymousClass() {
			}

		}.inAnonymousClass();
	}

	/** The loop's first instruction is the method's. */
	private void loops() {
		do {
			this.rounds++;
		}
		while (this.rounds < 10);
		endless(new int[1]);
	}

	private static void endless(int[] counter) {
		while (true) {
			if (counter[0]++ > 5) {
				return;
			}
		}
	}

	private void exceptions() {
		try {
			checked(true);
		}
		catch (IOException ex) {
			handled(ex);
		}
		tryAtOnce(null);
		try {
			checked(false);
		}
		catch (IOException ex) {
			deadHandler(ex);
		}
	}

	private void checked(boolean fail) throws IOException {
		if (fail) {
			throw new IOException("expected");
		}
	}

	private void handled(IOException ex) {
	}

	private void deadHandler(IOException ex) {
	}

	private static int tryAtOnce(Object nothing) {
		try {
			return nothing.hashCode();
		}
		catch (NullPointerException ex) {
			return 0;
		}
		finally {
			inFinally();
		}
	}

	private static void inFinally() {
	}

	private <T extends Comparable<T>> T generic(List<? extends T> values) {
		return values.get(0);
	}

	private synchronized void synchronizedMethod() {
		synchronized (this.inner) {
			inMonitor();
		}
	}

	private void inMonitor() {
	}

	private int recursive(int depth) {
		return (depth == 0) ? 0 : recursive(depth - 1) + 1;
	}

	private void withVarargs(String... texts) {
	}

	/** Has a bridge method for {@link Object}. */
	static class Nested implements Callable<String> {

		@Override
		public String call() {
			return privateOfNested();
		}

		private String privateOfNested() {
			return "nested";
		}

		void deadOfNested() {
		}

		static class DeadDeep {

			void method() {
			}

		}

	}

	/** Its constructor takes the outer instance. */
	class Inner {

		private final int value;

		Inner(int value) {
			super();
			this.value = value;
		}

		Inner(String dead) {
			this(dead.length());
		}

		int value() {
			return this.value;
		}

	}

	record Point(int x, int y) {

		Point {
			check(x);
		}

		private static void check(int value) {
		}

		int sum() {
			return this.x + this.y;
		}

		int deadDifference() {
			return this.x - this.y;
		}

	}

	enum Color {

		RED {

			@Override
			void paint() {
				red();
			}

			private void red() {
			}

		},
		BLUE;

		void paint() {
			blue();
		}

		private void blue() {
		}

		void deadPaint() {
		}

	}

	interface Named {

		String name();

		default String greeting() {
			return "Hello " + name() + mark();
		}

		private String mark() {
			return "!";
		}

		static Named of(String name) {
			return () -> name;
		}

		default void deadDefault() {
		}

		static void deadStatic() {
		}

	}

	abstract static class Base {

		private final int size;

		Base(int size) {
			this.size = size;
		}

		Base(long dead) {
			this.size = (int) dead;
		}

		final int inherited() {
			return this.size + hook();
		}

		abstract int hook();

		void deadInherited() {
		}

	}

	/** A constructor with a call before that of the super class. */
	static class Derived extends Base {

		Derived(int size) {
			super(argument(size) > 0 ? size : -size);
		}

		private static int argument(int size) {
			return size;
		}

		@Override
		int hook() {
			return 1;
		}

	}

	/** A bridge method with another return type. */
	static class Text implements Supplier<CharSequence>, IntSupplier {

		@Override
		public String get() {
			return "text" + getAsInt();
		}

		@Override
		public int getAsInt() {
			return 1;
		}

	}

	static class DeadUtility {

		private DeadUtility() {
		}

		static void method() {
		}

	}

}
