/**
 * Code that runs before the recording starts.
 */
@NullMarked
package dev.apm4j.usage.woven.early;

import org.jspecify.annotations.NullMarked;
