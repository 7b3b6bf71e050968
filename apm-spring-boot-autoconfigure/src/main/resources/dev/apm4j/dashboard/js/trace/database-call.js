// What a span says of a database call (OpenTelemetry's db.* attributes and apm4j's apm.db.*).

/** Attributes that the statement's section shows whole. */
export const SHOWN_ELSEWHERE = ['db.query.text', 'apm.db.callers'];

/**
 * @typedef {object} DatabaseCall
 * @property {string} text the statement, "" for a commit or a rollback
 * @property {string} database
 * @property {string} collection the table or procedure
 * @property {number|undefined} fetched rows
 * @property {number|undefined} affected rows
 * @property {number|undefined} batch statements in a batch
 * @property {number|undefined} wait µs waited for the connection
 * @property {string|undefined} status the database's code of an error
 * @property {number} times how many calls the span stands for; 0 if only for itself
 * @property {number} min µs, of these calls
 * @property {number} max µs, of these calls
 * @property {string[]} callers lines of code, the innermost first
 */

/** @param {import('../core/api.js').Span} span @returns {DatabaseCall|null} null for anything else */
export function databaseCall({ attributes }) {
	const all = attributes ?? {};
	const system = all['db.system.name'];
	const text = all['db.query.text'];
	if (system === undefined && text === undefined) {
		return null;
	}
	const callers = all['apm.db.callers'];
	return {
		text: String(text ?? ''),
		database: [system, all['db.namespace']].filter(Boolean).join(' / '),
		collection: String(all['db.collection.name'] ?? all['db.stored_procedure.name'] ?? ''),
		fetched: number(all['db.response.returned_rows']),
		affected: number(all['apm.db.affected_rows']),
		batch: number(all['db.operation.batch.size']),
		wait: micros(all['apm.db.connection.wait']),
		status: all['db.response.status_code'],
		times: timesOf({ attributes }),
		min: micros(all['apm.db.repeated.min']) ?? 0,
		max: micros(all['apm.db.repeated.max']) ?? 0,
		callers: Array.isArray(callers) ? callers.map(String) : callers === undefined ? [] : [String(callers)],
	};
}

/** How many calls a span stands for; 0 if only for itself. @param {import('../core/api.js').Span} span */
export function timesOf({ attributes }) {
	return number(attributes?.['apm.db.repeated']) ?? 0;
}

function number(value) {
	return Number.isFinite(value) ? value : undefined;
}

// The tracer's own times are nanoseconds.
function micros(value) {
	return Number.isFinite(value) ? value / 1_000 : undefined;
}
