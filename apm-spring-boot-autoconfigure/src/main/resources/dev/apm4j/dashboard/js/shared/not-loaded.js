// What a view shows as long as it has nothing to show.
import { html } from 'lit';
import './notice.js';

/**
 * For components that take the `base` styles.
 * @param {import('../core/poll.js').Poll} poll that has no data yet
 * @param {string} heading of the notice, if that is because of a failure
 */
export function notLoaded({ error }, heading) {
	return error === null ? html`<p class="muted" role="status">Loading…</p>`
			: html`<apm-notice tone="error" heading=${heading} text=${error.message}>
				<p class="muted">This page keeps trying.</p></apm-notice>`;
}
