package dev.apm4j.export.skywalking;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServiceIdentityTests {

	@ParameterizedTest
	@CsvSource({ "shop, , , , shop", "shop, web, , , web::shop", "shop, , prod, , shop|prod|",
			"shop, , , east, shop||east", "shop, web, prod, east, web::shop|prod|east" })
	void namesAreThoseOfTheJavaAgent(String name, String group, String namespace, String cluster, String expected) {
		assertThat(ServiceIdentity.of(name, group, namespace, cluster, "shop-1", "GENERAL").service())
			.isEqualTo(expected);
	}

	@Test
	void groupAndNameAreCutButNotNamespaceAndCluster() {
		ServiceIdentity identity = ServiceIdentity.of("s".repeat(60), "web", "production", "east", "i".repeat(60),
				"GENERAL");
		assertThat(identity.service()).isEqualTo("web::" + "s".repeat(45) + "|production|east");
		assertThat(identity.instance()).isEqualTo("i".repeat(50));
	}

	@Test
	void whatNoReportCanCarryIsInNoReport() {
		ServiceIdentity identity = new ServiceIdentity("my\tshop\ud83d", "web\u0000\u2028one");
		assertThat(identity.service()).isEqualTo("my shop\ufffd");
		assertThat(identity.instance()).isEqualTo("web\ufffd one");
	}

}
