package com.example.load.brave;

import java.io.IOException;

import brave.Tracing;
import brave.http.HttpClientHandler;
import brave.http.HttpClientRequest;
import brave.http.HttpClientResponse;
import brave.http.HttpTracing;
import brave.jakarta.servlet.TracingFilter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.client.ClientHttpResponse;
import zipkin2.reporter.brave.AsyncZipkinSpanHandler;
import zipkin2.reporter.urlconnection.URLConnectionSender;

/**
 * Brave with nothing between: its servlet filter, an interceptor that does what the one
 * for older lines of Spring does, and its reporter. SQL is not traced, as Brave has
 * nothing for it that does not depend on the database.
 */
@Configuration(proxyBeanMethods = false)
class BraveConfiguration {

	@Bean
	URLConnectionSender sender(@Value("${zipkin.url}") String url) {
		return URLConnectionSender.create(url);
	}

	@Bean
	AsyncZipkinSpanHandler spanHandler(URLConnectionSender sender) {
		return AsyncZipkinSpanHandler.create(sender);
	}

	@Bean
	Tracing tracing(AsyncZipkinSpanHandler spanHandler) {
		return Tracing.newBuilder().localServiceName("load").addSpanHandler(spanHandler).build();
	}

	@Bean
	HttpTracing httpTracing(Tracing tracing) {
		return HttpTracing.create(tracing);
	}

	@Bean
	FilterRegistrationBean<jakarta.servlet.Filter> tracingFilter(HttpTracing tracing) {
		FilterRegistrationBean<jakarta.servlet.Filter> registration = new FilterRegistrationBean<>(
				TracingFilter.create(tracing));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	@Bean
	RestClientCustomizer tracingInterceptor(HttpTracing tracing) {
		HttpClientHandler<HttpClientRequest, HttpClientResponse> handler = HttpClientHandler.create(tracing);
		return (builder) -> builder.requestInterceptor((request, body, execution) -> {
			OutgoingRequest outgoing = new OutgoingRequest(request);
			brave.Span span = handler.handleSend(outgoing);
			ClientHttpResponse response = null;
			Throwable failure = null;
			try (var scope = tracing.tracing().currentTraceContext().newScope(span.context())) {
				response = execution.execute(request, body);
				return response;
			}
			catch (IOException | RuntimeException ex) {
				failure = ex;
				throw ex;
			}
			finally {
				handler.handleReceive(new IncomingResponse(outgoing, response, failure), span);
			}
		});
	}

}
