package com.example.data;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Every way to a database that people use, an endpoint for each. All values of
 * statements, literal or bound, begin with {@code zz} or are seven digits, so that none
 * can be mistaken for anything else in a trace.
 */
@SpringBootApplication
public class DataApplication {

	public static void main(String[] args) {
		SpringApplication.run(DataApplication.class, args);
	}

}
