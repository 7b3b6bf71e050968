package dev.apm4j.sample.shop.web;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the services of the shop are found.
 *
 * @param baseUrl the URL in front of every path; this application itself if not set
 */
@ConfigurationProperties("shop.services")
record ServicesProperties(@Nullable URI baseUrl) {

}
