package dev.apm4j.usage;

import java.util.Map;

/**
 * How much is recorded, in this JVM.
 *
 * @param methods methods of loaded classes that are recorded
 * @param uncertainMethods methods of them that may have been called before and weren't
 * since
 * @param tooLargeMethods methods that are too large to be recorded
 * @param unrecordedClasses classes that are not recorded, by reason
 */
public record RecordingFigures(int methods, int uncertainMethods, int tooLargeMethods,
		Map<UnrecordedReason, Integer> unrecordedClasses) {
}
