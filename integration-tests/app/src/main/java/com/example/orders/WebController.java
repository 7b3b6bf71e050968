package com.example.orders;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.micrometer.context.ContextSnapshotFactory;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * The ways in which Spring MVC answers a request.
 */
@RestController
class WebController {

	@GetMapping("/slow")
	String slow() throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(300);
		return "slow";
	}

	@GetMapping("/fail")
	String fail() {
		throw new IllegalStateException("Out of stock");
	}

	@GetMapping("/fail-handled")
	String failHandled() {
		throw new UnsupportedOperationException("Not in this shop");
	}

	@ExceptionHandler
	ResponseEntity<String> handle(UnsupportedOperationException ex) {
		return ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR).body("handled");
	}

	@GetMapping("/thread")
	String thread() {
		return Thread.currentThread().toString();
	}

	@GetMapping("/async")
	Callable<String> async() {
		return () -> "async";
	}

	@GetMapping("/async/slow")
	Callable<String> slowAsync() {
		return ContextSnapshotFactory.builder().build().captureAll().wrap(this::slow);
	}

	@GetMapping("/deferred")
	DeferredResult<String> deferred() {
		DeferredResult<String> result = new DeferredResult<>(5000L);
		CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> result.setResult("deferred"));
		return result;
	}

	@GetMapping("/stream")
	ResponseEntity<StreamingResponseBody> stream() {
		return ResponseEntity.ok((out) -> {
			for (int i = 0; i < 5; i++) {
				out.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
				out.flush();
			}
		});
	}

	@GetMapping("/forward")
	void forward(HttpServletRequest request, HttpServletResponse response) throws Exception {
		try {
			request.getRequestDispatcher("/products/7").forward(request, response);
		}
		catch (ServletException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
