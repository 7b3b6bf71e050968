/**
 * An application whose dead code is looked for. No other test may call it.
 */
@NullMarked
package dev.apm4j.autoconfigure.till;

import org.jspecify.annotations.NullMarked;
