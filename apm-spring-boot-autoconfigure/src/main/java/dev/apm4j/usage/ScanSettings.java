package dev.apm4j.usage;

import java.nio.file.Path;
import java.util.List;

/**
 * Which methods count. Means what the keys of Scavenger's Java agent mean.
 *
 * @param codeBase directories, jars and wars to scan; empty for where the application's
 * classes come from
 * @param packages packages whose classes count, with those below; not empty
 * @param excludePackages packages of them that don't
 * @param additionalPackages packages whose classes count without the annotations
 * @param annotations binary names of annotations; if there are any, only classes that
 * bear one count
 * @param excludeByRegex patterns for binary names of classes that don't count; a pattern
 * matches the name as a whole
 * @param additionalByRegex patterns for binary names of classes that count without the
 * annotations, likewise
 * @param visibility the least visible methods that count
 * @param excludeConstructors whether constructors don't count
 * @param excludeGettersAndSetters whether getters and setters don't count
 * @param maxMethods how many methods may count; what is beyond is left out and said
 */
public record ScanSettings(List<Path> codeBase, List<String> packages, List<String> excludePackages,
		List<String> additionalPackages, List<String> annotations, List<String> excludeByRegex,
		List<String> additionalByRegex, Visibility visibility, boolean excludeConstructors,
		boolean excludeGettersAndSetters, int maxMethods) {
}
