package dev.apm4j.export.whatap;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes what the agent asks for, and the configuration, into a {@link Datagram}. Each
 * method returns whether the packet fitted, see {@link Datagram#end()}. These bodies have
 * no {@link TransactionHeader}. For one thread.
 */
final class ControlPackets {

	private final Datagram datagram;

	private final ConnectionText connections;

	ControlPackets(Datagram datagram, SecretName secretName) {
		this.datagram = datagram;
		this.connections = new ConnectionText(secretName);
	}

	/**
	 * The stack of a running transaction: three parts with a comma and a blank in
	 * between, which therefore may not be in the stack.
	 * @param request what the agent has sent
	 * @param txid the transaction
	 * @param stack as {@link CallStack} makes it
	 * @return whether it fitted
	 */
	boolean activeStack(long request, long txid, String stack) {
		WireWriter writer = this.datagram.begin(PacketType.ACTIVE_STACK);
		int text = writer.beginShortText();
		writer.appendNumber(request);
		writer.appendText(", ", 2);
		writer.appendNumber(txid);
		writer.appendText(", ", 2);
		writer.appendText(stack, TextLimits.TEXT, (character) -> (character == ',') ? ';' : character);
		writer.endShortText(text);
		return this.datagram.end();
	}

	/** How many running transactions are in which kind of step. */
	boolean activeStats(int method, int sql, int httpCall, int databaseConnection, int socket) {
		WireWriter writer = this.datagram.begin(PacketType.ACTIVE_STATS);
		int text = writer.beginShortText();
		writer.appendNumber(method);
		writer.appendText(",", 1);
		writer.appendNumber(sql);
		writer.appendText(",", 1);
		writer.appendNumber(httpCall);
		writer.appendText(",", 1);
		writer.appendNumber(databaseConnection);
		writer.appendText(",", 1);
		writer.appendNumber(socket);
		writer.endShortText(text);
		return this.datagram.end();
	}

	/** The connections of pools. */
	boolean databasePools(int pid, List<PoolConnections> pools) {
		WireWriter writer = this.datagram.begin(PacketType.DBCONN_POOL);
		int text = writer.beginShortText();
		String separator = "";
		for (PoolConnections pool : pools) {
			writer.appendText(separator, 1);
			writer.appendNumber(pid);
			writer.appendText("|", 1);
			writer.appendText(this.connections.mask(pool.url()), TextLimits.CONNECTION, ControlPackets::inList);
			writer.appendText("|", 1);
			writer.appendNumber(pool.active());
			writer.appendText("|", 1);
			writer.appendNumber(pool.idle());
			separator = ",";
		}
		writer.endShortText(text);
		return this.datagram.end();
	}

	/** The configuration, a line {@code key=value} each. */
	boolean configuration(Map<String, String> configuration) {
		WireWriter writer = this.datagram.begin(PacketType.CONFIG_INFO);
		int text = writer.beginShortText();
		for (Map.Entry<String, String> entry : configuration.entrySet()) {
			writer.appendText(entry.getKey(), TextLimits.ENTRY_KEY, WireWriter.Replacement.ON_ONE_LINE);
			writer.appendText("=", 1);
			writer.appendText(entry.getValue(), TextLimits.NAME, WireWriter.Replacement.ON_ONE_LINE);
			writer.appendText("\n", 1);
		}
		writer.endShortText(text);
		return this.datagram.end();
	}

	/** The answer to a question, for instance the modules or a transaction's detail. */
	boolean parameter(int id, long response, @Nullable String data) {
		WireWriter writer = this.datagram.begin(PacketType.TX_PARAM);
		writer.writeNumberText(id);
		writer.writeNumberText(response);
		writer.writeShortText(data, TextLimits.TEXT);
		return this.datagram.end();
	}

	private static int inList(int character) {
		return (character == ',' || character == '|') ? '_' : WireWriter.Replacement.ON_ONE_LINE.of(character);
	}

}
