/**
 * What it costs to send an order to its customer. The price follows from the weight of
 * the parcel and the country.
 */
@NullMarked
package dev.apm4j.sample.shop.shipping;

import org.jspecify.annotations.NullMarked;
