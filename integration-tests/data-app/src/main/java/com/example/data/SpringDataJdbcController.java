package com.example.data;

import java.util.List;
import java.util.Set;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/spring-data-jdbc")
class SpringDataJdbcController {

	private final WishlistRepository wishlists;

	SpringDataJdbcController(WishlistRepository wishlists) {
		this.wishlists = wishlists;
	}

	@GetMapping("/save")
	String save() {
		Set<WishlistItem> items = Set.of(new WishlistItem("zztea"), new WishlistItem("zzcup"),
				new WishlistItem("zzpot"));
		return String.valueOf(this.wishlists.save(new Wishlist(null, "zzowner", items)).id());
	}

	@GetMapping("/find")
	List<String> find(@RequestParam long id) {
		return this.wishlists.findById(id)
			.map(Wishlist::items)
			.orElseThrow()
			.stream()
			.map(WishlistItem::product)
			.sorted()
			.toList();
	}

	@GetMapping("/query")
	List<String> query() {
		return this.wishlists.customersOf("zzcity");
	}

}
