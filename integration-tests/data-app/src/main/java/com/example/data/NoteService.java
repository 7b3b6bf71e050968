package com.example.data;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class NoteService {

	private static final String INSERT = "INSERT INTO notes (body) VALUES (?)";

	private final JdbcTemplate jdbc;

	private final TransactionTemplate required;

	private final TransactionTemplate nested;

	NoteService(JdbcTemplate jdbc, DataSource dataSource) {
		this.jdbc = jdbc;
		// JPA's transaction manager has no savepoints.
		JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
		this.required = new TransactionTemplate(transactions);
		this.nested = new TransactionTemplate(transactions);
		this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
	}

	@Transactional
	public void addTwo(String body) {
		this.jdbc.update(INSERT, body);
		this.jdbc.update("UPDATE customers SET name = name WHERE city = ?", "zzcity");
	}

	@Transactional
	public void addAndFail(String body) {
		this.jdbc.update(INSERT, body);
		throw new IllegalStateException("No note after all");
	}

	public void addWithSavepoint(String body) {
		this.required.executeWithoutResult((outer) -> {
			this.jdbc.update(INSERT, body + "-outer");
			this.nested.executeWithoutResult((inner) -> {
				this.jdbc.update(INSERT, body + "-inner");
				inner.setRollbackOnly();
			});
		});
	}

}
