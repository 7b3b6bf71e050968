import { LitElement, css, html, nothing } from 'lit';
import { fetchUsage } from '../core/api.js';
import { dateTime, plain } from '../core/format.js';
import { Poll } from '../core/poll.js';
import { badges, base, tables } from '../shared/styles.js';

const REFRESH_MS = 10_000;

/** The methods of one class. */
class UsageMethods extends LitElement {

	static properties = {
		type: {},
		state: {},
		find: {},
	};

	static styles = [base, badges, tables, css`
		:host {
			display: block;
			padding: var(--gap-s) var(--gap-l);
		}

		table {
			background: var(--surface);
			border: 1px solid var(--line);
			border-radius: var(--radius-s);
		}

		tbody tr:last-child > * {
			border-bottom: 0;
		}

		th {
			background: none;
			font-weight: 400;
			white-space: normal;
		}

		.problem {
			color: var(--error);
		}

		@media (max-width: 760px) {
			:host {
				padding: var(--gap-s);
			}

			tr {
				border-bottom: 1px solid var(--line);
				display: block;
			}

			tr:last-child {
				border-bottom: 0;
			}

			th {
				display: block;
			}

			th,
			td {
				border: 0;
			}

			td {
				display: inline-block;
				white-space: normal;
			}
		}
	`];

	#poll = new Poll(this, (signal) => fetchUsage({ class: this.type, state: this.state, find: this.find }, signal), REFRESH_MS);

	willUpdate(changed) {
		if (this.hasUpdated && changed.size > 0 && ['type', 'state', 'find'].some((name) => changed.has(name))) {
			this.#poll.refresh();
		}
	}

	render() {
		const { data, error } = this.#poll;
		if (data === undefined) {
			return error === null ? html`<p class="muted" role="status">Loading…</p>` : html`<p class="problem" role="status">${error.message}</p>`;
		}
		const methods = data.packages.flatMap((each) => each.classes).flatMap((each) => each.members);
		return html`<table aria-label="Methods">
			<tbody>${methods.map((method) => html`<tr>
				<th scope="row" class="mono foreign">${plain(method.name)}(${plain(method.parameters)})</th>
				<td><span class="badge">${plain(method.visibility)}</span></td>
				<td>${badge(method)}</td>
				<td class="muted">${method.last ? html`first ${dateTime(method.first)}, last ${dateTime(method.last)}` : nothing}</td>
			</tr>`)}</tbody>
		</table>`;
	}

}

function badge({ state }) {
	switch (state) {
		case 'called':
			return html`<span class="badge ok">called</span>`;
		case 'never':
			return html`<span class="badge warn">never called</span>`;
		default:
			return html`<span class="badge" title="The class was loaded before recording began, or could not be recorded">unknown</span>`;
	}
}

customElements.define('apm-usage-methods', UsageMethods);
