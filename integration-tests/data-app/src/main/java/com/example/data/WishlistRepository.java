package com.example.data;

import java.util.List;

import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

interface WishlistRepository extends ListCrudRepository<Wishlist, Long> {

	@Query("SELECT c.name FROM customers c WHERE c.city = :city ORDER BY c.id")
	List<String> customersOf(String city);

}
