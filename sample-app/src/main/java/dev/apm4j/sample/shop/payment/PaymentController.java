package dev.apm4j.sample.shop.payment;

import java.math.BigDecimal;

import dev.apm4j.sample.shop.web.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PaymentController {

	private static final Logger logger = LoggerFactory.getLogger(PaymentController.class);

	private final JdbcClient jdbc;

	private final PaymentGateway gateway;

	PaymentController(JdbcClient jdbc, PaymentGateway gateway) {
		this.jdbc = jdbc;
		this.gateway = gateway;
	}

	@GetMapping("/payments/{orderId}")
	PaymentState payment(@PathVariable long orderId) {
		Payment payment = this.jdbc.sql("""
				SELECT o.id AS order_id, o.payment_method AS method, SUM(i.quantity * i.unit_price) AS amount
				FROM orders o
				JOIN order_items i ON i.order_id = o.id
				WHERE o.id = :orderId
				GROUP BY o.id, o.payment_method""")
			.param("orderId", orderId)
			.query(Payment.class)
			.optional()
			.orElseThrow(() -> new NotFoundException("order", orderId));
		return new PaymentState(orderId, payment.method(), payment.amount(), this.gateway.state(payment));
	}

	@ExceptionHandler
	ProblemDetail failed(PaymentGatewayException ex) {
		logger.warn("Payment failed: {}", ex.getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, ex.getMessage());
	}

	record PaymentState(long orderId, String method, BigDecimal amount, String state) {

	}

}
