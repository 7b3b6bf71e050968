package dev.apm4j.instrument.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What became of a data source bean.
 *
 * @param beanName name of the bean
 * @param obstacle why it is not traced, as half a sentence; {@code null} if it is
 */
public record DataSourceState(String beanName, @Nullable String obstacle) {

	/**
	 * Whether what its connections do is traced.
	 * @return whether it is traced
	 */
	public boolean isTraced() {
		return this.obstacle == null;
	}

}
