package dev.apm4j.usage.sample;

public record Named(String name) {

	@Override
	public boolean equals(Object other) {
		return other instanceof Named named && named.name.equalsIgnoreCase(this.name);
	}

	@Override
	public int hashCode() {
		return 1;
	}

}
