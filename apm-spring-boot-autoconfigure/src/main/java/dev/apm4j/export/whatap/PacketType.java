package dev.apm4j.export.whatap;

/**
 * The packets that are written, with golib's numbers for them.
 */
enum PacketType {

	TX_START(1, true, true),

	TX_DB_CONN(2, true, false),

	TX_SQL(4, true, false),

	TX_HTTPC(7, true, false),

	TX_HTTPC_START(8, true, false),

	TX_ERROR(10, true, false),

	TX_MSG(11, true, false),

	TX_METHOD(12, true, false),

	TX_SECURE_MSG(13, true, false),

	TX_SQL_PARAM(14, true, false),

	TX_WEB_SOCKET(16, true, false),

	TX_PARAM(30, false, false),

	ACTIVE_STACK_1(39, true, false),

	ACTIVE_STACK(40, false, false),

	ACTIVE_STATS(41, false, false),

	DBCONN_POOL(42, false, false),

	CONFIG_INFO(230, false, true),

	RELAY_PACK(244, false, false),

	TX_START_END(254, true, true),

	TX_END(255, true, true);

	private final int number;

	private final boolean ofTransaction;

	private final boolean flush;

	PacketType(int number, boolean ofTransaction, boolean flush) {
		this.number = number;
		this.ofTransaction = ofTransaction;
		this.flush = flush;
	}

	int number() {
		return this.number;
	}

	/** Whether the body begins with a {@link TransactionHeader}. */
	boolean isOfTransaction() {
		return this.ofTransaction;
	}

	/** Whether the datagram is sent as soon as it has such a packet. */
	boolean isFlush() {
		return this.flush;
	}

}
