package dev.apm4j.export.whatap;

import java.util.List;

/**
 * Tells how many connections the pools of the application have. Called on the backend's
 * thread; must not open a pool that isn't in use yet.
 */
@FunctionalInterface
public interface PoolConnectionsSource {

	/**
	 * The connections now.
	 * @return an entry for each pool
	 */
	List<PoolConnections> pools();

}
