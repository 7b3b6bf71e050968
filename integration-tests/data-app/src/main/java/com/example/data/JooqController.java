package com.example.data;

import java.util.Arrays;
import java.util.List;

import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/jooq")
class JooqController {

	private static final Table<?> CUSTOMERS = DSL.table("customers");

	private static final Field<Long> ID = DSL.field("id", Long.class);

	private static final Field<String> NAME = DSL.field("name", String.class);

	private static final Field<String> CITY = DSL.field("city", String.class);

	private static final Field<String> BODY = DSL.field("body", String.class);

	private final DSLContext jooq;

	JooqController(DSLContext jooq) {
		this.jooq = jooq;
	}

	@GetMapping("/query")
	List<String> query() {
		return this.jooq.select(ID, NAME)
			.from(CUSTOMERS)
			.where(CITY.eq("zzcity"))
			.and(NAME.ne(DSL.inline("zzliteral")))
			.orderBy(ID)
			.fetch((row) -> Rows.text(row.value1(), row.value2()));
	}

	@GetMapping("/transaction")
	int transaction(@RequestParam String run) {
		return this.jooq.transactionResult((
				nested) -> nested.dsl().insertInto(DSL.table("notes")).columns(BODY).values("zzjooq-" + run).execute());
	}

	@GetMapping("/batch")
	List<String> batch() {
		int[] counts = this.jooq.batch("UPDATE customers SET name = name WHERE city = ?")
			.bind("zzcity")
			.bind("zznowhere")
			.execute();
		return Arrays.stream(counts).mapToObj(Integer::toString).toList();
	}

}
