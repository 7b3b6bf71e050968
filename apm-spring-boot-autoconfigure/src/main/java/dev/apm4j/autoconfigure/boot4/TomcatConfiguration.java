package dev.apm4j.autoconfigure.boot4;

import dev.apm4j.instrument.servlet.RequestEndValve;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets an embedded Tomcat report the end of requests.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
		name = { "org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory", "org.apache.catalina.Valve" })
public final class TomcatConfiguration {

	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> apmTomcatCustomizerForBoot4(RequestEndValve valve) {
		return (factory) -> factory.addContextCustomizers(valve::installWith);
	}

}
