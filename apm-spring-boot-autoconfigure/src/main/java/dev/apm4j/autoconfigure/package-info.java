/**
 * Everything of Spring Boot: properties, auto-configurations, the actuator endpoint,
 * health and conditions. Each instrumentation and each backend has one auto-configuration
 * here, and only here.
 */
@NullMarked
package dev.apm4j.autoconfigure;

import org.jspecify.annotations.NullMarked;
