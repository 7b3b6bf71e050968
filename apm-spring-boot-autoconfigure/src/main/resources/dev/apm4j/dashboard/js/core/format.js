// How numbers, durations and times are written. One place, so that a column reads the same in every view.

const NONE = '\u2013';

const INTEGER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const UNITS = { '': 1, us: 1, µs: 1, μs: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };

/** @param {number} micros */
export function duration(micros) {
	if (!Number.isFinite(micros)) {
		return NONE;
	}
	const sign = micros < 0 ? '-' : '';
	const us = Math.abs(micros);
	if (us < 1_000) {
		return `${sign}${Math.round(us)} µs`;
	}
	if (us < 999_500) {
		return `${sign}${digits(us / 1_000)} ms`;
	}
	if (us < 59_950_000) {
		return `${sign}${digits(us / 1_000_000)} s`;
	}
	const seconds = Math.round(us / 1_000_000);
	const minutes = Math.floor(seconds / 60);
	return minutes < 60 ? `${sign}${minutes} m ${two(seconds % 60)} s`
			: `${sign}${INTEGER.format(Math.floor(minutes / 60))} h ${two(minutes % 60)} m`;
}

/**
 * Reads what somebody typed: "100ms", "1.5 s", "250us"; a plain number is microseconds.
 * @param {string} text
 * @returns {number|undefined} microseconds, undefined for an empty text, NaN for one that isn't a duration
 */
export function parseDuration(text) {
	if (text.trim() === '') {
		return undefined;
	}
	const match = /^\s*(\d+(?:\.\d+)?)\s*(us|µs|μs|ms|s|m)?\s*$/i.exec(text);
	return match ? Math.round(Number(match[1]) * UNITS[(match[2] ?? '').toLowerCase()]) : NaN;
}

/** The time of day with milliseconds, the date before it unless it is today. @param {number} micros since the epoch */
export function time(micros) {
	const date = new Date(micros / 1_000);
	if (Number.isNaN(date.getTime())) {
		return NONE;
	}
	const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${three(date.getMilliseconds())}`;
	return date.toDateString() === new Date().toDateString() ? clock : `${day(date)} ${clock}`;
}

/** Date and time, to the second. @param {number} millis since the epoch */
export function dateTime(millis) {
	const date = new Date(millis);
	return Number.isNaN(date.getTime()) ? NONE
			: `${day(date)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The hour and minute. @param {number} seconds since the epoch */
export function minute(seconds) {
	const date = new Date(seconds * 1_000);
	return Number.isNaN(date.getTime()) ? NONE : `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** For machines: the value of <time datetime>. @param {number} millis since the epoch */
export function isoTime(millis) {
	const date = new Date(millis);
	return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/** @param {number} value */
export function count(value) {
	return Number.isFinite(value) ? INTEGER.format(value) : NONE;
}

/** For narrow places: 1.2K, 3M. @param {number} value */
export function compact(value) {
	return Number.isFinite(value) ? COMPACT.format(value) : NONE;
}

/** How many of one on each of another: one decimal as long as it matters. @param {number} value */
export function ratio(value) {
	return Number.isFinite(value) ? (value < 99.95 ? String(Number(value.toFixed(1))) : INTEGER.format(value)) : NONE;
}

/** @param {number} share 0 to 1 */
export function percent(share) {
	if (!Number.isFinite(share)) {
		return NONE;
	}
	const value = share * 100;
	if (value > 0 && value < 0.1) {
		return '<0.1 %';
	}
	// Rounded up, a single success among thousands of failures would vanish.
	if (value < 100 && value > 99.9) {
		return '>99.9 %';
	}
	return `${Number(value.toFixed(1))} %`;
}

/** @param {number} value */
export function bytes(value) {
	if (!Number.isFinite(value)) {
		return NONE;
	}
	if (value < 1024) {
		return `${value} B`;
	}
	return value < 1024 * 1024 ? `${digits(value / 1024)} KiB` : `${digits(value / 1024 / 1024)} MiB`;
}

/**
 * A foreign name in which nothing is hidden or turned round: control characters and direction marks become visible.
 * @param {unknown} text
 */
export function plain(text) {
	return String(text ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}

// Three significant digits: enough to compare, few enough to scan.
function digits(value) {
	return String(Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)));
}

function day(date) {
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(value) {
	return String(value).padStart(2, '0');
}

function three(value) {
	return String(value).padStart(3, '0');
}
