package dev.apm4j.usage;

/**
 * Takes the class files that a scan finds.
 */
interface ClassFileSink {

	/**
	 * Takes a class file.
	 * @param location where it was found, for people
	 * @param path where it was found below the location of code, without suffix, such as
	 * {@code com/acme/Shop}: of a class of another name no class loader would find it
	 * there
	 * @param bytes the class file
	 */
	void classFile(String location, String path, byte[] bytes);

	/**
	 * Takes note of what can't be read.
	 * @param location where it was found, for people
	 * @param reason why it can't
	 */
	void unreadable(String location, Exception reason);

	/**
	 * Ends the scan if it is to end.
	 * @throws java.util.concurrent.CancellationException if it is
	 */
	void endIfCancelled();

}
