package dev.apm4j.export.whatap;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes the packets of transactions into a {@link Datagram}. Each method returns whether
 * the packet fitted, see {@link Datagram#end()}; texts are cut to {@link TextLimits}.
 * Field orders are those of golib's {@code lang/pack/udp} for versions from 20000. Times
 * and ids are in the {@link TransactionHeader}. For one thread.
 */
final class TransactionPackets {

	private static final String HTTP_HEADERS = "HTTP-HEADERS";

	private final Datagram datagram;

	private final SecretName secretName;

	private final ConnectionText connections;

	/**
	 * Creates a writer.
	 * @param datagram what takes the packets
	 * @param secretName the names whose values are masked
	 */
	TransactionPackets(Datagram datagram, SecretName secretName) {
		this.datagram = datagram;
		this.secretName = secretName;
		this.connections = new ConnectionText(secretName);
	}

	/** The beginning of a transaction. Without it the agent drops all that follows. */
	boolean start(TransactionHeader header, RequestStart request) {
		WireWriter writer = begin(PacketType.TX_START, header);
		writeRequest(writer, request);
		writer.writeShortText(request.httpMethod(), TextLimits.WORD);
		return this.datagram.end();
	}

	/**
	 * The end of a transaction.
	 * @param header with the time of the end
	 * @param host as at the start
	 * @param uri the name as it is known now; agents that were read keep that of the
	 * start
	 * @param caller where it comes from
	 * @param status the HTTP status, 0 if it is no request
	 * @return whether it fitted
	 */
	boolean end(TransactionHeader header, @Nullable String host, @Nullable String uri, Caller caller, int status) {
		WireWriter writer = begin(PacketType.TX_END, header);
		writer.writeShortText(host, TextLimits.NAME);
		writer.writeShortText(uri, TextLimits.NAME);
		writeCaller(writer, caller);
		writer.writeNumberText(status);
		if (this.datagram.version() == WireVersion.V20106) {
			// Whether it called a language model, which only the Python agent knows.
			writer.writeNumberText(0);
			writer.writeNumberText(caller.stepId());
		}
		return this.datagram.end();
	}

	/**
	 * A transaction without steps, all at once when it has ended: for what runs longer
	 * than the agent waits for an end ({@code trace_active_transaction_lost_time}).
	 */
	boolean startAndEnd(TransactionHeader header, RequestStart request, Caller caller) {
		WireWriter writer = begin(PacketType.TX_START_END, header);
		writeRequest(writer, request);
		writeCaller(writer, caller);
		return this.datagram.end();
	}

	/** Getting a connection to a database. */
	boolean databaseConnection(TransactionHeader header, @Nullable String connection) {
		WireWriter writer = begin(PacketType.TX_DB_CONN, header);
		writer.writeShortText(this.connections.mask(connection), TextLimits.CONNECTION);
		return this.datagram.end();
	}

	/** A statement. If it has failed, {@link #error} comes before it. */
	boolean sql(TransactionHeader header, @Nullable String connection, @Nullable String sql, long fetchedRows) {
		WireWriter writer = begin(PacketType.TX_SQL, header);
		writer.writeShortText(this.connections.mask(connection), TextLimits.CONNECTION);
		writer.writeShortText(sql, TextLimits.TEXT);
		writer.writeNumberText(fetchedRows);
		return this.datagram.end();
	}

	/** A statement with its parameters; all versions have an error here. */
	boolean sqlWithParameters(TransactionHeader header, @Nullable String connection, @Nullable String sql,
			@Nullable String parameters, @Nullable String errorType, @Nullable String errorMessage,
			@Nullable String stack) {
		WireWriter writer = begin(PacketType.TX_SQL_PARAM, header);
		writer.writeShortText(this.connections.mask(connection), TextLimits.CONNECTION);
		writer.writeShortText(sql, TextLimits.TEXT);
		writer.writeShortText(parameters, TextLimits.SQL_PARAMETERS);
		writer.writeShortText(errorType, TextLimits.ERROR_OF_PARAMETERS);
		writer.writeShortText(errorMessage, TextLimits.ERROR_OF_PARAMETERS);
		writer.writeShortText(stack, TextLimits.ERROR_OF_PARAMETERS);
		return this.datagram.end();
	}

	/**
	 * A call of another server. If it has failed, {@link #error} comes before it.
	 * @param header with the call's time
	 * @param url the URL; only scheme, host, port and path are sent
	 * @param stepId the id that the callee was told, or 0
	 * @param driver the client's name
	 * @return whether it fitted
	 */
	boolean httpCall(TransactionHeader header, @Nullable String url, long stepId, @Nullable String driver) {
		WireWriter writer = begin(PacketType.TX_HTTPC, header);
		writer.writeShortText(WireUrl.of(url), TextLimits.TEXT);
		writer.writeNumberText(stepId);
		if (this.datagram.version() == WireVersion.V20106) {
			writer.writeShortText(driver, TextLimits.WORD);
		}
		return this.datagram.end();
	}

	/** The start of a call; agents read it and do nothing with it so far. */
	boolean httpCallStart(TransactionHeader header, @Nullable String url) {
		WireWriter writer = begin(PacketType.TX_HTTPC_START, header);
		writer.writeShortText(WireUrl.of(url), TextLimits.TEXT);
		return this.datagram.end();
	}

	/**
	 * A failure: of the step that is written next, if that is SQL or a call, and of the
	 * transaction.
	 * @param header with the time
	 * @param type the class
	 * @param message its message
	 * @param stack as {@link CallStack} makes it
	 * @return whether it fitted
	 */
	boolean error(TransactionHeader header, @Nullable String type, @Nullable String message, @Nullable String stack) {
		WireWriter writer = begin(PacketType.TX_ERROR, header);
		writer.writeShortText(type, TextLimits.ERROR);
		writer.writeShortText(message, TextLimits.ERROR);
		writer.writeShortText(stack, TextLimits.TEXT);
		return this.datagram.end();
	}

	/** A message; what isn't a number in {@code value} counts as 0 there. */
	boolean message(TransactionHeader header, @Nullable String title, @Nullable String value, @Nullable String text) {
		WireWriter writer = begin(PacketType.TX_MSG, header);
		writer.writeShortText(title, TextLimits.NAME);
		writer.writeShortText(value, TextLimits.NAME);
		writer.writeShortText(text, TextLimits.TEXT);
		return this.datagram.end();
	}

	/** The headers of a request, secrets masked. */
	boolean httpHeaders(TransactionHeader header, Map<String, String> headers) {
		WireWriter writer = begin(PacketType.TX_MSG, header);
		writer.writeShortText(HTTP_HEADERS, TextLimits.NAME);
		writer.writeShortText(HTTP_HEADERS, TextLimits.NAME);
		writeEntries(writer, headers);
		return this.datagram.end();
	}

	/** Parameters, which the agent encrypts on its way further; secrets masked. */
	boolean secureMessage(TransactionHeader header, @Nullable String title, @Nullable String value,
			Map<String, String> parameters) {
		WireWriter writer = begin(PacketType.TX_SECURE_MSG, header);
		writer.writeShortText(title, TextLimits.NAME);
		writer.writeShortText(value, TextLimits.NAME);
		writeEntries(writer, parameters);
		return this.datagram.end();
	}

	/** A method; the agent appends the parentheses if there are none. */
	boolean method(TransactionHeader header, @Nullable String method, @Nullable String stack) {
		WireWriter writer = begin(PacketType.TX_METHOD, header);
		writer.writeShortText(method, TextLimits.NAME);
		writer.writeShortText(stack, TextLimits.TEXT);
		return this.datagram.end();
	}

	/** A call over a web socket. */
	boolean webSocket(TransactionHeader header, @Nullable String address, int port, long elapsedMillis, long error) {
		WireWriter writer = begin(PacketType.TX_WEB_SOCKET, header);
		writer.writeShortText(RemoteAddress.ipv4(address), TextLimits.WORD);
		writer.writeNumberText(port);
		writer.writeNumberText(elapsedMillis);
		writer.writeNumberText(error);
		return this.datagram.end();
	}

	/** The stack of a running transaction, in the newer form. */
	boolean activeStack(TransactionHeader header, @Nullable String stack) {
		WireWriter writer = begin(PacketType.ACTIVE_STACK_1, header);
		writer.writeShortText(stack, TextLimits.TEXT);
		return this.datagram.end();
	}

	private WireWriter begin(PacketType type, TransactionHeader header) {
		WireWriter writer = this.datagram.begin(type);
		header.writeTo(writer);
		return writer;
	}

	private static void writeRequest(WireWriter writer, RequestStart request) {
		writer.writeShortText(request.host(), TextLimits.NAME);
		writer.writeShortText(request.uri(), TextLimits.NAME);
		writer.writeShortText(RemoteAddress.ipv4(request.remoteAddress()), TextLimits.WORD);
		writer.writeShortText(request.userAgent(), TextLimits.NAME);
		writer.writeShortText(WireUrl.of(request.referer()), TextLimits.NAME);
		writer.writeShortText(request.clientId(), TextLimits.NAME);
		writer.writeShortText(request.staticContent(), TextLimits.WORD);
	}

	private static void writeCaller(WireWriter writer, Caller caller) {
		writer.writeNumberText(caller.mtid());
		writer.writeNumberText(caller.depth());
		writer.writeNumberText(caller.txid());
		writer.writeNumberText(caller.projectCode());
		writer.writeShortText(caller.spec(), TextLimits.WORD);
		writer.writeNumberText(caller.urlHash());
		writer.writeShortText(caller.poid(), TextLimits.WORD);
	}

	private void writeEntries(WireWriter writer, Map<String, String> entries) {
		int text = writer.beginShortText();
		int count = 0;
		for (Map.Entry<String, String> entry : entries.entrySet()) {
			if (count++ == TextLimits.ENTRIES) {
				break;
			}
			String key = entry.getKey();
			writer.appendText(key, TextLimits.ENTRY_KEY, WireWriter.Replacement.ON_ONE_LINE);
			writer.appendText("=", 1);
			boolean secret = this.secretName.matches(key, 0, key.length());
			writer.appendText(secret ? String.valueOf(SecretName.MASK) : entry.getValue(), TextLimits.ENTRY_VALUE,
					WireWriter.Replacement.ON_ONE_LINE);
			writer.appendText("\n", 1);
		}
		writer.endShortText(text);
	}

}
