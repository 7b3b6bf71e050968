// The columns of the statement table, and what the API is asked for.
import { count, duration, ratio } from '../core/format.js';

/** So many statements are shown; the largest ones, whatever is sorted by. */
const LIMIT = 100;

/**
 * @typedef {object} Column
 * @property {string} id in the address and in the API; the largest value comes first
 * @property {string} label
 * @property {string} [title]
 * @property {(statement: import('../core/api.js').Statement) => number} value
 * @property {(value: number) => string} format
 * @property {boolean} [extra] left out where there is little room
 */

/** @type {Column[]} */
export const COLUMNS = [
	{ id: 'total', label: 'Total time', value: (statement) => statement.total, format: duration },
	{ id: 'count', label: 'Count', value: (statement) => statement.count, format: count },
	{ id: 'average', label: 'Average', extra: true, value: (statement) => statement.average, format: duration },
	{ id: 'p95', label: 'p95', value: (statement) => statement.p95, format: duration },
	{ id: 'rows', label: 'Rows', title: 'Rows that were fetched or changed', extra: true, value: (statement) => statement.rows, format: count },
	{ id: 'errors', label: 'Errors', value: (statement) => statement.errors, format: count },
	{
		id: 'callsPerRequest',
		label: 'Calls / request',
		title: 'On average, in requests that execute it at all',
		value: (statement) => statement.callsPerRequest,
		format: ratio,
	},
	{
		id: 'repeated',
		label: 'N+1',
		title: 'Requests that execute it so often that it looks like a query in a loop',
		value: (statement) => statement.repeated,
		format: count,
	},
];

/** Where the time goes, first. @param {Record<string, string>} params of the address @returns {Column} */
export function sortColumn(params) {
	return COLUMNS.find((column) => column.id === params.sort) ?? COLUMNS[0];
}

/** @param {Record<string, string>} params of the address */
export function queryOf(params) {
	return { sort: sortColumn(params).id, text: (params.find ?? '').trim(), endpoint: params.endpoint ?? '', limit: LIMIT };
}

/** A short name for a statement in the address: FNV-1a of what tells it apart. @param {import('../core/api.js').Statement} statement */
export function keyOf({ system, namespace, name, text }) {
	let hash = 0x811c9dc5;
	for (const c of [system, namespace, text ?? name].join('\n')) {
		hash = Math.imul(hash ^ c.codePointAt(0), 0x01000193);
	}
	return (hash >>> 0).toString(36);
}
