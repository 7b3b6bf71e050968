package dev.apm4j.export.whatap;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.apm4j.export.whatap.AgentLink.Flush;
import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * Gives the answers to the agent's questions. For the backend's thread.
 */
final class ControlAnswers {

	/** Transactions whose stacks are sent at once, those that run longest. */
	static final int MAX_STACKS = 100;

	/** Characters of all stacks that are sent at once. */
	static final int MAX_CHARACTERS = 256 * 1024;

	/** Stacks that were sent are not sent again before. */
	private static final long REST = TimeUnit.SECONDS.toNanos(1);

	/** Between the parts of an answer. */
	private static final String SEPARATOR = ", ";

	private static final Pattern JAR = Pattern.compile("(.+?)-(\\d.*)\\.jar");

	private final PacketSink sink;

	private final Supplier<List<ActiveTransaction>> transactions;

	private final PoolConnectionsSource pools;

	private final Supplier<List<String>> jars;

	private final LongSupplier nanoTime;

	private final FreeText freeText = new FreeText((text, from, to) -> false);

	/** The transactions whose stacks were asked for and sent, if any, of late. */
	private final Set<Long> told = new HashSet<>();

	private final Set<Long> detailed = new HashSet<>();

	private long toldAt;

	private long detailedAt;

	private boolean toldOnce;

	private @Nullable String modules;

	ControlAnswers(PacketSink sink, Supplier<List<ActiveTransaction>> transactions, PoolConnectionsSource pools,
			Supplier<List<String>> jars, LongSupplier nanoTime) {
		this.sink = sink;
		this.transactions = transactions;
		this.pools = pools;
		this.jars = jars;
		this.nanoTime = nanoTime;
	}

	boolean isKnown(ControlRequest request) {
		return switch (request.id()) {
			case ControlRequest.ACTIVE_STACK, ControlRequest.TRANSACTION_DETAIL, ControlRequest.ACTIVE_STATISTICS,
					ControlRequest.DATABASE_POOLS, ControlRequest.MODULES ->
				true;
			default -> false;
		};
	}

	/**
	 * Whether the answer was just given: an agent that asks for the stack of one
	 * transaction after the other got those of all with the first answer.
	 */
	boolean isAnswered(ControlRequest request) {
		return switch (request.id()) {
			case ControlRequest.ACTIVE_STACK ->
				isResting() && (request.extra().length == 0 || isIn(this.told, request));
			case ControlRequest.TRANSACTION_DETAIL ->
				this.nanoTime.getAsLong() - this.detailedAt < REST && isIn(this.detailed, request);
			default -> false;
		};
	}

	private boolean isResting() {
		return this.toldOnce && this.nanoTime.getAsLong() - this.toldAt < REST;
	}

	private static boolean isIn(Set<Long> txids, ControlRequest request) {
		for (long number : request.extra()) {
			if (txids.contains(number)) {
				return true;
			}
		}
		return false;
	}

	void answer(ControlRequest request) throws IOException {
		switch (request.id()) {
			case ControlRequest.ACTIVE_STACK -> activeStacks(request);
			case ControlRequest.TRANSACTION_DETAIL -> detail(request);
			case ControlRequest.ACTIVE_STATISTICS ->
				this.sink.send(Activity.statistics(this.transactions.get()), Flush.NOW);
			case ControlRequest.DATABASE_POOLS -> ActivityCounters.sendPools(this.sink, this.pools, Flush.NOW);
			case ControlRequest.MODULES -> parameter(request, modules());
			default -> throw new IllegalArgumentException("Unknown question " + request.id());
		}
	}

	private void activeStacks(ControlRequest request) throws IOException {
		List<ActiveTransaction> running = this.transactions.get();
		RunningStacks stacks = new RunningStacks(running);
		int named = indexOf(request, running);
		long reference = reference(request, running, named);
		if (named >= 0) {
			send(reference, running.get(named), stacks.stack(named));
		}
		if (!isResting()) {
			this.told.clear();
			this.toldAt = this.nanoTime.getAsLong();
			this.toldOnce = true;
			sendAllBut(named, reference, running, stacks);
		}
		if (named >= 0) {
			this.told.add(running.get(named).txid());
		}
		this.sink.send(Activity.statistics(running), Flush.NOW);
	}

	private void sendAllBut(int named, long reference, List<ActiveTransaction> running, RunningStacks stacks)
			throws IOException {
		int characters = 0;
		for (int i = 0; i < running.size() && i < MAX_STACKS && characters < MAX_CHARACTERS; i++) {
			if (i != named) {
				String stack = stacks.stack(i);
				characters += (stack != null) ? stack.length() : 0;
				send(reference, running.get(i), stack);
			}
			this.told.add(running.get(i).txid());
		}
	}

	private void send(long reference, ActiveTransaction transaction, @Nullable String stack) throws IOException {
		if (stack != null) {
			this.sink.send((packets) -> packets.control().activeStack(reference, transaction.txid(), stack),
					Flush.LATER);
		}
	}

	/** The agent adds what it knows of the transaction to the stack. */
	private void detail(ControlRequest request) throws IOException {
		List<ActiveTransaction> running = this.transactions.get();
		int named = indexOf(request, running);
		if (named < 0) {
			return;
		}
		ActiveTransaction transaction = running.get(named);
		String stack = new RunningStacks(running).stack(named);
		long now = this.nanoTime.getAsLong();
		if (now - this.detailedAt >= REST) {
			this.detailed.clear();
			this.detailedAt = now;
		}
		this.detailed.add(transaction.txid());
		parameter(request, reference(request, running, named) + SEPARATOR + transaction.txid() + SEPARATOR
				+ ((stack != null) ? plain(stack) : "") + plain(doing(transaction)) + "\n");
	}

	/** What the innermost frame can't tell: which call of a driver it is. */
	private String doing(ActiveTransaction transaction) {
		SpanData span = transaction.segment().newestOpenSpan();
		if (span == null) {
			return "-- ended";
		}
		long millis = System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(span.startEpochNanos());
		return "-- " + this.freeText.line(span.name()) + " for " + Math.max(0, millis) + " ms";
	}

	/** The text without what is between parts. */
	private static String plain(String text) {
		return text.replace(',', ';');
	}

	private String modules() {
		String known = this.modules;
		if (known == null) {
			known = this.jars.get().stream().map(ControlAnswers::module).collect(Collectors.joining(SEPARATOR));
			this.modules = known;
		}
		return known;
	}

	/** The name, a blank and the version of a jar, if its name has both. */
	private static String module(String jar) {
		Matcher matcher = JAR.matcher(plain(jar));
		return matcher.matches() ? matcher.group(1) + ' ' + matcher.group(2) : plain(jar);
	}

	private void parameter(ControlRequest request, String data) throws IOException {
		this.sink.send((packets) -> packets.control().parameter(request.id(), request.request(), data), Flush.NOW);
	}

	/** Which transaction is meant: the second number, or with old agents the first. */
	private static int indexOf(ControlRequest request, List<ActiveTransaction> running) {
		long[] extra = request.extra();
		int second = (extra.length > 1) ? indexOf(extra[1], running) : -1;
		return (second >= 0 || extra.length == 0) ? second : indexOf(extra[0], running);
	}

	private static int indexOf(long txid, List<ActiveTransaction> running) {
		for (int i = 0; i < running.size(); i++) {
			if (running.get(i).txid() == txid) {
				return i;
			}
		}
		return -1;
	}

	/** What the answer begins with: the other number, as the Python agent does it. */
	private static long reference(ControlRequest request, List<ActiveTransaction> running, int named) {
		long[] extra = request.extra();
		if (named < 0 || extra.length < 2) {
			return request.request();
		}
		return (extra[1] == running.get(named).txid()) ? extra[0] : extra[1];
	}

}
