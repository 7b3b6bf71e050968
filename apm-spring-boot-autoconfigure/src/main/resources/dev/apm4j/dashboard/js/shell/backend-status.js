import { LitElement, css, html, nothing } from 'lit';
import { compact, count, time } from '../core/format.js';
import { base } from '../shared/styles.js';

/** One backend: its state and losses at a glance, all counters on a click. */
class BackendStatus extends LitElement {

	static properties = {
		backend: { attribute: false },
	};

	static styles = [base, css`
		:host {
			position: relative;
		}

		summary {
			align-items: center;
			border-radius: var(--radius-s);
			color: var(--text);
			cursor: pointer;
			display: flex;
			gap: 0.4rem;
			list-style: none;
			margin-left: -0.25rem;
			padding: 0 0.25rem;
		}

		summary::-webkit-details-marker {
			display: none;
		}

		summary:hover {
			background: var(--hover);
		}

		.name {
			max-width: 12rem;
			overflow: hidden;
			text-overflow: ellipsis;
		}

		.dot {
			background: var(--muted);
			border-radius: 50%;
			height: 0.5rem;
			width: 0.5rem;
		}

		.up .dot {
			background: var(--ok);
		}

		.down .dot {
			background: var(--error);
		}

		.lost {
			color: var(--error);
			font-weight: 600;
		}

		.notice {
			color: var(--warn);
		}

		.panel {
			background: var(--raised);
			border: 1px solid var(--line);
			border-radius: var(--radius);
			box-shadow: var(--shadow);
			display: grid;
			gap: 0.15rem var(--gap-l);
			grid-template-columns: auto minmax(0, 1fr);
			left: 0;
			max-width: min(26rem, 90vw);
			min-width: 15rem;
			padding: var(--gap-m);
			position: absolute;
			top: calc(100% + 0.3rem);
			width: max-content;
			z-index: 10;
		}

		.panel.leftwards {
			left: auto;
			right: 0;
		}

		.panel dt {
			color: var(--muted);
		}

		.panel dd {
			color: var(--text);
			overflow-wrap: anywhere;
		}

		@media (max-width: 640px) {
			:host {
				position: static;
			}

			.panel {
				left: var(--gap-m);
				right: var(--gap-m);
				max-width: none;
				top: auto;
				width: auto;
			}
		}
	`];

	render() {
		const { name, state, queue, offered, sent, dropped = {}, lastError, lastErrorAt, lastSuccessAt, notice } = this.backend;
		const reasons = Object.entries(dropped).filter(([, lost]) => lost > 0);
		const lost = reasons.reduce((sum, [, value]) => sum + value, 0);
		const tone = ['up', 'down'].includes(state) ? state : '';
		return html`<details class=${tone} @keydown=${this.#onKey} @focusout=${this.#onFocusOut} @toggle=${this.#onToggle}>
			<summary><span class="dot"></span><span class="name foreign">${name}</span>
				<span class=${tone === 'down' ? 'lost' : 'muted'}>${state}</span>
				${lost > 0 ? html`<span class="lost">${compact(lost)} dropped</span>` : nothing}
				${notice ? html`<span class="notice">notice</span>` : nothing}</summary>
			<dl class="panel">
				<dt>Offered</dt><dd>${count(offered)}</dd>
				<dt>Sent</dt><dd>${count(sent)}</dd>
				<dt>In queue</dt><dd>${count(queue)}</dd>
				<dt>Dropped</dt><dd>${reasons.length === 0 ? '0' : reasons.map(([reason, value]) => html`<div class="lost foreign"
					>${count(value)} ${reason.replaceAll('_', ' ')}</div>`)}</dd>
				<dt>Last sent</dt><dd>${lastSuccessAt ? time(lastSuccessAt * 1_000) : 'never'}</dd>
				<dt>Last error</dt><dd class="foreign">${lastError ?? 'none'}${lastErrorAt
					? html` <span class="muted">at ${time(lastErrorAt * 1_000)}</span>` : nothing}</dd>
				${notice ? html`<dt>Notice</dt><dd class="foreign">${notice}</dd>` : nothing}
			</dl>
		</details>`;
	}

	#onToggle(event) {
		const panel = event.currentTarget.querySelector('.panel');
		panel.classList.remove('leftwards');
		if (panel.getBoundingClientRect().right > document.documentElement.clientWidth) {
			panel.classList.add('leftwards');
		}
	}

	#onKey(event) {
		if (event.key === 'Escape') {
			event.currentTarget.open = false;
			event.currentTarget.querySelector('summary').focus();
		}
	}

	#onFocusOut(event) {
		if (!event.currentTarget.contains(event.relatedTarget)) {
			event.currentTarget.open = false;
		}
	}

}

customElements.define('apm-backend-status', BackendStatus);
