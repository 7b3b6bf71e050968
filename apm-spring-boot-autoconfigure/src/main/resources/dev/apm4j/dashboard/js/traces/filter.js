// The filter of the trace list: what stands in the address, and what the API is asked for.
import { parseDuration } from '../core/format.js';

export const LIMITS = [50, 100, 200, 500];

export const DEFAULT_LIMIT = 100;

/**
 * @typedef {object} Filter
 * @property {string} name
 * @property {string} service
 * @property {string} minDuration as typed
 * @property {boolean} error only failed traces
 * @property {number} limit
 */

/** @param {Record<string, string>} params of the address @returns {Filter} */
export function filterOf(params) {
	const limit = Number(params.limit);
	return {
		name: params.name ?? '',
		service: params.service ?? '',
		minDuration: params.minDuration ?? '',
		error: params.error === 'true',
		limit: LIMITS.includes(limit) ? limit : DEFAULT_LIMIT,
	};
}

/** @param {Filter} filter */
export function queryOf(filter) {
	// In microseconds, so that what is accepted here doesn't depend on the units the app knows; a typing error is no filter.
	const minDuration = parseDuration(filter.minDuration);
	return { ...filter, minDuration: Number.isNaN(minDuration) ? undefined : minDuration };
}

// As in a log line ("[<trace id>-<span id>]"), in a traceparent header, or SkyWalking's with its two numbers.
const TRACE_ID = /(?<![0-9a-f])[0-9a-f]{32}(?:\.\d{1,10}\.\d{1,20})?(?![0-9a-f])/i;

/** @param {string} text @returns {string | null} the trace id in what somebody pasted */
export function traceIdOf(text) {
	return TRACE_ID.exec(text)?.[0].toLowerCase() ?? null;
}

/** @param {Filter} filter @returns {boolean} whether it leaves traces out */
export function isFiltering(filter) {
	return filter.name !== '' || filter.service !== '' || filter.minDuration !== '' || filter.error;
}
