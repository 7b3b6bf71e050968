package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Responses that end only when the client goes away.
 */
@Configuration(proxyBeanMethods = false)
class EndlessResponses {

	/** Writes until the client is gone. */
	@Bean
	ServletRegistrationBean<Servlet> endless() {
		return WebApplication.servlet("/endless", (request, response) -> writeForever(response.getOutputStream()));
	}

	/**
	 * The client goes away while the request's thread is still here, and the application
	 * answers the error with a dispatch, as Spring MVC does.
	 */
	@Bean
	ServletRegistrationBean<Servlet> endlessAtOnce(ExecutorService workers) {
		return WebApplication.servlet("/endless-at-once", (request, response) -> {
			if (request.getDispatcherType() == DispatcherType.ASYNC) {
				return;
			}
			AsyncContext async = request.startAsync();
			async.addListener(new DispatchingOnError());
			OutputStream out = response.getOutputStream();
			Future<Void> written = workers.submit(() -> {
				writeForever(out);
				return null;
			});
			try {
				written.get();
			}
			catch (ExecutionException | InterruptedException ex) {
				// The client has seen enough.
			}
		});
	}

	static void writeForever(OutputStream out) throws IOException {
		byte[] chunk = new byte[64 * 1024];
		while (true) {
			out.write(chunk);
			out.flush();
		}
	}

	private static final class DispatchingOnError implements AsyncListener {

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
			event.getAsyncContext().dispatch();
		}

		@Override
		public void onComplete(AsyncEvent event) {
		}

	}

}
