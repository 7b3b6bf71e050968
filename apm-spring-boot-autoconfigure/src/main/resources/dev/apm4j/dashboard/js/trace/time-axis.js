// The scale above the waterfall.

const MAX_TICKS = 6;

const STEPS = [1, 2, 5, 10];

/**
 * A part of the trace's time.
 * @typedef {{from: number, length: number}} Range µs since the start of the trace; the length is at least 1
 */

/** @param {number} from @param {number} length @returns {Range} */
export function range(from, length) {
	return { from, length: Math.max(1, length) };
}

/** Round steps for the axis. @param {Range} range @param {number} [most] @returns {{at: number, share: number}[]} at: µs since the range's start */
export function ticks({ length }, most = MAX_TICKS) {
	const rough = length / most;
	const magnitude = 10 ** Math.floor(Math.log10(rough));
	const step = Math.max(1, magnitude * STEPS.find((factor) => factor * magnitude >= rough * 0.999));
	const found = [];
	for (let i = 0; i * step <= length && i <= most + 1; i++) {
		found.push({ at: i * step, share: i * step / length });
	}
	return found;
}

/**
 * Where a span lies on the axis, cut to it.
 * @param {{start: number, end: number}} node @param {Range} range
 * @returns {{from: number, to: number, visible: boolean}} shares of the width, 0 to 1
 */
export function place(node, { from, length }) {
	const start = (node.start - from) / length;
	const end = (node.end - from) / length;
	return { from: clamp(start), to: clamp(end), visible: end >= 0 && start <= 1 };
}

function clamp(share) {
	return Math.max(0, Math.min(1, share));
}
