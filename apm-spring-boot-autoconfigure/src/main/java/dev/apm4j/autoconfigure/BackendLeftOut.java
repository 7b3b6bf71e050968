package dev.apm4j.autoconfigure;

/**
 * A backend that was chosen and is left out all the same, on purpose.
 *
 * @param name its name
 * @param reason why, for the log and the actuator endpoint
 */
record BackendLeftOut(String name, String reason) {
}
