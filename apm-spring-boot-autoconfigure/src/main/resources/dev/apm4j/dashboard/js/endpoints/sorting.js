// The columns of the endpoint table and how it is sorted.
import { count, duration, percent, ratio } from '../core/format.js';

/**
 * @typedef {object} Column
 * @property {string} id in the address
 * @property {string} label
 * @property {(endpoint: import('../core/api.js').Endpoint) => number|string} value to sort by
 * @property {(value: number) => string} [format]
 * @property {boolean} [extra] left out where there is little room
 */

/** @type {Column[]} */
export const COLUMNS = [
	{ id: 'name', label: 'Endpoint', value: (endpoint) => String(endpoint.name ?? '') },
	{ id: 'count', label: 'Count', value: (endpoint) => endpoint.count, format: count },
	{ id: 'errors', label: 'Errors', value: (endpoint) => endpoint.errors, format: count },
	{ id: 'errorRate', label: 'Error %', value: errorRate, format: percent },
	{ id: 'total', label: 'Total time', value: (endpoint) => endpoint.total, format: duration },
	{ id: 'p50', label: 'p50', extra: true, value: (endpoint) => endpoint.p50, format: duration },
	{ id: 'p95', label: 'p95', value: (endpoint) => endpoint.p95, format: duration },
	{ id: 'p99', label: 'p99', value: (endpoint) => endpoint.p99, format: duration },
	{ id: 'max', label: 'Max', extra: true, value: (endpoint) => endpoint.max, format: duration },
	{ id: 'sql', label: 'SQL / request', value: (endpoint) => (endpoint.count > 0 ? endpoint.sqlCalls / endpoint.count : 0), format: ratio },
];

/**
 * @typedef {{column: Column, ascending: boolean}} Sorting
 */

/** Where the time goes, first. @param {Record<string, string>} params of the address @returns {Sorting} */
export function sortingOf(params) {
	const column = COLUMNS.find((each) => each.id === params.sort) ?? COLUMNS.find((each) => each.id === 'total');
	return { column, ascending: params.dir ? params.dir === 'asc' : column.id === 'name' };
}

/** The address' parameters after a click on a column's head. @param {Sorting} sorting @param {Column} column */
export function sortedBy({ column: before, ascending }, column) {
	const natural = column.id === 'name';
	return { sort: column.id, dir: (before === column ? !ascending : natural) ? 'asc' : 'desc' };
}

/** @param {import('../core/api.js').Endpoint[]} endpoints @param {Sorting} sorting */
export function sorted(endpoints, { column, ascending }) {
	const sign = ascending ? 1 : -1;
	return [...endpoints].sort((a, b) => sign * compare(column.value(a), column.value(b)) || compare(String(a.name), String(b.name)));
}

/** @param {import('../core/api.js').Endpoint} endpoint @returns {number} 0 to 1 */
export function errorRate(endpoint) {
	return endpoint.count > 0 ? endpoint.errors / endpoint.count : 0;
}

function compare(a, b) {
	if (typeof a === 'string') {
		return a.localeCompare(b, 'en');
	}
	return (a || 0) - (b || 0);
}
