package dev.apm4j.sample.shop.web;

import java.net.InetAddress;
import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The address under which the services are called. They all live in this application, so
 * by default it is known only when the web server has got its port.
 */
@Component
public class ServiceAddress {

	private final ServerProperties server;

	private volatile @Nullable String baseUrl;

	ServiceAddress(ServicesProperties services, ServerProperties server) {
		this.server = server;
		URI configured = services.baseUrl();
		this.baseUrl = (configured != null) ? StringUtils.trimTrailingCharacter(configured.toString(), '/') : null;
	}

	/**
	 * Return the URL of a path.
	 * @param path the path, which may be a template, with a leading slash
	 * @return the complete URL
	 * @throws IllegalStateException if the web server hasn't started yet
	 */
	public String url(String path) {
		String baseUrl = this.baseUrl;
		Assert.state(baseUrl != null, "The web server hasn't started yet");
		return baseUrl + path;
	}

	@EventListener
	void onServerStarted(WebServerInitializedEvent event) {
		boolean management = event.getApplicationContext().getServerNamespace() != null;
		if (this.baseUrl == null && !management) {
			this.baseUrl = UriComponentsBuilder.newInstance()
				.scheme("http")
				.host(host())
				.port(event.getWebServer().getPort())
				.replacePath(this.server.getServlet().getContextPath())
				.toUriString();
		}
	}

	private String host() {
		InetAddress address = this.server.getAddress();
		return (address == null || address.isAnyLocalAddress()) ? "127.0.0.1" : address.getHostAddress();
	}

}
