import { LitElement, css, html, nothing } from 'lit';
import { appUrl } from '../core/api.js';
import { badges, base } from '../shared/styles.js';
import '../shared/copy-button.js';
import '../shared/notice.js';

/** What to do while there is no trace: send a request, and see what would be recorded, and why not the rest. */
class FirstSteps extends LitElement {

	static properties = {
		status: { attribute: false },
	};

	static styles = [base, badges, css`
		.command {
			align-items: center;
			background: var(--bg);
			border: 1px solid var(--line);
			border-radius: var(--radius-s);
			display: flex;
			gap: var(--gap-s);
			justify-content: space-between;
			padding: 0.35rem 0.35rem 0.35rem var(--gap-m);
		}

		h3 {
			font-size: var(--text-m);
			font-weight: 600;
			margin-top: var(--gap-s);
		}

		ul {
			display: grid;
			gap: 0.35rem;
			list-style: none;
		}

		li {
			align-items: baseline;
			column-gap: var(--gap-m);
			display: grid;
			grid-template-columns: 3rem 9rem minmax(0, 1fr);
		}

		.badge {
			text-align: center;
		}

		.hint {
			color: var(--warn);
		}

		@media (max-width: 640px) {
			li {
				grid-template-columns: 3rem minmax(0, 1fr);
			}

			li .reason {
				grid-column: 2;
			}
		}
	`];

	render() {
		const command = `curl -i '${appUrl().replaceAll("'", '%27')}'`;
		return html`<apm-notice heading="No traces yet" text="Send a request to the app. It shows up here within a few seconds.">
			<div class="command"><code class="mono foreign">${command}</code><apm-copy-button .value=${command} label="command"></apm-copy-button></div>
			${this.#obstacle()}
			${this.status?.instrumentations?.length > 0 ? html`<h3>What is recorded</h3>
				<ul>${this.status.instrumentations.map((each) => html`<li>
					<span class="badge ${each.enabled ? 'ok' : ''}">${each.enabled ? 'on' : 'off'}</span>
					<span class="foreign">${each.name}</span><span class="reason muted foreign">${each.reason}</span></li>`)}</ul>` : nothing}
		</apm-notice>`;
	}

	#obstacle() {
		if (this.status?.paused) {
			return html`<p class="hint">Recording is paused, so nothing will appear until it is resumed.</p>`;
		}
		if (this.status?.sampling?.rate === 0) {
			return html`<p class="hint">The sampling rate is 0 %, so only traces that are always kept (slow or failed ones, if switched on) appear.</p>`;
		}
		return nothing;
	}

}

customElements.define('apm-first-steps', FirstSteps);
