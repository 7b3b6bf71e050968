package dev.apm4j.sample.shop.payment;

/**
 * A payment provider can't be asked.
 */
class PaymentGatewayException extends RuntimeException {

	PaymentGatewayException(String message) {
		super(message);
	}

}
