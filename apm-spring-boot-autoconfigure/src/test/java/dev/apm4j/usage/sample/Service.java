package dev.apm4j.usage.sample;

public interface Service<T> {

	Runnable NOTHING = () -> {
	};

	T serve(T what);

	default void byDefault(T what) {
		inside();
	}

	static void ofInterface() {
	}

	private void inside() {
	}

}
