package dev.apm4j.sample.shop.order;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * An order that is well-formed but can't be fulfilled.
 */
class OrderRejectedException extends ErrorResponseException {

	private OrderRejectedException(HttpStatus status, String detail) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
	}

	static OrderRejectedException unknown(String what, long id) {
		return new OrderRejectedException(HttpStatus.UNPROCESSABLE_CONTENT, "There is no %s %d.".formatted(what, id));
	}

	static OrderRejectedException outOfStock(long productId) {
		return new OrderRejectedException(HttpStatus.CONFLICT, "Product %d is out of stock.".formatted(productId));
	}

}
