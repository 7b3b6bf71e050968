package dev.apm4j.sample.shop.order;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an order whose services aren't there. Nothing listens on port 1.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "demo.traffic=false", "shop.services.base-url=http://127.0.0.1:1/" })
@ExtendWith(OutputCaptureExtension.class)
class UnreachableServicesTests {

	@LocalServerPort
	private int port;

	@Test
	void orderIsBadGatewayAndOneLineInTheLog(CapturedOutput output) {
		RestTestClient client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + this.port).build();
		client.get().uri("/orders/1").exchange().expectStatus().isEqualTo(HttpStatus.BAD_GATEWAY);
		assertThat(output).contains("A service failed").doesNotContain("\tat ");
		client.get().uri("/catalog/products/1").exchange().expectStatus().isOk();
	}

}
