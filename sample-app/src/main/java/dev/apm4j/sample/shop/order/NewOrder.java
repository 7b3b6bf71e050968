package dev.apm4j.sample.shop.order;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

record NewOrder(@Positive long customerId, @NotEmpty @Size(max = 20) List<@NotNull @Valid Item> items) {

	record Item(@Positive long productId, @Min(1) @Max(100) int quantity) {

	}

}
