package dev.apm4j.sample.shop.web;

import java.util.concurrent.RejectedExecutionException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.RestClientException;
import org.springframework.web.reactive.function.client.WebClientException;

/**
 * Failures the shop must live with: one line in the log, not a stack trace.
 */
@RestControllerAdvice
class ErrorHandler {

	private static final Logger logger = LoggerFactory.getLogger(ErrorHandler.class);

	@ExceptionHandler({ RestClientException.class, WebClientException.class })
	ProblemDetail serviceFailed(Exception ex) {
		logger.warn("A service failed: {}", ex.getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_GATEWAY, "A service of the shop failed.");
	}

	@ExceptionHandler
	ProblemDetail busy(RejectedExecutionException ex) {
		logger.debug("Too busy: {}", ex.getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "The shop is too busy.");
	}

}
