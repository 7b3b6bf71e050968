package dev.apm4j.instrument.servlet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.apm4j.trace.ApmSpan;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * An application with every kind of handler, answering with the id of its current span.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ ServletWebServerFactoryAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
		WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class, ErrorMvcAutoConfiguration.class })
@Import({ WebApplication.Handlers.class, WebApplication.HandledErrors.class, EndlessResponses.class })
class WebApplication {

	@Bean(destroyMethod = "shutdownNow")
	ExecutorService workers() {
		return Executors.newFixedThreadPool(4);
	}

	@Bean
	LeakDetector leakDetector(Tracer tracer) {
		return new LeakDetector(tracer);
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> leakDetection(LeakDetector detector) {
		return (factory) -> factory.addEngineValves(detector);
	}

	@Bean
	RouterFunction<ServerResponse> functions() {
		return RouterFunctions.route()
			.path("/functions",
					(builder) -> builder.GET("/{name}", (request) -> ServerResponse.ok().body(request.path())))
			.build();
	}

	/** Turns the anonymous away before any route is found, as a security filter does. */
	@Bean
	FilterRegistrationBean<HttpFilter> securityFilter() {
		FilterRegistrationBean<HttpFilter> registration = new FilterRegistrationBean<>(new HttpFilter() {
			@Override
			protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws IOException, ServletException {
				if (request.getRequestURI().startsWith("/secured")
						&& request.getDispatcherType() == DispatcherType.REQUEST) {
					response.sendError(401);
				}
				else if (request.getRequestURI().startsWith("/rewritten")) {
					request.getRequestDispatcher("/orders/9").forward(request, response);
				}
				else {
					chain.doFilter(request, response);
				}
			}
		});
		registration.setOrder(0);
		return registration;
	}

	@Bean
	ServletRegistrationBean<Servlet> legacy() {
		return servlet("/legacy/*", (request, response) -> response.getWriter().write("legacy"));
	}

	@Bean
	ServletRegistrationBean<Servlet> including() {
		return servlet("/including",
				(request, response) -> request.getRequestDispatcher("/orders/3").include(request, response));
	}

	@Bean
	ServletRegistrationBean<Servlet> failing() {
		return servlet("/failing", (request, response) -> {
			throw new ServletException("wrapper", new IllegalStateException("from the servlet"));
		});
	}

	@Bean
	ServletRegistrationBean<Servlet> failingLate() {
		return servlet("/failing-late", (request, response) -> {
			response.getWriter().write("begun");
			response.flushBuffer();
			throw new IllegalStateException("after the response was sent");
		});
	}

	/** Three asynchronous cycles, the last one completed without a dispatch. */
	@Bean
	ServletRegistrationBean<Servlet> cycles(ExecutorService workers) {
		return servlet("/cycles", (request, response) -> {
			int cycle = (request.getAttribute("cycle") instanceof Integer last) ? last + 1 : 1;
			request.setAttribute("cycle", cycle);
			AsyncContext async = request.startAsync();
			workers.execute(() -> {
				if (cycle < 3) {
					async.dispatch();
				}
				else {
					response.setStatus(202);
					async.complete();
				}
			});
		});
	}

	@Bean
	ServletRegistrationBean<Servlet> forgotten() {
		return servlet("/forgotten", (request, response) -> request.startAsync().setTimeout(1));
	}

	@Bean
	ServletRegistrationBean<Servlet> upgrading() {
		return servlet("/upgrading", (request, response) -> {
			response.setHeader("Upgrade", "test");
			response.setHeader("Connection", "Upgrade");
			response.setStatus(101);
			request.upgrade(Upgraded.class);
		});
	}

	static ServletRegistrationBean<Servlet> servlet(String path, Handler handler) {
		ServletRegistrationBean<Servlet> registration = new ServletRegistrationBean<>(new HttpServlet() {
			@Override
			protected void service(HttpServletRequest request, HttpServletResponse response)
					throws ServletException, IOException {
				handler.handle(request, response);
			}
		}, path);
		registration.setName(path);
		return registration;
	}

	interface Handler {

		void handle(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;

	}

	public static class Upgraded implements HttpUpgradeHandler {

		@Override
		public void init(WebConnection connection) {
			try {
				connection.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
				connection.getOutputStream().flush();
			}
			catch (IOException ex) {
				// The client has seen enough.
			}
		}

		@Override
		public void destroy() {
		}

	}

	/** Sees container threads before the container works on them and after that. */
	static class LeakDetector extends ValveBase {

		final AtomicInteger leaks = new AtomicInteger();

		private final Tracer tracer;

		LeakDetector(Tracer tracer) {
			super(true);
			this.tracer = tracer;
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			check();
			try {
				getNext().invoke(request, response);
			}
			finally {
				check();
			}
		}

		private void check() {
			if (this.tracer.currentSpan() != null) {
				this.leaks.incrementAndGet();
			}
		}

	}

	@RestController
	static class Handlers {

		private final Tracer tracer;

		private final ExecutorService workers;

		Handlers(Tracer tracer, ExecutorService workers) {
			this.tracer = tracer;
			this.workers = workers;
		}

		private String current() {
			return (this.tracer.currentSpan() != null) ? this.tracer.currentSpan().context().spanId() : "none";
		}

		@RequestMapping("/orders/{id}")
		String order(@PathVariable String id) {
			return current();
		}

		@GetMapping("/static/{name}")
		String named(@PathVariable String name) {
			return current();
		}

		@GetMapping("/fails")
		String fails() {
			throw new IllegalStateException("secret of the handler");
		}

		@GetMapping("/unavailable")
		String unavailable() {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
		}

		@GetMapping("/gone")
		String gone() {
			throw new ResponseStatusException(HttpStatus.GONE);
		}

		@GetMapping("/teapot")
		void teapot(HttpServletResponse response) throws IOException {
			response.sendError(418);
		}

		@GetMapping("/forwarding/{id}")
		ModelAndView forwarding(@PathVariable String id) {
			return new ModelAndView("forward:/orders/" + id);
		}

		@GetMapping("/callable")
		Callable<String> callable() {
			return () -> "done";
		}

		@GetMapping("/deferred/{id}")
		DeferredResult<String> deferred(@PathVariable String id) {
			DeferredResult<String> result = new DeferredResult<>(30_000L);
			this.workers.execute(() -> result.setResult(id));
			return result;
		}

		@GetMapping("/deferred-error")
		DeferredResult<String> deferredError() {
			DeferredResult<String> result = new DeferredResult<>(30_000L);
			this.workers.execute(() -> result.setErrorResult(new IllegalStateException("later")));
			return result;
		}

		@GetMapping("/future")
		CompletableFuture<String> future() {
			return CompletableFuture.supplyAsync(() -> "done", this.workers);
		}

		@GetMapping("/timeout")
		DeferredResult<String> timeout() {
			return new DeferredResult<>(1L);
		}

		@GetMapping("/long-poll")
		DeferredResult<String> longPoll() {
			return new DeferredResult<>(1L, "nothing new");
		}

		@GetMapping("/streamed")
		StreamingResponseBody streamed() {
			return (out) -> out.write("streamed".getBytes(StandardCharsets.US_ASCII));
		}

		@GetMapping("/streamed-endlessly")
		StreamingResponseBody streamedEndlessly() {
			return EndlessResponses::writeForever;
		}

		@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		SseEmitter events() {
			SseEmitter emitter = new SseEmitter();
			emit(emitter, null);
			return emitter;
		}

		@GetMapping("/emitted")
		ResponseBodyEmitter emitted() {
			ResponseBodyEmitter emitter = new ResponseBodyEmitter();
			emit(emitter, new IllegalStateException("half way"));
			return emitter;
		}

		private void emit(ResponseBodyEmitter emitter, Throwable end) {
			this.workers.execute(() -> {
				try {
					emitter.send("one");
					emitter.send("two");
					if (end != null) {
						emitter.completeWithError(end);
					}
					else {
						emitter.complete();
					}
				}
				catch (IOException ex) {
					emitter.completeWithError(ex);
				}
			});
		}

		@GetMapping("/named/{id}")
		String nameInTheHandler() {
			Span current = this.tracer.currentSpan();
			return (current instanceof ApmSpan span) ? span.name() : "";
		}

		@GetMapping("/renamed")
		String renamed() {
			this.tracer.currentSpan().name("checkout");
			return current();
		}

	}

	@RestController
	static class HandledErrors {

		@GetMapping("/handled")
		String handled() {
			throw new UnsupportedOperationException("handled");
		}

		@ExceptionHandler
		ResponseEntity<String> onError(UnsupportedOperationException ex) {
			return ResponseEntity.internalServerError().body("sorry");
		}

	}

}
