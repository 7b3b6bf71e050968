package dev.apm4j.usage;

import java.util.List;

/**
 * The methods that count, as the scan found them.
 *
 * @param methods the methods, sorted by class, name and descriptor, each once
 * @param leftOut how many more there are than may count
 * @param unreadable class files that could not be read, and are neither listed nor
 * recorded
 */
record CodeBase(List<CodeBaseMethod> methods, int leftOut, int unreadable) {
}
