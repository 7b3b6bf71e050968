// The JSON API of the embedded backend. Times and durations are microseconds unless a name ends in "At" or is "since", "first", "last" or "lastCalled"
// (epoch milliseconds) or "minute" (epoch seconds).

/**
 * @typedef {object} Status
 * @property {string} service
 * @property {string} instance
 * @property {string} version
 * @property {number} startedAt
 * @property {boolean} paused
 * @property {{rate: number, maxPer3s: number, keepSlow: string|null, keepErrors: boolean}} sampling
 * @property {{bytes: number, maxBytes: number, traces: number, evicted: number}} store
 * @property {Backend[]} backends
 * @property {{name: string, enabled: boolean, reason: string}[]} instrumentations
 *
 * @typedef {object} Backend
 * @property {string} name
 * @property {string} state
 * @property {number} queue
 * @property {number} offered
 * @property {number} sent
 * @property {Record<string, number>} dropped by reason
 * @property {string|null} lastError
 *
 * @typedef {object} TraceSummary
 * @property {string} traceId
 * @property {string} name
 * @property {string} service
 * @property {string[]} services
 * @property {string} kind
 * @property {number} start
 * @property {number} duration
 * @property {number} spanCount
 * @property {boolean} error
 * @property {boolean} slow
 * @property {boolean} repeated whether a call was repeated suspiciously often
 * @property {number|null} status
 *
 * @typedef {object} Span
 * @property {string} id
 * @property {string|null} parentId may name a span that isn't in the trace: a remote caller
 * @property {string} name
 * @property {string} kind SERVER, CLIENT, PRODUCER, CONSUMER or LOCAL
 * @property {string} service
 * @property {string} instance
 * @property {number} start
 * @property {number} duration
 * @property {Record<string, unknown>} attributes
 * @property {{name: string, time: number}[]} events
 * @property {{type: string, message: string|null, stack: string|null}|null} error
 *
 * @typedef {object} Trace
 * @property {string} traceId
 * @property {number} start
 * @property {number} duration
 * @property {Span[]} spans
 * @property {number} droppedSpans
 *
 * @typedef {object} Endpoint
 * @property {string} name
 * @property {string} kind
 * @property {number} count
 * @property {number} errors
 * @property {number} total
 * @property {number} p50
 * @property {number} p95
 * @property {number} p99
 * @property {number} max
 * @property {number} sqlCalls SQL statements that all requests together executed
 * @property {number} sqlRepeated requests that repeated a statement suspiciously often
 * @property {{minute: number, count: number, errors: number, p50: number, p95: number, p99: number}[]} minutes
 *
 * @typedef {object} Statement
 * @property {string} name operation and table
 * @property {string|null} text without literals
 * @property {string} system
 * @property {string} namespace
 * @property {string} operation
 * @property {string} collection
 * @property {number} count
 * @property {number} errors
 * @property {number} total
 * @property {number} average
 * @property {number} p50
 * @property {number} p95
 * @property {number} p99
 * @property {number} max
 * @property {number} rows
 * @property {number} connectionWait
 * @property {number} requests
 * @property {number} callsPerRequest
 * @property {number} maxCallsPerRequest
 * @property {number} repeated
 * @property {{name: string, kind: string, count: number, requests: number}[]} callers
 *
 * @typedef {object} Usage
 * @property {boolean} enabled the rest is there only if it is
 * @property {{state: string, means: string|null, reason: string|null, remedy: string|null}} recording
 * @property {number} since when recording began
 * @property {{state: string, methods: number, leftOut: number, unreadable: number}} scan
 * @property {{state: string, text: string}|null} publication
 * @property {{methods: number, called: number, never: number, unknown: number}} counts of the whole code base
 * @property {UsagePackage[]} packages
 * @property {boolean} truncated whether there is more
 *
 * @typedef {object} UsagePackage
 * @property {string} name
 * @property {number} methods
 * @property {number} never
 * @property {number|null} lastCalled
 * @property {{name: string, simpleName: string, methods: number, never: number, lastCalled: number|null, members: UsageMethod[]}[]} classes
 *
 * @typedef {object} UsageMethod
 * @property {string} name
 * @property {string} parameters
 * @property {string} visibility
 * @property {string} state called, never or unknown
 * @property {number|null} first
 * @property {number|null} last
 */

// Relative to this file, so that any context path and any proxy prefix works.
const BASE = new URL('../../api/', import.meta.url);

const TIMEOUT_MS = 10_000;

/** Why a call failed: `kind` is unreachable, denied, missing or broken; the message is meant for the visitor. */
export class ApiError extends Error {

	constructor(kind, message) {
		super(message);
		this.name = 'ApiError';
		this.kind = kind;
	}

}

/** @param {AbortSignal} [signal] @returns {Promise<Status>} */
export async function fetchStatus(signal) {
	return get('status', {}, signal);
}

/**
 * Newest first.
 * @param {{limit?: number, service?: string, name?: string, minDuration?: number, error?: boolean}} filter
 * @param {AbortSignal} [signal]
 * @returns {Promise<TraceSummary[]>}
 */
export async function fetchTraces(filter, signal) {
	return list((await get('traces', filter, signal)).traces);
}

/** @param {string} traceId @param {AbortSignal} [signal] @returns {Promise<Trace>} */
export async function fetchTrace(traceId, signal) {
	const trace = await get(tracePath(traceId), {}, signal);
	return { ...trace, spans: list(trace.spans) };
}

/** @param {AbortSignal} [signal] @returns {Promise<{since: number, endpoints: Endpoint[]}>} */
export async function fetchEndpoints(signal) {
	const answer = await get('endpoints', {}, signal);
	return { since: answer.since, endpoints: list(answer.endpoints) };
}

/**
 * The largest ones by what is sorted by.
 * @param {{sort?: string, text?: string, endpoint?: string, limit?: number}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<{since: number, total: number, known: number, statements: Statement[]}>} total is that of all statements
 */
export async function fetchStatements(query, signal) {
	const answer = await get('sql', query, signal);
	return { ...answer, statements: list(answer.statements).map((each) => ({ ...each, callers: list(each.callers) })) };
}

/**
 * The code base. Members are there unless `methods` is false.
 * @param {{find?: string, state?: string, class?: string, methods?: string}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<Usage>}
 */
export async function fetchUsage(query, signal) {
	const answer = await get('usage', query, signal);
	return {
		...answer,
		packages: list(answer.packages).map((each) => ({
			...each,
			classes: list(each.classes).map((type) => ({ ...type, members: list(type.members) })),
		})),
	};
}

/** @returns {string} the address of the report of dead code as plain text */
export function usageReportUrl() {
	return new URL('usage/report', BASE).href;
}

/** @param {string} traceId @returns {string} the address of the trace's JSON */
export function traceUrl(traceId) {
	return new URL(tracePath(traceId), BASE).href;
}

/** @returns {string} the root of the observed app, as this browser reaches it */
export function appUrl() {
	return new URL('../../', BASE).href;
}

// A trace id that came from a foreign header is a free string.
function tracePath(traceId) {
	return `traces/${encodeURIComponent(traceId)}`;
}

async function get(path, params, signal) {
	const url = new URL(path, BASE);
	for (const [name, value] of Object.entries(params)) {
		if (value !== undefined && value !== null && value !== '' && value !== false) {
			url.searchParams.set(name, String(value));
		}
	}
	const timeout = AbortSignal.timeout(TIMEOUT_MS);
	let response;
	try {
		response = await fetch(url, {
			headers: { Accept: 'application/json' },
			cache: 'no-store',
			// Followed, a redirect to a login page would look like an answer.
			redirect: 'manual',
			signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
		});
	}
	catch (ex) {
		if (signal?.aborted) {
			throw ex;
		}
		throw new ApiError('unreachable', timeout.aborted ? `No answer within ${TIMEOUT_MS / 1000} s.`
				: 'The app does not answer. It may be stopped, restarting or out of reach.');
	}
	return read(response, signal);
}

async function read(response, signal) {
	if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
		throw new ApiError('denied', 'The app asks for a login, or refuses this address. Sign in and reload the page.');
	}
	const json = await response.json().catch(() => undefined);
	if (signal?.aborted) {
		throw signal.reason;
	}
	if (response.status === 404) {
		throw new ApiError('missing', text(json?.error) ?? 'Not found.');
	}
	if (response.status === 502 || response.status === 503 || response.status === 504) {
		throw new ApiError('unreachable', `The app is not ready (HTTP ${response.status}).`);
	}
	if (!response.ok) {
		throw new ApiError('broken', text(json?.error) ?? `The app answered with HTTP ${response.status}.`);
	}
	if (json === null || typeof json !== 'object') {
		throw new ApiError('broken', 'The answer is not the JSON this page expects.');
	}
	return json;
}

function text(value) {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value) {
	return Array.isArray(value) ? value : [];
}
