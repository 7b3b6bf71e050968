package dev.apm4j.autoconfigure.till;

/**
 * Its methods are called by one test each.
 */
public class Till {

	public void open() {
	}

	public void ring() {
	}

	public void deadRefund() {
	}

}
