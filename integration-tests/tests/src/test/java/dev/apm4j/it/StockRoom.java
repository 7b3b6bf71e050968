package dev.apm4j.it;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the application has in its package {@code com.example.orders.usage}, and what of
 * it is called when. Written down here once more, as what lists the methods is what is
 * tested.
 */
final class StockRoom {

	static final String PACKAGE = "com.example.orders.usage";

	/** What makes the application call the rest. */
	static final String PATH = "/stock-room";

	private static final String[] AT_START = { "StockController.<init>()", "StockRoom.<init>()", "StockRoom.open()",
			"StockRoom.privateMethod(int)", "StockRoom.selfInvoked()",
			"StockRoom.staticMethod(long,java.lang.String,int[])", "StockRoom.finalMethod()", "StockRoom.checked()",
			"StockRoom.call()", "StockRoom.fromLambda(java.lang.String)", "StockRoom.varargs(java.lang.String[])",
			"StockRoom$1.anonymous()", "StockRoom$Labelled.greeting()", "StockRoom$Labelled.privateGreeting()",
			"StockRoom$Labelled.of(java.lang.String)", "StockRoom$Mode.<init>(java.lang.String,int)",
			"StockRoom$Mode.label()", "StockRoom$Item.<init>(java.lang.String,int)", "StockRoom$Item.total()",
			"StockRoom$Shelf.<init>()", "StockRoom$Shelf$Place.<init>(com.example.orders.usage.StockRoom$Shelf,int)",
			"StockRoom$Shelf$Place.take()" };

	private static final String[] BY_REQUEST = { "StockController.requested()", "StockRoom.requested()",
			"StockRoom.requestedPrivate()", "StockRoom$Shelf.requestedStatic()" };

	private static final String[] NEVER = { "StockController.deadEndpoint()", "StockRoom.deadPublic()",
			"StockRoom.privateMethod(java.lang.String)", "StockRoom.deadPrivate(int)", "StockRoom.deadStatic()",
			"StockRoom.deadFinal()", "StockRoom.deadChecked()", "StockRoom.deadFromLambda()",
			"StockRoom$1.deadAnonymous()", "StockRoom$Labelled.deadGreeting()",
			"StockRoom$Labelled.deadPrivateGreeting()", "StockRoom$Labelled.deadOf(java.lang.String)",
			"StockRoom$Mode.deadMethod()", "StockRoom$Mode$1.label()", "StockRoom$Item.deadTotal()",
			"StockRoom$Shelf.deadStatic()",
			"StockRoom$Shelf$Place.<init>(com.example.orders.usage.StockRoom$Shelf,java.lang.String)",
			"StockRoom$Shelf$Place.deadTake()", "StockRoom$DeadShelf.<init>()", "StockRoom$DeadShelf.get()",
			"StockRoom$DeadShelf.deadMethod()" };

	private StockRoom() {
	}

	/**
	 * What is known of the methods.
	 * @param requested whether there was a request
	 * @return {@code called} or {@code never} by {@code Class.method(parameters)}
	 */
	static Map<String, String> states(boolean requested) {
		Map<String, String> states = new TreeMap<>();
		put(states, AT_START, "called");
		put(states, BY_REQUEST, requested ? "called" : "never");
		put(states, NEVER, "never");
		return states;
	}

	private static void put(Map<String, String> states, String[] methods, String state) {
		for (String method : methods) {
			states.put(method, state);
		}
	}

}
