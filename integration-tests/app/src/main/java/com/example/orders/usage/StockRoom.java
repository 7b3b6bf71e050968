package com.example.orders.usage;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Methods of all kinds, of no bean.
 */
class StockRoom implements Callable<String> {

	private final Shelf shelf = new Shelf();

	void open() throws Exception {
		privateMethod(1);
		staticMethod(2L, "a", new int[0]);
		finalMethod();
		checked();
		Callable<String> generic = this;
		generic.call();
		new Item("bolt", 3).total();
		Mode.OPEN.label();
		Labelled labelled = () -> fromLambda("nut");
		labelled.greeting();
		Labelled.of("washer").label();
		this.shelf.new Place(1).take();
		new Object() {

			void anonymous() {
				varargs("x", "y");
			}

			@SuppressWarnings("unused")
			void deadAnonymous() {
				DeadShelf.deadMethod();
			}

		}.anonymous();
		Runnable never = () -> deadFromLambda();
		List.of(never).hashCode();
	}

	String requested() {
		return requestedPrivate() + Shelf.requestedStatic();
	}

	private String requestedPrivate() {
		return "requested";
	}

	public String deadPublic() {
		return deadPrivate(0);
	}

	private void privateMethod(int overloaded) {
		selfInvoked();
	}

	@SuppressWarnings("unused")
	private void privateMethod(String deadOverload) {
	}

	public void selfInvoked() {
	}

	private String deadPrivate(int value) {
		return "dead" + value;
	}

	static long staticMethod(long a, String b, int[] c) {
		return a + b.length() + c.length;
	}

	static void deadStatic() {
	}

	protected final void finalMethod() {
	}

	protected final void deadFinal() {
	}

	void checked() throws IOException, InterruptedException {
		if (this.shelf == null) {
			throw new IOException();
		}
	}

	void deadChecked() throws IOException {
		throw new IOException();
	}

	/** With a bridge. */
	@Override
	public String call() throws Exception {
		return "called";
	}

	private static String fromLambda(String value) {
		return value;
	}

	private static void deadFromLambda() {
	}

	private static void varargs(String... values) {
	}

	interface Labelled {

		String label();

		default String greeting() {
			return privateGreeting();
		}

		default String deadGreeting() {
			return deadPrivateGreeting();
		}

		private String privateGreeting() {
			return "hello " + label();
		}

		private String deadPrivateGreeting() {
			return "";
		}

		static Labelled of(String text) {
			return () -> text;
		}

		static Labelled deadOf(String text) {
			return of(text);
		}

	}

	enum Mode implements Labelled {

		OPEN, CLOSED {

			@Override
			public String label() {
				return "dead";
			}

		};

		@Override
		public String label() {
			return "open";
		}

		void deadMethod() {
		}

	}

	record Item(String name, int count) {

		int total() {
			return this.count * 2;
		}

		int deadTotal() {
			return this.count * 3;
		}

	}

	static class Shelf {

		static String requestedStatic() {
			return "!";
		}

		static void deadStatic() {
		}

		class Place {

			Place(int number) {
			}

			@SuppressWarnings("unused")
			Place(String deadConstructor) {
			}

			void take() {
			}

			void deadTake() {
			}

		}

	}

	static class DeadShelf implements Supplier<String> {

		/** With a bridge. */
		@Override
		public String get() {
			return "";
		}

		static void deadMethod() {
		}

	}

}
