package com.example.orders;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Where this application is reached: the services it calls are all in it.
 */
@Component
class OwnAddress {

	private final Environment environment;

	OwnAddress(Environment environment) {
		this.environment = environment;
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.environment.getRequiredProperty("local.server.port") + path;
	}

}
