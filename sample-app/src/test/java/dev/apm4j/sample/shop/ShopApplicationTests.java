package dev.apm4j.sample.shop;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the shop.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "demo.traffic=false")
class ShopApplicationTests {

	@LocalServerPort
	private int port;

	private RestTestClient client;

	@BeforeEach
	void createClient() {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + this.port).build();
	}

	@Test
	void orderIsPutTogetherFromAllServices() {
		get("/orders/3").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.customer")
			.isEqualTo("Customer Three")
			.jsonPath("$.lines.length()")
			.isEqualTo(3)
			.jsonPath("$.lines[0].product")
			.isEqualTo("Tea cup, white")
			.jsonPath("$.lines[0].inStock")
			.isNumber()
			.jsonPath("$.total")
			.isEqualTo(102.3)
			.jsonPath("$.shipping.carrier")
			.isEqualTo("World Parcel");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/orders/9999", "/catalog/products/9999", "/stock/9999", "/shipping/quotes/9999",
			"/payments/9999", "/customers/9999/orders" })
	void unknownIdIsNotFound(String path) {
		problem(get(path), HttpStatus.NOT_FOUND).jsonPath("$.detail")
			.value(String.class, (detail) -> assertThat(detail).startsWith("There is no ").contains("9999"));
	}

	@Test
	void latestOrdersComeFirst() {
		get("/orders?limit=2").expectStatus()
			.isOk()
			.expectBody(new ParameterizedTypeReference<List<Map<String, Object>>>() {
			})
			.value((orders) -> {
				assertThat(orders).hasSize(2);
				assertThat((Integer) orders.get(0).get("id")).isGreaterThan((Integer) orders.get(1).get("id"));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "/orders?limit=0", "/orders?limit=101", "/orders/first", "/catalog/search?q=" })
	void invalidParameterIsBadRequest(String path) {
		problem(get(path), HttpStatus.BAD_REQUEST);
	}

	@Test
	void placedOrderTakesFromStock() {
		int before = stock(6);
		RestTestClient.ResponseSpec response = post(
				"{'customerId': 1, 'items': [{'productId': 6, 'quantity': 2}, {'productId': 6, 'quantity': 1}]}");
		String location = response.expectStatus()
			.isCreated()
			.returnResult(String.class)
			.getResponseHeaders()
			.getFirst("Location");
		assertThat(stock(6)).isEqualTo(before - 3);
		assertThat(location).startsWith("http://127.0.0.1:" + this.port + "/orders/");
		RestTestClient.bindToServer()
			.baseUrl(location)
			.build()
			.get()
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.lines.length()")
			.isEqualTo(1)
			.jsonPath("$.lines[0].quantity")
			.isEqualTo(3);
	}

	@Test
	void orderThatCannotBeFulfilledTakesNothing() {
		int before = stock(4);
		problem(post(
				"{'customerId': 1, 'items': [{'productId': 4, 'quantity': 1}, {'productId': 9999, 'quantity': 1}]}"),
				HttpStatus.UNPROCESSABLE_CONTENT);
		assertThat(stock(4)).isEqualTo(before);
	}

	@Test
	void orderOfMoreThanThereIsIsConflict() {
		problem(post("{'customerId': 1, 'items': [{'productId': 3, 'quantity': 100}]}"), HttpStatus.CONFLICT);
	}

	@Test
	void orderOfUnknownCustomerIsRejected() {
		problem(post("{'customerId': 9999, 'items': [{'productId': 4, 'quantity': 1}]}"),
				HttpStatus.UNPROCESSABLE_CONTENT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'customerId': 1, 'items': []}", "{'customerId': 1, 'items': [null]}",
			"{'customerId': 0, 'items': [{'productId': 4, 'quantity': 1}]}",
			"{'customerId': 1, 'items': [{'productId': 4, 'quantity': 0}]}",
			"{'customerId': 1, 'items': [{'productId': 4, 'quantity': 101}]}", "{'customerId': 1}", "{}", "{", "" })
	void invalidOrderIsBadRequest(String order) {
		problem(post(order), HttpStatus.BAD_REQUEST);
	}

	@Test
	void paymentByBankTransferFails() {
		problem(get("/payments/5"), HttpStatus.INTERNAL_SERVER_ERROR);
	}

	@ParameterizedTest
	@CsvSource({ "1, invoice, OPEN", "2, card, CAPTURED" })
	void otherPaymentsAreKnown(long orderId, String method, String state) {
		get("/payments/" + orderId).expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.method")
			.isEqualTo(method)
			.jsonPath("$.state")
			.isEqualTo(state);
	}

	@Test
	void priceListIsImported() {
		assertThat(export()).contains("\"LMP-003\",\"Desk lamp\",\"living\",44.90")
			.as("a product that was there before has the new price")
			.contains("\"TEA-001\",\"Green tea 100 g\",\"tea\",8.20")
			.as("a product that is not on the list stays")
			.contains("\"TEA-002\",\"Black tea, 100 g\",\"tea\",6.50");
		assertThat(stock(36)).as("imported products are in stock").isPositive();
	}

	@Test
	void searchFindsNamesAndCategoriesInAnyCase() {
		get("/catalog/search?q=LAMP").expectStatus()
			.isOk()
			.expectBody(new ParameterizedTypeReference<List<Map<String, Object>>>() {
			})
			.value((products) -> assertThat(products).extracting((product) -> product.get("name"))
				.containsExactly("Desk lamp", "Garden lamp", "Paper lamp", "Reading lamp"));
	}

	@Test
	void ordersOfCustomerNameTheProducts() {
		get("/customers/3/orders").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.customer")
			.isEqualTo("Customer Three")
			.jsonPath("$.orders.length()")
			.isEqualTo(5)
			.jsonPath("$.orders[4].purchases[*].product")
			.isEqualTo(List.of("Tea cup, white", "Paper lamp", "Seed box"));
	}

	@Test
	void salesReportHasFourQuarters() {
		get("/reports/sales").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$[*].quarter")
			.isEqualTo(List.of(1, 2, 3, 4))
			.jsonPath("$[*].orders")
			.isEqualTo(List.of(10, 10, 10, 10));
	}

	@Test
	void indexPageLinksToTheTraces() {
		get("/").expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((page) -> assertThat(page).contains("href=\"orders/1\"", "href=\"apm\"", "href=\"actuator/apm\""));
	}

	private RestTestClient.ResponseSpec get(String path) {
		return this.client.get().uri(path).exchange();
	}

	private RestTestClient.ResponseSpec post(String order) {
		return this.client.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(order.replace('\'', '"'))
			.exchange();
	}

	private RestTestClient.BodyContentSpec problem(RestTestClient.ResponseSpec response, HttpStatus status) {
		return response.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status.value());
	}

	private int stock(long productId) {
		Map<String, Integer> level = get("/stock/" + productId)
			.expectBody(new ParameterizedTypeReference<Map<String, Integer>>() {
			})
			.returnResult()
			.getResponseBody();
		assertThat(level).isNotNull();
		return level.get("quantity");
	}

	private String export() {
		String csv = get("/catalog/export").expectHeader()
			.contentType("text/csv;charset=UTF-8")
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(csv).isNotNull();
		return csv;
	}

}
