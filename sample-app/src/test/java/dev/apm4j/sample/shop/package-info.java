/**
 * The shop as its visitors see it: every test talks to a running application over HTTP.
 * What is asserted is the shop's behaviour, not its traces.
 */
@NullMarked
package dev.apm4j.sample.shop;

import org.jspecify.annotations.NullMarked;
