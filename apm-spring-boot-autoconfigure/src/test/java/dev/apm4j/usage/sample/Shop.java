package dev.apm4j.usage.sample;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

@Marked
public class Shop implements Comparable<Shop> {

	static final Map<String, String> NAMES = Map.copyOf(Map.of("a", "b"));

	private String name = "";

	public Shop() {
	}

	protected Shop(String name, int... numbers) {
		this.name = name;
	}

	public static void main(String[] args) throws Exception {
		new Shop().open(args);
	}

	public final void open(String... names) throws IOException {
		hidden(List.of(names), new long[0][]);
	}

	protected <T extends Number> T generic(T number, List<? extends T> numbers) {
		return number;
	}

	void near() {
	}

	private void hidden(List<String> names, long[][] numbers) {
		Supplier<String> lambda = () -> names.get(0) + this.name;
		Callable<String> anonymous = new Callable<>() {
			@Override
			public String call() {
				return lambda.get();
			}
		};
		anonymous.hashCode();
	}

	native void elsewhere();

	public String getName() {
		return this.name;
	}

	public void setName(String name) {
		this.name = name;
	}

	public boolean isOpen() {
		return true;
	}

	public Boolean isBoxed() {
		return true;
	}

	@Generated
	public String made() {
		return this.name;
	}

	@Override
	public int compareTo(Shop other) {
		return 0;
	}

	@Override
	public String toString() {
		return this.name;
	}

	public String toString(int times) {
		return this.name.repeat(times);
	}

	class Inner {

		void outer() {
			near();
		}

	}

	static class Nested {

		private Nested() {
		}

		static void go(Nested nested) {
		}

	}

	static class ByDefault {

	}

}
