package dev.apm4j.sample.shop.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * What was asked for isn't there: status 404.
 */
public class NotFoundException extends ErrorResponseException {

	public NotFoundException(String what, long id) {
		super(HttpStatus.NOT_FOUND,
				ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "There is no %s %d.".formatted(what, id)), null);
	}

}
