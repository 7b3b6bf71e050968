package dev.apm4j.instrument.jdbc;

import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ClassUtils;

/**
 * Data sources of Spring's own. Wrappers, such as the lazy and the transaction-aware one,
 * stay as they are; what they wrap is traced. Those that route have several databases.
 * Works without spring-jdbc on the class path, where there are none.
 */
final class SpringDataSources {

	private static final boolean PRESENT = ClassUtils.isPresent(
			"org.springframework.jdbc.datasource.DelegatingDataSource", SpringDataSources.class.getClassLoader());

	private SpringDataSources() {
	}

	static boolean isDelegating(Class<?> type) {
		return PRESENT && SpringJdbc.isDelegating(type);
	}

	static boolean isRouting(DataSource dataSource) {
		return PRESENT && SpringJdbc.isRouting(dataSource);
	}

	/**
	 * Replaces what is wrapped innermost.
	 * @param wrapper the wrapper
	 * @param tracing makes a data source a traced one, or returns it as it is
	 */
	static void replaceTarget(DataSource wrapper, UnaryOperator<DataSource> tracing) {
		SpringJdbc.replaceTarget(wrapper, tracing);
	}

	/** What is wrapped innermost. */
	static @Nullable DataSource target(DataSource wrapper) {
		return SpringJdbc.target(wrapper);
	}

	/** Loaded only if spring-jdbc is there. */
	private static final class SpringJdbc {

		static boolean isDelegating(Class<?> type) {
			return DelegatingDataSource.class.isAssignableFrom(type);
		}

		static boolean isRouting(DataSource dataSource) {
			return dataSource instanceof AbstractRoutingDataSource;
		}

		static void replaceTarget(DataSource wrapper, UnaryOperator<DataSource> tracing) {
			DelegatingDataSource delegating = (DelegatingDataSource) wrapper;
			DataSource target = delegating.getTargetDataSource();
			if (target instanceof DelegatingDataSource) {
				replaceTarget(target, tracing);
			}
			else if (target != null) {
				DataSource traced = tracing.apply(target);
				if (traced != target) {
					delegating.setTargetDataSource(traced);
				}
			}
		}

		static @Nullable DataSource target(DataSource wrapper) {
			DataSource target = wrapper;
			while (target instanceof DelegatingDataSource delegating) {
				target = delegating.getTargetDataSource();
			}
			return target;
		}

	}

}
