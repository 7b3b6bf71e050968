package dev.apm4j.export.whatap;

import java.util.Map;

/**
 * Is told what configuration the local agent sends.
 */
@FunctionalInterface
public interface ConfigurationListener {

	/**
	 * Takes a configuration, on the backend's thread. Anybody on this machine who can
	 * send from the agent's port may have sent it.
	 * @param configuration keys as in {@code whatap.conf}, with their values; at most
	 * 1,000
	 */
	void received(Map<String, String> configuration);

}
