package dev.apm4j.export.whatap;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import dev.apm4j.instrument.SecretNames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Packets are written straight into the buffer: a transaction costs no garbage.
 */
class PacketAllocationTests {

	private static final int ROUNDS = 1000;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Datagram datagram = new Datagram(WireVersion.V20106);

	private final TransactionPackets packets = new TransactionPackets(this.datagram, SecretNames.STANDARD::contains);

	private final RelayPackets relay = new RelayPackets(this.datagram, new RelayPackets.Origin(31337, 0, 0, 0));

	private final ControlPackets control = new ControlPackets(this.datagram, SecretNames.STANDARD::contains);

	private final TransactionHeader header = new TransactionHeader(4242);

	private final RequestStart request = new RequestStart("shop", "/orders/\uac00", "10.0.0.7", "curl/8.5.0",
			"http://shop/", "42", RequestStart.NOT_STATIC, "GET");

	private final Caller caller = new Caller(-5, 1, 77, 31337, "1.0", -4711, "xuj9,0,x1", 99);

	private final MapContent tags = (map) -> map.put("@txid", "77");

	@Test
	void transactionAndLogLineAllocateNothing() {
		long least = Long.MAX_VALUE;
		// The least of several tries, as the VM's own work may be counted in any one.
		for (int attempt = 0; attempt < 20; attempt++) {
			long before = this.threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < ROUNDS; i++) {
				transaction(i);
			}
			least = Math.min(least, (this.threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS);
		}
		assertThat(least).isZero();
		assertThat(DatagramReader.read(this.datagram.bytes())).hasSize(8);
	}

	private void transaction(int number) {
		this.datagram.clear();
		this.header.of(number, 7).at(1_700_000_000_000L + number, 0);
		this.packets.start(this.header, this.request);
		this.packets.databaseConnection(this.header, "jdbc:mysql://kim:secret@db/shop?useSSL=false");
		this.packets.sql(this.header, "jdbc:mysql://kim:secret@db/shop?useSSL=false",
				"select * from orders where id = ?", number);
		this.packets.httpCall(this.header, "http://stock:8080/items/7", number, "RestClient");
		this.packets.message(this.header, " ", " ", "Fetch count");
		this.relay.logSink(1_700_000_000_000L, "AppLog", this.tags, number, "INFO  \uc8fc\ubb38", null);
		this.control.activeStats(1, 2, 3, 4, number);
		this.packets.end(this.header, "shop", "/orders/{id}", this.caller, 200);
	}

}
