package dev.apm4j.usage.sample;

abstract class StringService implements Service<String> {

	@Override
	public String serve(String what) {
		return what;
	}

	abstract void left();

}
