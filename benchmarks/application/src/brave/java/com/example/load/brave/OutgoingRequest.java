package com.example.load.brave;

import brave.http.HttpClientRequest;
import org.springframework.http.HttpRequest;

final class OutgoingRequest extends HttpClientRequest {

	private final HttpRequest request;

	OutgoingRequest(HttpRequest request) {
		this.request = request;
	}

	@Override
	public Object unwrap() {
		return this.request;
	}

	@Override
	public String method() {
		return this.request.getMethod().name();
	}

	@Override
	public String path() {
		return this.request.getURI().getPath();
	}

	@Override
	public String url() {
		return this.request.getURI().toString();
	}

	@Override
	public String header(String name) {
		return this.request.getHeaders().getFirst(name);
	}

	@Override
	public void header(String name, String value) {
		this.request.getHeaders().set(name, value);
	}

}
