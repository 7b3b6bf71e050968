// How a trace or span ended, in one word: its HTTP status, or its kind where there is none.
import { html } from 'lit';

/** For components that take the `badges` styles. @param {unknown} code HTTP status @param {unknown} kind span kind */
export function statusBadge(code, kind) {
	const status = Number(code);
	if (!status) {
		return html`<span class="badge">${String(kind ?? '').toLowerCase()}</span>`;
	}
	return html`<span class="badge ${status >= 500 ? 'error' : status >= 400 ? 'warn' : 'ok'}">${status}</span>`;
}
