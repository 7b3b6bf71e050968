package dev.apm4j.export.whatap;

/**
 * Which names stand for secrets. What the instrumentations mask decides that; as no
 * backend knows them, it is handed in.
 */
@FunctionalInterface
public interface SecretName {

	/** What the values of secrets are replaced with, as the agent does it. */
	char MASK = '#';

	/**
	 * Whether a name stands for a secret.
	 * @param text the text that contains the name
	 * @param from where the name begins
	 * @param to where it ends
	 * @return whether its value must not leave the process
	 */
	boolean matches(String text, int from, int to);

}
