package dev.apm4j.usage.sample.deep;

public class Cellar {

	public void store() {
	}

}
