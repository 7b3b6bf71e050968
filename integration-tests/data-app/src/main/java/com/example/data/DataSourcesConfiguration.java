package com.example.data;

import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * A second database beside Spring Boot's, and what leads to one of the two.
 */
@Configuration(proxyBeanMethods = false)
class DataSourcesConfiguration {

	/** Which of the two, {@code main} or {@code archive}. */
	static final ThreadLocal<String> WANTED = new ThreadLocal<>();

	@Bean(defaultCandidate = false)
	HikariDataSource archive() {
		HikariDataSource archive = new HikariDataSource();
		archive.setPoolName("archive");
		archive.setJdbcUrl("jdbc:h2:mem:archive;DB_CLOSE_DELAY=-1");
		archive.setMaximumPoolSize(2);
		return archive;
	}

	@Bean(defaultCandidate = false)
	AbstractRoutingDataSource routing(DataSource main, @Qualifier("archive") DataSource archive) {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return WANTED.get();
			}

		};
		routing.setTargetDataSources(Map.of("main", main, "archive", archive));
		routing.setDefaultTargetDataSource(main);
		return routing;
	}

	@Bean(defaultCandidate = false)
	LazyConnectionDataSourceProxy lazy(@Qualifier("routing") DataSource routing) {
		return new LazyConnectionDataSourceProxy(routing);
	}

}
