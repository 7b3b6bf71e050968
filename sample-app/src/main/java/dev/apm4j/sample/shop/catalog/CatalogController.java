package dev.apm4j.sample.shop.catalog;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.apm4j.sample.shop.web.NotFoundException;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

@RestController
@RequestMapping("/catalog")
class CatalogController {

	private final ProductRepository products;

	private final CatalogSearch search;

	CatalogController(ProductRepository products, CatalogSearch search) {
		this.products = products;
		this.search = search;
	}

	@GetMapping("/products")
	List<Product> products() {
		return this.products.findAll();
	}

	@GetMapping("/products/{id}")
	Product product(@PathVariable long id) {
		return this.products.findById(id).orElseThrow(() -> new NotFoundException("product", id));
	}

	@GetMapping("/search")
	CompletableFuture<List<Product>> search(@RequestParam @NotBlank @Size(max = 50) String q) {
		return this.search.search(q);
	}

	@GetMapping("/export")
	ResponseEntity<StreamingResponseBody> export() {
		return ResponseEntity.ok()
			.contentType(new MediaType("text", "csv", StandardCharsets.UTF_8))
			.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"products.csv\"")
			.body(this::writeCsv);
	}

	private void writeCsv(OutputStream out) throws IOException {
		Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
		writer.write("sku,name,category,price\n");
		try (Stream<Product> rows = this.products.streamAll()) {
			for (Iterator<Product> products = rows.iterator(); products.hasNext();) {
				Product product = products.next();
				writer.write("%s,%s,%s,%s\n".formatted(quote(product.sku()), quote(product.name()),
						quote(product.category()), product.price()));
			}
		}
		writer.flush();
	}

	private static String quote(String value) {
		return '"' + value.replace("\"", "\"\"") + '"';
	}

}
