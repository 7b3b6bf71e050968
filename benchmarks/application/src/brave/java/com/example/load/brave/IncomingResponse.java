package com.example.load.brave;

import java.io.IOException;

import brave.http.HttpClientRequest;
import brave.http.HttpClientResponse;
import org.springframework.http.client.ClientHttpResponse;

final class IncomingResponse extends HttpClientResponse {

	private final OutgoingRequest request;

	private final ClientHttpResponse response;

	private final Throwable error;

	IncomingResponse(OutgoingRequest request, ClientHttpResponse response, Throwable error) {
		this.request = request;
		this.response = response;
		this.error = error;
	}

	@Override
	public Object unwrap() {
		return (this.response != null) ? this.response : this.request;
	}

	@Override
	public HttpClientRequest request() {
		return this.request;
	}

	@Override
	public Throwable error() {
		return this.error;
	}

	@Override
	public int statusCode() {
		try {
			return (this.response != null) ? this.response.getStatusCode().value() : 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
