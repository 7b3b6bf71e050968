package dev.apm4j.it.app;

import java.nio.file.Path;

/**
 * A line of Spring Boot that the starter supports, with the application built on it.
 */
public enum BootLine {

	/** The line of Framework 6.2. */
	BOOT_3_5("3.5"),

	/** The first line of Framework 7.0. */
	BOOT_4_0("4.0"),

	/** The line that the documentation is about. */
	BOOT_4_1("4.1");

	private final String number;

	BootLine(String number) {
		this.number = number;
	}

	/**
	 * The application on this line.
	 * @return the executable jar
	 */
	public Path jar() {
		return Path.of(System.getProperty("it.applications"), "boot-" + this.number, "target",
				"orders-boot-" + this.number + ".jar");
	}

	/**
	 * The application that uses databases on this line.
	 * @return the executable jar
	 */
	public Path dataJar() {
		String name = "data-boot-" + this.number;
		return Path.of(System.getProperty("it.applications"), name, "target", name + ".jar");
	}

	/**
	 * The application on WebFlux on this line, which there is for the oldest and the
	 * newest.
	 * @return the executable jar
	 */
	public Path reactiveJar() {
		String name = "reactive-boot-" + this.number;
		return Path.of(System.getProperty("it.applications"), name, "target", name + ".jar");
	}

	public String number() {
		return this.number;
	}

	@Override
	public String toString() {
		return "Boot " + this.number;
	}

}
