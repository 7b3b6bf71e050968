/**
 * Sales figures by quarter. The report is slow: its query calls a stored function for
 * every row.
 */
@NullMarked
package dev.apm4j.sample.shop.report;

import org.jspecify.annotations.NullMarked;
