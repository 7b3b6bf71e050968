package dev.apm4j.sample.shop.payment;

import org.springframework.stereotype.Component;

/**
 * Asks the payment providers whether the money has come.
 */
@Component
class PaymentGateway {

	String state(Payment payment) {
		return switch (payment.method()) {
			case "card" -> "CAPTURED";
			case "invoice" -> "OPEN";
			default -> throw new PaymentGatewayException(
					"no answer about the %s of order %d".formatted(payment.method(), payment.orderId()));
		};
	}

}
