package com.example.data;

import java.util.Set;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An aggregate of Spring Data JDBC.
 *
 * @param id the key, {@code null} before it is stored
 * @param owner whose it is
 * @param items what is on it
 */
@Table
record Wishlist(@Id Long id, String owner, Set<WishlistItem> items) {

}
