package dev.apm4j.export;

import java.util.Random;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages are those that the products document, with values in them.
 */
class SqlMessageTests {

	private static void assertMasked(String message, String expected) {
		assertThat(SqlMessage.mask(message.replace("\\n", "\n"))).isEqualTo(expected.replace("\\n", "\n"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					Table "ORDERZ" not found; SQL statement:\\nselect * from orderz where name = 'bob' [42102-232]|Table "ORDERZ" not found; SQL statement:\\nselect * from orderz where name = ? [42102-232]
					Unique index or primary key violation: "PUBLIC.USERS_EMAIL ON PUBLIC.USERS(EMAIL NULLS FIRST) VALUES ( /* key:1 */ 'bob@x')"; SQL statement:\\ninsert into users values (1, 'bob@x') [23505-232]|Unique index or primary key violation: "PUBLIC.USERS_EMAIL ON PUBLIC.USERS(EMAIL NULLS FIRST) VALUES (?)"; SQL statement:\\ninsert into users values (?) [23505-232]
					Referential integrity constraint violation: "FK_1: PUBLIC.ORDERS FOREIGN KEY(CUSTOMER_ID) REFERENCES PUBLIC.CUSTOMERS(ID) (CAST(4711 AS BIGINT))"; SQL statement: [23506-232]|Referential integrity constraint violation: "FK_1: PUBLIC.ORDERS FOREIGN KEY(CUSTOMER_ID) REFERENCES PUBLIC.CUSTOMERS(ID) (CAST(? AS BIGINT))"; SQL statement: [23506-232]
					Value too long for column "NAME CHARACTER VARYING(10)": "'bob bob bob' (11)"; SQL statement: [22001-232]|Value too long for column "NAME CHARACTER VARYING(10)": ?; SQL statement: [22001-232]
					Data conversion error converting "bob"; SQL statement: [22018-232]|Data conversion error converting ?; SQL statement: [22018-232]
					NULL not allowed for column "NAME"; SQL statement: [23502-232]|NULL not allowed for column "NAME"; SQL statement: [23502-232]
					Syntax error in SQL statement "SELEC[*] 'bob' ""x"" 4711"; SQL statement: [42000-232]|Syntax error in SQL statement ?; SQL statement: [42000-232]
					General error: "bob" [HY000-232]|General error: ? [HY000-232]
					Check constraint violation: "AGE_POSITIVE"; SQL statement:\\nupdate t set age = -5 [23513-232]|Check constraint violation: "AGE_POSITIVE"; SQL statement:\\nupdate t set age = -? [23513-232]
					""")
	void h2(String message, String expected) {
		assertMasked(message, expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					ERROR: relation "orderz" does not exist\\n  Position: 15|ERROR: relation "orderz" does not exist\\n  Position: 15
					ERROR: duplicate key value violates unique constraint "users_email_key"\\n  Detail: Key (email)=(bob@x) already exists.|ERROR: duplicate key value violates unique constraint "users_email_key"\\n  Detail: Key (email)=(?) already exists.
					Detail: Key (email)=(bob (junior) already exists) already exists.|Detail: Key (email)=(?) already exists.
					ERROR: insert or update on table "orders" violates foreign key constraint "orders_fk"\\n  Detail: Key (customer_id)=(4711) is not present in table "customers".|ERROR: insert or update on table "orders" violates foreign key constraint "orders_fk"\\n  Detail: Key (customer_id)=(?) is not present in table "customers".
					ERROR: conflicting key value violates exclusion constraint "x"\\n  Detail: Key (room)=(bob) conflicts with existing key (room)=(eve).|ERROR: conflicting key value violates exclusion constraint "x"\\n  Detail: Key (room)=(?) conflicts with existing key (room)=(?).
					ERROR: null value in column "name" of relation "users" violates not-null constraint\\n  Detail: Failing row contains (4711, null, bob, 12.5, t).|ERROR: null value in column "name" of relation "users" violates not-null constraint\\n  Detail: Failing row contains (?).
					ERROR: invalid input syntax for type integer: "bob"\\n  Where: unnamed portal parameter $1 = 'bob'|ERROR: invalid input syntax for type integer: ?\\n  Where: unnamed portal parameter $1 = ?
					ERROR: invalid XML content\\n  Detail: line 1: Couldn't find end of Start Tag bob line 1\\n<bob\\n   ^\\n  Position: 12|ERROR: invalid XML ?\\n  Position: 12
					ERROR: value too long for type character varying(10)|ERROR: value too long for type character varying(10)
					ERROR: syntax error at or near "bob"\\n  Position: 8|ERROR: syntax error at or near ?\\n  Position: 8
					Batch entry 0 insert into users (email) values (('bob@x'::varchar)), ('eve') was aborted: ERROR: x|Batch entry 0 insert into users (email) values (?), (?) was aborted: ERROR: x
					FEHLER: ung\u00fcltige Eingabesyntax f\u00fcr Typ integer: \u00bbbob\u00ab\\n  Position: 8|FEHLER: ung\u00fcltige Eingabesyntax f\u00fcr Typ integer: ?\\n  Position: 8
					ERROR: function lower(integer) does not exist: $body$it's bob$body$ and $$eve$$|ERROR: function lower(integer) does not exist: ? and ?
					""")
	void postgresql(String message, String expected) {
		assertMasked(message, expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					Duplicate entry 'bob@x' for key 'users.email'|Duplicate entry ? for key 'users.email'
					Duplicate entry 'o'bob' for key 'x' for key 'PRIMARY'|Duplicate entry ? for key 'PRIMARY'
					(conn=15) Duplicate entry 'bob-4711' for key 'users_uk'|(conn=?) Duplicate entry ? for key 'users_uk'
					Table 'shop.orderz' doesn't exist|Table 'shop.orderz' doesn't exist
					Unknown column 'nme' in 'field list'|Unknown column 'nme' in 'field list'
					Unknown column 'nme' in 'where clause'|Unknown column 'nme' in 'where clause'
					Column 'name' cannot be null|Column 'name' cannot be null
					Field 'name' doesn't have a default value|Field 'name' doesn't have a default value
					Data truncation: Incorrect integer value: 'it's 'bob'' for column 'qty' at row 1|Data truncation: Incorrect integer value: ? for column 'qty' at row 1
					Data truncation: Data too long for column 'name' at row 12|Data truncation: Data too long for column 'name' at row 12
					Truncated incorrect DOUBLE value: 'o'bob'|Truncated incorrect DOUBLE value: ?
					Truncated incorrect DOUBLE value: 'bob'|Truncated incorrect DOUBLE value: ?
					You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '= '#bob' and 'eve'' at line 1|You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near ? at line 1
					Cannot add or update a child row: a foreign key constraint fails (`shop`.`orders_2024`, CONSTRAINT `fk_1` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`))|Cannot add or update a child row: a foreign key constraint fails (`shop`.`orders_2024`, CONSTRAINT `fk_1` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`))
					Access denied for user 'bob'@'10.0.0.5' (using password: YES)|Access denied for user ?@? (using password: YES)
					""")
	void mysqlAndMariaDb(String message, String expected) {
		assertMasked(message, expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					ORA-00001: unique constraint (SHOP.USERS_UK) violated|ORA-00001: unique constraint (SHOP.USERS_UK) violated
					ORA-00001: unique constraint (SHOP.UK) violated on table SHOP.USERS columns (EMAIL)\\nORA-03301: (ORA-00001 details) row with column values (EMAIL:'bob@x', ID:4711) already exists|ORA-00001: unique constraint (SHOP.UK) violated on table SHOP.USERS columns (EMAIL)\\nORA-03301: (ORA-00001 details) row with column values (?) already exists
					ORA-12899: value too large for column "SHOP"."USERS"."NAME" (actual: 16, maximum: 10)|ORA-12899: value too large for column "SHOP"."USERS"."NAME" (actual: 16, maximum: 10)
					ORA-01400: cannot insert NULL into ("SHOP"."USERS"."NAME")|ORA-01400: cannot insert NULL into ("SHOP"."USERS"."NAME")
					ORA-00904: "NAM": invalid identifier|ORA-00904: "NAM": invalid identifier
					ORA-20001: no such customer: "Bob"|ORA-20001: no such customer: ?
					ORA-06512: at "SHOP.PRICES", line 12|ORA-06512: at ?, line 12
					Error : 942, Position : 14, SQL = select q'[it's bob' x]' from orderz where id = 4711|Error : ?, Position : 14, SQL = select q? from orderz where id = ?
					""")
	void oracle(String message, String expected) {
		assertMasked(message, expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					Violation of UNIQUE KEY constraint 'UQ_users_email'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (bob@x, (4711)).|Violation of UNIQUE KEY constraint 'UQ_users_email'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (?).
					Invalid object name 'orderz'.|Invalid object name 'orderz'.
					Invalid column name 'nme'.|Invalid column name 'nme'.
					Conversion failed when converting the varchar value 'bob' to data type int.|Conversion failed when converting the varchar value ? to data type int.
					String or binary data would be truncated in table 'shop.dbo.users', column 'name'. Truncated value: 'bob'.|String or binary data would be truncated in table 'shop.dbo.users', column 'name'. Truncated value: ?.
					Incorrect syntax near 'bob'.|Incorrect syntax near ?.
					The INSERT statement conflicted with the FOREIGN KEY constraint "FK_orders". The conflict occurred in database "shop", table "dbo.customers", column 'id'.|The INSERT statement conflicted with the FOREIGN KEY constraint "FK_orders". The conflict occurred in database "shop", table "dbo.customers", column 'id'.
					""")
	void sqlServer(String message, String expected) {
		assertMasked(message, expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					PreparedStatementCallback; SQL [insert into users (email) values ('bob', N'eve')]; Duplicate entry 'bob' for key 'users.email'|PreparedStatementCallback; SQL [insert into users (email) values (?)]; Duplicate entry ? for key 'users.email'
					StatementCallback; bad SQL grammar [select * from orderz where a like'bob' and b = N't' and c = x'0f' and d = 0xFF and e = 1.5e10]|StatementCallback; bad SQL grammar [select * from orderz where a like? and b = N? and c = x? and d = ? and e = ?]
					uncategorized SQLException; SQL state [HY000]; error code [1366]; x|uncategorized SQLException; SQL state [HY000]; error code [1366]; x
					could not execute statement [ERROR: duplicate key value violates unique constraint "uk"\\n  Detail: Key (email)=(bob) already exists.] [insert into users (email) values (?)]|could not execute statement [ERROR: duplicate key value violates unique constraint "uk"\\n  Detail: Key (email)=(?) already exists.] [insert into users (email) values (?)]
					Unable to find shop.Order with id 4711|Unable to find shop.Order with id ?
					HikariPool-1 - Connection is not available, request timed out after 30001ms (total=10, active=10, idle=0, waiting=3)|HikariPool-1 - Connection is not available, request timed out after 30001ms (total=10, active=10, idle=0, waiting=3)
					DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505, SQLERRMC=bob;eve, DRIVER=4.26.14|DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505, SQLERRMC=?, DRIVER=4.26.14
					no order 550e8400-e29b-41d4-a716-446655440000 of 2024-01-01T10:00:00Z from 10.0.0.5:99.|no order ? of ? from ?.
					select t1_0.id, o2.x from order_2024 t1_0 where a$1 = $1|select t1_0.id, o2.x from order_2024 t1_0 where a$1 = $1
					select 1 /* bob's 'hint */ from t -- eve's\\nwhere x = 'bob'|select ? ? from t ?\\nwhere x = ?
					x = 'it''s bob' and y = '' and z = 'c:\\' and w = 'bob'|x = ? and y = ? and z = ?
					x = 'bob|x = ?
					values ('bob', (1|values (?
					the email of \u201cbob\u201d|the email of ?
					""")
	void whatOthersPutAroundThem(String message, String expected) {
		assertMasked(message, expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "'", "\"", "(", "[", "`", "$", "$$", "q'", "/*", "-- ", "values (", ")=(", "near '",
			"Duplicate entry '", "SQLERRMC=", "SQLERRMC=x, DRIVER", "violation: \"", "\u00ab", "5", "5-", "'\\'", "n't",
			"'n't", "\ud800", "\u0130'x'" })
	void fragmentsDoNoHarm(String message) {
		assertThat(SqlMessage.mask(message)).hasSizeLessThanOrEqualTo(message.length() + 1);
	}

	/** No value of any form is left, whatever stands around it. */
	@RepeatedTest(200)
	void noValueSurvives(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		StringBuilder message = new StringBuilder();
		String[] forms = { "'%s'", "= '%s' and", "Key (a)=(%s) already exists.", "values ('%s', %s, (%s))", "like'%s'",
				"N'it''s %s'", "near \"%s\"", "converting \"%s\"", "Failing row contains (%s, 1).", "/* %s */",
				"Duplicate entry '%s' for key 'uk'", "\u00bb%s\u00ab", "$$%s$$", "E'%s'", "value '%s'", "4711",
				"Truncated value: '%s'.", "The duplicate key value is (%s)." };
		String[] around = { " table \"t1\" ", " doesn't ", " on ", "\n", " (a, b) ", " [42102-232] ", "; ",
				" column 'x' " };
		for (int i = 0; i < 12; i++) {
			message.append(around[random.nextInt(around.length)]);
			message.append(forms[random.nextInt(forms.length)].replace("%s", "s3cret x"));
		}
		assertThat(SqlMessage.mask(message.toString())).as(message.toString()).doesNotContain("s3cret", "4711");
	}

	@Test
	void theWorkGrowsWithTheLength() {
		for (String part : new String[] { "'", "\"", "(", ")=(", "near '", "value: '", "duplicate entry 'x", "values (",
				"$a$", "/*", "1-", "q'[", "[0-", "-- ", "failing row contains (" }) {
			assertThat(SqlMessage.mask(part.repeat(100_000 / part.length()))).as(part).isNotNull();
		}
	}

	@Test
	void documentThatPostgresRepeatsIsMasked() {
		String message = "ERROR: invalid input syntax for type json\n  Detail: Token \"jane\" is invalid.\n"
				+ "  Where: JSON data, line 1: {email:jane...\nunnamed portal parameter $1";
		assertThat(SqlMessage.mask(message)).doesNotContain("jane")
			.doesNotContain("email")
			.contains("JSON data, line 1:");
	}

}
